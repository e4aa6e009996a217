import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BINARY } from "../../support/binary.ts";

/**
 * Root may do everything, and would hide what permission bits do to everybody else: where these tests run as root, the
 * program under test runs as nobody.
 */
const NOBODY = 65534;
const AS_ROOT = process.getuid?.() === 0;

/** A command, as whoever the program runs as. */
export function unprivileged(command: readonly string[]): string[] {
  return AS_ROOT ? ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--", ...command] : [...command];
}

/** Gives a tree to whoever the program runs as. Changes neither modes nor times. */
export function giveAway(path: string): void {
  if (!AS_ROOT) return;
  const given = spawnSync("chown", ["-R", "-h", `${NOBODY}:${NOBODY}`, path]);
  if (given.status !== 0) throw new Error(`chown: ${given.stderr}`);
}

let copied: string | null = null;

/** The program, where whoever it runs as can reach it. */
export function reachableProgram(): string {
  if (!AS_ROOT) return BINARY;
  if (copied === null) {
    const directory = mkdtempSync(join(tmpdir(), "ccs-faults-program-"));
    process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
    chmodSync(directory, 0o755);
    copied = join(directory, "ccs");
    copyFileSync(BINARY, copied);
    chmodSync(copied, 0o755);
  }
  return copied;
}
