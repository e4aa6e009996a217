import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const HOUR = 3_600_000;

/**
 * A new directory for something that is renamed when it is whole. What an earlier one left behind when it was killed
 * goes; one that is younger than an hour may be at work beside us.
 * @param {string} parent
 * @param {string} prefix
 */
export function freshDirectory(parent, prefix) {
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue;
    const stat = statSync(join(parent, name), { throwIfNoEntry: false });
    if (stat && Date.now() - stat.mtimeMs > HOUR) rmSync(join(parent, name), { recursive: true, force: true });
  }
  return mkdtempSync(join(parent, prefix));
}
