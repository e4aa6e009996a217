import { spawnSync } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseObject, textOf } from "./json.ts";

const VERSION = /^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/;

/** How long a client may take to say its version. */
const PATIENCE_MS = 10_000;

function packageVersion(file: string): string | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return null; // No package.json there: the next directory may have one.
  }
  const manifest = parseObject(text);
  if (!textOf(manifest?.name)?.startsWith("@anthropic-ai/claude-code")) return null;
  return textOf(manifest?.version);
}

/**
 * The client's version, from files: the client is not started. The native installer names the executable after its
 * version; npm puts a package.json beside or above it.
 * @param client the path `findClient` gave
 * @returns the version, or `null` where the files do not tell
 */
export function clientVersion(client: string): string | null {
  let real: string;
  try {
    real = realpathSync(client);
  } catch {
    return null;
  }
  if (VERSION.test(basename(real))) return basename(real);
  let directory = dirname(real);
  for (let up = 0; up < 3; up++) {
    const version = packageVersion(join(directory, "package.json"));
    if (version !== null) return version;
    directory = dirname(directory);
  }
  return null;
}

/** Whether a version is older than another, by its three numbers. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [numbersOf(version), numbersOf(than)];
  const at = a.findIndex((n, i) => n !== b[i]);
  return at !== -1 && (a[at] ?? 0) < (b[at] ?? 0);
}

function numbersOf(version: string): number[] {
  return version.split(/[.+-]/, 3).map(Number);
}

/**
 * Asks the client itself; takes as long as the client takes to start.
 * @returns the version, or `null` where the client does not start, does not answer in ten seconds, or says something else
 */
export function askClientVersion(client: string): string | null {
  const env = { ...process.env };
  delete env.BUN_OPTIONS; // The client is a Bun binary: with `BUN_OPTIONS=--version` Bun answers in its place.
  const answer = spawnSync(client, ["--version"], {
    encoding: "utf8",
    env,
    timeout: PATIENCE_MS,
    killSignal: "SIGKILL",
    stdio: ["ignore", "pipe", "ignore"],
    shell: process.platform === "win32" && /\.(cmd|bat)$/i.test(client),
  });
  const first = answer.status === 0 ? (answer.stdout.trim().split(/\s/)[0] ?? "") : "";
  return VERSION.test(first) ? first : null;
}
