import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { BINARY, ROOT, SetupError, say } from "./checkout.mjs";
import { builtFrom, fingerprint } from "./inputs.mjs";

/**
 * Builds the program if it is missing or older than what it is made of.
 * @param {string} bun the pinned Bun
 */
export function ensureProgram(bun) {
  if (existsSync(BINARY) && builtFrom(BINARY) === fingerprint(ROOT)) return;
  say("building dist/ccs");
  const ran = spawnSync(bun, [join(ROOT, "scripts", "build.mjs")], { cwd: ROOT, stdio: ["ignore", 2, 2] });
  if (ran.status !== 0) throw new SetupError(`dist/ccs could not be built (exit ${ran.status ?? ran.signal}).`, "See Bun's message above.");
}
