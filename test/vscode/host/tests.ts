import { appendFileSync } from "node:fs";

/** What became of one test, as a line of the report. */
export interface Outcome {
  readonly name: string;
  /** Why it failed. */
  readonly error?: string;
}

const tests: { readonly name: string; readonly body: () => void | Promise<void> }[] = [];

/** Adds a test. They run one after the other, in the order in which they were added. */
export function test(name: string, body: () => void | Promise<void>): void {
  tests.push({ name, body });
}

/** Runs all tests, with a line for each in the file `CCS_TEST_REPORT` names. @throws where one failed */
export async function runAll(): Promise<void> {
  const report = process.env["CCS_TEST_REPORT"];
  if (report === undefined) throw new Error("CCS_TEST_REPORT names no file");
  let failed = 0;
  for (const { name, body } of tests) {
    const outcome = await run(name, body);
    if (outcome.error !== undefined) failed += 1;
    appendFileSync(report, `${JSON.stringify(outcome)}\n`);
  }
  if (failed > 0) throw new Error(`${failed} of ${tests.length} tests failed`);
}

/** How long one may take, in milliseconds: against hanging, not a measure. */
const LIMIT = 60_000;

async function run(name: string, body: () => void | Promise<void>): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it had not ended after ${LIMIT / 1000} s`)), LIMIT);
  });
  try {
    await Promise.race([body(), late]);
    return { name };
  } catch (error) {
    return { name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
