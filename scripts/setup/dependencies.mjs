import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dropFetchedBun, fetchBun, findBun } from "./bun.mjs";
import { ROOT, SetupError, say } from "./checkout.mjs";

const MODULES = join(ROOT, "node_modules");
/** Inside `node_modules`, so that removing that removes this too. Holds `installing` or what was installed. */
const STAMP = join(MODULES, ".installed-for");
const SUPPORTED = "Check that the system is a supported one (glibc or musl, x64 or arm64).";
const AGAIN = "Remove node_modules and run this again.";

/** Installs what `bun.lock` pins, if that was not done already, and returns the pinned Bun. */
export function ensureDependencies() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(ROOT, "bun.lock")))
    .update(readFileSync(join(ROOT, "package.json")))
    .digest("hex");
  const stamp = read(STAMP);
  if (stamp === wanted && !npmCameAfter()) {
    const bun = findBun();
    if (bun) return bun;
  }
  const here = findBun();
  if (!here) fetchBun();
  const bun = here ?? findBun();
  if (!bun) throw new SetupError("The Bun that was fetched does not run on this machine.", SUPPORTED);
  say("installing the dependencies");
  // Where an installation was interrupted or damaged, a package may lack files that Bun would not look for.
  const doubtful = existsSync(MODULES) && (stamp === undefined || stamp === "installing" || !here);
  mkdirSync(MODULES, { recursive: true });
  writeFileSync(STAMP, "installing");
  const ran = spawnSync(bun, ["install", "--frozen-lockfile", ...(doubtful ? ["--force"] : [])], { cwd: ROOT, stdio: ["ignore", 2, 2] });
  if (ran.status !== 0) {
    throw new SetupError(
      `The dependencies could not be installed (exit ${ran.status ?? ran.signal}).`,
      "See Bun's message above; a network is needed this once.",
    );
  }
  writeFileSync(STAMP, wanted);
  dropFetchedBun();
  const installed = findBun();
  if (!installed) throw new SetupError("The dependencies were installed without a Bun that runs.", AGAIN);
  return installed;
}

/** npm leaves this file behind; one newer than our stamp means it changed what we installed. */
function npmCameAfter() {
  const npm = statSync(join(MODULES, ".package-lock.json"), { throwIfNoEntry: false });
  return npm !== undefined && npm.mtimeMs > statSync(STAMP).mtimeMs;
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
