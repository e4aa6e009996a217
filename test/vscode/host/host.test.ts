import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runTests } from "@vscode/test-electron";
import { ROOT } from "../../../scripts/setup/checkout.mjs";
import { cache } from "../../../scripts/setup/editor.mjs";
import { BINARY } from "../../support/binary.ts";
import { makePerson } from "../../support/person.ts";
import type { Outcome } from "./tests.ts";

/**
 * Runs suite.ts in an extension host, and makes each test there one of this suite. They run in whatever `CCS_TEST_VSCODE`
 * names; without it, @vscode/test-electron downloads the desktop editor and runs them in that.
 */
const person = makePerson();
afterAll(() => person.close());

const built = await Bun.build({
  entrypoints: [join(import.meta.dir, "suite.ts")],
  target: "node",
  format: "cjs",
  external: ["vscode"],
  outdir: join(person.root, "suite"),
});
if (!built.success) throw new AggregateError(built.logs, "the tests for the extension host could not be built");

const report = join(person.root, "report.jsonl");
const folder = join(person.root, "work");
mkdirSync(folder);
const stood = process.env["CCS_TEST_VSCODE"];
const ended = await runTests({
  ...(stood ? { vscodeExecutablePath: stood } : {}),
  extensionDevelopmentPath: join(ROOT, "dist", "extension"),
  extensionTestsPath: join(person.root, "suite", "suite.js"),
  launchArgs: [folder],
  extensionTestsEnv: { ...person.env, CCS_TEST_REPORT: report, CCS_TEST_BINARY: BINARY, CCS_TEST_CACHE: cache() },
}).then(
  () => "all passed",
  (error: unknown) => String(error),
);
const outcomes = existsSync(report)
  ? readFileSync(report, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Outcome)
  : [];

for (const { name, error } of outcomes) {
  test(name, () => {
    if (error !== undefined) throw new Error(error);
  });
}

test("the extension host ran all of these tests, and to their end", () => {
  expect(outcomes.length).toBeGreaterThan(0);
  if (outcomes.every(({ error }) => error === undefined)) expect(ended).toBe("all passed");
});
