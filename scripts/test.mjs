// `npm test [-- <bun test arguments>]`, `npm run test:<suite>`: makes the checkout ready, then runs a suite.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { main, ROOT, SetupError } from "./setup/checkout.mjs";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { ensureProgram } from "./setup/program.mjs";

/** Suites that take minutes: each has a script of its own in package.json. All other directories of `test/` are `fast`. */
const HEAVY = ["real-client", "faults", "races"];
/** Milliseconds for one test. Against hanging, not a measure: nothing is expected to come near it. */
const LIMIT = { fast: 60_000, heavy: 600_000 };

/** @param {string} suite */
function directories(suite) {
  if (HEAVY.includes(suite)) return [`./test/${suite}/`];
  const rooms = readdirSync(join(ROOT, "test"), { withFileTypes: true });
  return rooms.filter((room) => room.isDirectory() && !HEAVY.includes(room.name)).map((room) => `./test/${room.name}/`);
}

await main(async () => {
  const [suite = "fast", ...args] = process.argv.slice(2);
  const bun = ensureDependencies();
  ensureProgram(bun);

  const junit = join(ROOT, ".cache", "junit", `${suite}.xml`);
  mkdirSync(join(ROOT, ".cache", "junit"), { recursive: true });
  rmSync(junit, { force: true });
  const named = args.some((arg) => !arg.startsWith("-") && existsSync(join(ROOT, arg)));
  const limit = HEAVY.includes(suite) ? LIMIT.heavy : LIMIT.fast;
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
