import { join } from "node:path";
import { run } from "./tracer.ts";
import { giveAway, reachableProgram } from "./unprivileged.ts";

/** The program under test, as a person types it. */
export function ccs(...words: string[]): string[] {
  return [reachableProgram(), ...words];
}

/** What a program run on a tree gets to see: nothing of this machine's person. A client is there, and is never started. */
export function environment(root: string): Record<string, string> {
  return {
    CCS_DIR: root,
    HOME: join(root, "../../home"),
    CCS_CLAUDE_PATH: join(root, "../../client"),
    PATH: process.env["PATH"] ?? "",
    LANG: "C.UTF-8",
    NO_COLOR: "1",
  };
}

/** Runs a command that has to succeed. */
export async function must(root: string, ...words: string[]): Promise<void> {
  giveAway(join(root, ".."));
  const ran = await run(ccs(...words), environment(root));
  if (ran.code !== 0) throw new Error(`ccs ${words.join(" ")} exited with ${ran.code}: ${ran.stderr}${ran.stdout}`);
}

/** What a mended tree still has to say: findings that have no fix. */
export interface Mended {
  readonly code: number | null;
  /** Findings left, each as one line. */
  readonly left: readonly string[];
  /** Findings left that it says it could mend. */
  readonly unmended: readonly string[];
  /** Set where it did not answer with a report. */
  readonly broken: string | null;
}

interface Check {
  readonly name: string;
  readonly subject: string | null;
  readonly result: string;
  readonly message: string;
  readonly fix: { readonly describes: readonly string[] } | null;
}

/** One `doctor --fix`. */
export async function mend(root: string): Promise<Mended> {
  const ran = await run(ccs("doctor", "--fix", "--yes", "--json"), environment(root));
  try {
    const { checks } = JSON.parse(ran.stdout) as { checks: Check[] };
    const bad = checks.filter((check) => check.result === "error" || check.result === "warning");
    const said = (check: Check) => `${check.name} ${check.subject ?? ""}: ${check.message.replaceAll(root, "<CCS>")}`;
    const errors = bad.filter((check) => check.result === "error");
    const broken = ran.code === (errors.length > 0 ? 1 : 0) ? null : `exit ${ran.code} with ${errors.length} errors`;
    return {
      code: ran.code,
      left: bad.map(said).sort(),
      unmended: bad.filter((check) => (check.fix?.describes.length ?? 0) > 0).map(said),
      broken,
    };
  } catch {
    return { code: ran.code, left: [], unmended: [], broken: `exit ${ran.code} ${ran.signal ?? ""}: ${ran.stdout}${ran.stderr}` };
  }
}
