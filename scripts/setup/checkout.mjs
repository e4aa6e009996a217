import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout this file belongs to. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The compiled program. */
export const BINARY = join(ROOT, "dist", process.platform === "win32" ? "ccs.exe" : "ccs");

/** `package.json`, read at every call because a pull may have changed it. */
export function manifest() {
  return JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
}

/**
 * The one version of Bun this checkout builds and tests with.
 * @returns {string}
 */
export function pinnedBun() {
  return manifest().devDependencies.bun;
}

/**
 * Progress, on stderr: stdout belongs to the program that is started.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`ccs: ${line}\n`);
}

/** A set-up that cannot go on. `hint` is the step that mends it. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {string} hint
   */
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

/**
 * Runs a set-up, and turns what stops it into two lines on stderr and exit code 1.
 * @param {() => Promise<void>} steps
 */
export async function main(steps) {
  try {
    await steps();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    say(error.hint);
    process.exitCode = 1;
  }
}
