import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The version every statement about the client was observed with. */
export const CLIENT_VERSION = "2.1.330";
export const PEER_VERSION = "7.79.1";

/** Where fetched packages stay between runs: git-ignored, never part of what is built. */
const CACHE = process.env["CCS_TEST_CACHE"] ?? join(import.meta.dir, "../../../.cache");

/**
 * The real client's native binary, fetched from npm the first time.
 * It is started directly, so install scripts do not matter.
 */
export function realClient(): string {
  const platform = `${process.platform}-${process.arch}`;
  const home = fetched("@anthropic-ai/claude-code", CLIENT_VERSION);
  const binary = join(home, "node_modules/@anthropic-ai", `claude-code-${platform}`, "claude");
  if (!existsSync(binary)) throw new Error(`npm installed no client for ${platform}: ${binary} is missing`);
  return binary;
}

/** The script that starts the package this project's layout is shared with. */
export function peerScript(): string {
  return join(fetched("@kaitranntt/ccs", PEER_VERSION), "node_modules/@kaitranntt/ccs/dist/ccs.js");
}

/** A directory with one package of one version installed in it. It appears whole or not at all, so an interrupted fetch is begun again. */
function fetched(name: string, version: string): string {
  const home = join(CACHE, `${name.replaceAll("/", "-").replace("@", "")}-${version}`);
  if (existsSync(home)) return home;
  const coming = `${home}.${process.pid}`;
  mkdirSync(coming, { recursive: true });
  writeFileSync(join(coming, "package.json"), JSON.stringify({ private: true }));
  const done = spawnSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", `${name}@${version}`], {
    cwd: coming,
    encoding: "utf8",
  });
  if (done.status !== 0) {
    rmSync(coming, { recursive: true });
    throw new Error(`npm could not fetch ${name}@${version}:\n${done.stderr ?? done.error}`);
  }
  if (existsSync(home)) rmSync(coming, { recursive: true });
  else renameSync(coming, home);
  return home;
}
