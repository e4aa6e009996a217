import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Everything that goes into the compiled program. */
const PROGRAM = ["bun.lock", "cli", "docs/ccs.1", "package.json", "scripts/build.mjs", "shared", "tsconfig.json"];

/** Everything that goes into the packaged extension. */
export const EXTENSION = [
  "LICENSE",
  "bun.lock",
  "docs/config.schema.json",
  "extension",
  "package.json",
  "scripts",
  "shared",
  "tsconfig.json",
];

/**
 * One line that changes whenever a file that goes into the program is changed, added, removed or renamed. Sizes
 * and times tell, not contents: it is asked at every start.
 * @param {string} root the checkout
 * @param {readonly string[]} inputs what goes into what is made, where that is not the program
 */
export function fingerprint(root, inputs = PROGRAM) {
  const hash = createHash("sha256");
  for (const input of inputs) add(hash, root, input);
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
 * The fingerprint something that was built was made from, or undefined where it does not say.
 * @param {string} built
 */
export function builtFrom(built) {
  try {
    return readFileSync(`${built}.inputs`, "utf8").trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
