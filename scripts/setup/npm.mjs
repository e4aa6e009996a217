import { spawnSync } from "node:child_process";
import { SetupError } from "./checkout.mjs";

/**
 * Runs npm, with all it says on stderr.
 * @param {readonly string[]} args
 * @param {{ cwd: string, what: string, env?: NodeJS.ProcessEnv }} options `what` it is to do, as the end of "npm could not ..."
 */
export function npm(args, { cwd, what, env = process.env }) {
  // The npm that runs us, if one does: the one on PATH may be another, and on Windows is a shell script.
  const own = process.env.npm_execpath;
  /** @type {import("node:child_process").SpawnSyncOptions} */
  const options = { cwd, env, stdio: ["ignore", 2, 2] };
  const ran =
    own && /npm-cli\.c?js$/.test(own)
      ? spawnSync(process.execPath, [own, ...args], options)
      : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
  if (ran.error) throw new SetupError(`npm could not be started: ${ran.error.message}`, "Install Node with npm, and run this again.");
  if (ran.status !== 0)
    throw new SetupError(
      `npm could not ${what} (exit ${ran.status ?? ran.signal}).`,
      "See npm's message above; a network is needed this once.",
    );
}
