import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Everything that goes into the compiled program. */
const INPUTS = ["bun.lock", "cli", "docs/ccs.1", "package.json", "scripts/build.mjs", "shared", "tsconfig.json"];

/**
 * One line that changes whenever a file that goes into the program is changed, added, removed or renamed. Sizes
 * and times tell, not contents: it is asked at every start.
 * @param {string} root the checkout
 */
export function fingerprint(root) {
  const hash = createHash("sha256");
  for (const input of INPUTS) add(hash, root, input);
  return hash.digest("hex");
}

/**
 * @param {import("node:crypto").Hash} hash
 * @param {string} root
 * @param {string} path
 */
function add(hash, root, path) {
  const stat = lstatSync(join(root, path), { throwIfNoEntry: false });
  if (!stat) return;
  if (stat.isDirectory()) {
    for (const name of readdirSync(join(root, path)).sort()) add(hash, root, `${path}/${name}`);
  } else {
    hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
  }
}

/**
 * The fingerprint a built program was made from, or undefined where it does not say.
 * @param {string} binary
 */
export function builtFrom(binary) {
  try {
    return readFileSync(`${binary}.inputs`, "utf8").trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
