import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pinnedBun, ROOT, SetupError, say } from "./checkout.mjs";
import { freshDirectory } from "./leftovers.mjs";
import { npm } from "./npm.mjs";

const EXE = process.platform === "win32" ? "bun.exe" : "bun";

/**
 * The npm package that carries Bun's binary for a platform. The `bun` package itself holds none: its install
 * script moves one in, and npm 11 does not run install scripts unasked.
 * @param {NodeJS.Platform} platform
 * @param {string} arch
 * @param {boolean} musl whether the C library is musl (Alpine)
 */
export function bunPackage(platform, arch, musl) {
  const os = platform === "win32" ? "windows" : platform;
  const cpu = arch === "arm64" ? "aarch64" : arch;
  return `@oven/bun-${os}-${cpu}${platform === "linux" && musl ? "-musl" : ""}`;
}

/** glibc tells its version to Node's report; musl has none to tell. */
function isMusl() {
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (process.report?.getReport() ?? {});
  return process.platform === "linux" && !report.header?.glibcVersionRuntime;
}

/** @param {string} file */
function runs(file) {
  if (!existsSync(file)) return false;
  const asked = spawnSync(file, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return asked.status === 0 && asked.stdout.trim() === pinnedBun();
}

/**
 * The pinned Bun, where an installation left it: the platform package carries it until the `bun` package's
 * install script, if it runs, moves it over. Half an installation, or one of another version, does not count.
 * @returns {string | undefined}
 */
export function findBun() {
  const name = bunPackage(process.platform, process.arch, isMusl());
  return [
    join(ROOT, "node_modules", "bun", "bin", "bun.exe"),
    join(ROOT, "node_modules", ...name.split("/"), "bin", EXE),
    join(fetchedTo(), "node_modules", ...name.split("/"), "bin", EXE),
  ].find(runs);
}

function fetchedTo() {
  return join(ROOT, ".cache", `bun-${pinnedBun()}`);
}

/** Puts the pinned Bun under `.cache/`, with npm alone and without any install script. */
export function fetchBun() {
  const name = bunPackage(process.platform, process.arch, isMusl());
  const expected = lockedIntegrity(name);
  say(`fetching Bun ${pinnedBun()} (once)`);
  const fresh = freshDirectory(join(ROOT, ".cache"), "fetching-");
  try {
    const quiet = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    npm(["install", "--prefix", fresh, ...quiet, `${name}@${pinnedBun()}`], { cwd: ROOT, what: "fetch Bun" });
    const installed = JSON.parse(readFileSync(join(fresh, "node_modules", ".package-lock.json"), "utf8"));
    const found = installed.packages[`node_modules/${name}`]?.integrity;
    if (found !== expected) {
      throw new SetupError(
        `${name}@${pinnedBun()} is not the one bun.lock pins (${found}); it was not run.`,
        "Look at which registry npm is set to use.",
      );
    }
    rmSync(fetchedTo(), { recursive: true, force: true });
    renameSync(fresh, fetchedTo());
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** What is under `.cache/` is only a first step: once the dependencies are in, they bring Bun along. */
export function dropFetchedBun() {
  rmSync(fetchedTo(), { recursive: true, force: true });
}

/** @param {string} name */
function lockedIntegrity(name) {
  const lock = readFileSync(join(ROOT, "bun.lock"), "utf8");
  const line = lock.split("\n").find((l) => l.includes(`["${name}@${pinnedBun()}",`));
  const integrity = line?.match(/"(sha512-[^"]+)"/)?.[1];
  if (!integrity)
    throw new SetupError(
      `bun.lock has no ${name}@${pinnedBun()}: Bun is not published for this platform.`,
      "Use Linux, macOS or Windows on x64 or arm64.",
    );
  return integrity;
}
