// `npm test [-- <bun test arguments>]`, `npm run test:<suite>`: makes the checkout ready, then runs a suite.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { main, ROOT, SetupError } from "./setup/checkout.mjs";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { ensureEditor } from "./setup/editor.mjs";
import { ensureExtension } from "./setup/extension.mjs";
import { ensureProgram } from "./setup/program.mjs";

/**
 * Suites that take minutes, by the directories of `test/` they run: each has a script of its own in package.json. All
 * other directories are `fast`.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const HEAVY = { "real-client": ["real-client"], faults: ["faults"], races: ["races"], vscode: ["vscode/host", "vscode/ui"] };
/** Milliseconds for one test. Against hanging, not a measure: nothing is expected to come near it. */
const LIMIT = { fast: 60_000, heavy: 600_000 };

/** @param {string} suite */
function directories(suite) {
  return (HEAVY[suite] ?? fast("")).map((room) => `./test/${room}/`);
}

/**
 * The directories below `under` that no heavy suite runs; in place of one it runs a part of, the other parts.
 * @param {string} under ends with a slash, or is empty
 * @returns {string[]}
 */
function fast(under) {
  const heavy = Object.values(HEAVY).flat();
  const rooms = readdirSync(join(ROOT, "test", under), { withFileTypes: true }).filter((room) => room.isDirectory());
  return rooms
    .map((room) => `${under}${room.name}`)
    .filter((room) => !heavy.includes(room))
    .flatMap((room) => (heavy.some((other) => other.startsWith(`${room}/`)) ? fast(`${room}/`) : [room]));
}

await main(async () => {
  const [suite = "fast", ...args] = process.argv.slice(2);
  const bun = ensureDependencies();
  ensureProgram(bun);
  if (suite === "vscode") {
    ensureEditor("newest");
    ensureEditor("oldest");
    ensureExtension(bun);
    // Set to nothing, @vscode/test-electron downloads the desktop editor.
    process.env.CCS_TEST_VSCODE ??= join(ROOT, "test", "vscode", "support", "code.mjs");
  }

  const junit = join(ROOT, ".cache", "junit", `${suite}.xml`);
  mkdirSync(join(ROOT, ".cache", "junit"), { recursive: true });
  rmSync(junit, { force: true });
  const named = args.some((arg) => !arg.startsWith("-") && existsSync(join(ROOT, arg)));
  const limit = suite in HEAVY ? LIMIT.heavy : LIMIT.fast;
  const flags = [`--timeout=${limit}`, "--reporter=junit", `--reporter-outfile=${junit}`];
  const ran = spawnSync(bun, ["test", ...flags, ...(named ? [] : directories(suite)), ...args], { cwd: ROOT, stdio: "inherit" });

  // Code under test that calls process.exit ends the run with 0 and no report: that is no success.
  const report = existsSync(junit) ? readFileSync(junit, "utf8") : "";
  const executed =
    Number(report.match(/<testsuites [^>]*\btests="(\d+)"/)?.[1] ?? 0) -
    Number(report.match(/<testsuites [^>]*\bskipped="(\d+)"/)?.[1] ?? 0);
  if (ran.status === 0 && executed > 0) return;
  if (ran.status === 0)
    throw new SetupError(`The tests of ${suite} ended without having run any to its end.`, "See what they printed last.");
  process.exitCode = ran.status ?? 1;
});
