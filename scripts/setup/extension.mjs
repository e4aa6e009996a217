import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, SetupError, say } from "./checkout.mjs";
import { builtFrom, EXTENSION, fingerprint } from "./inputs.mjs";

/** The packaged extension. */
export const VSIX = join(ROOT, "dist", "ccs.vsix");

/**
 * Packages the extension if that is missing or older than what it is made of.
 * @param {string} bun the pinned Bun
 */
export function ensureExtension(bun) {
  const inputs = fingerprint(ROOT, EXTENSION);
  if (existsSync(VSIX) && builtFrom(VSIX) === inputs) return;
  say("packaging dist/ccs.vsix");
  const ran = spawnSync(bun, ["run", "--silent", "package:extension"], { cwd: ROOT, stdio: ["ignore", 2, 2] });
  if (ran.status !== 0)
    throw new SetupError(`dist/ccs.vsix could not be made (exit ${ran.status ?? ran.signal}).`, "See the message above.");
  writeFileSync(`${VSIX}.inputs`, `${inputs}\n`);
}
