// Makes dist/ccs. Run with the pinned Bun: `bun run build`.
import { spawnSync } from "node:child_process";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { findBun } from "./setup/bun.mjs";
import { BINARY, main, manifest, pinnedBun, ROOT, SetupError } from "./setup/checkout.mjs";
import { fingerprint } from "./setup/inputs.mjs";
import { freshDirectory } from "./setup/leftovers.mjs";

const INSTALL = "Run `bun install --frozen-lockfile` with that Bun, or `npm run setup`, which needs none.";
const KEPT = "The last dist/ccs, if there was one, is as it was.";

await main(async () => {
  // The binary carries the Bun that builds it, whichever one was called to run this script.
  const bun = findBun();
  if (!bun) throw new SetupError(`Bun ${pinnedBun()} is not installed here.`, INSTALL);
  const inputs = fingerprint(ROOT);
  // Built beside and renamed: a `ccs` that runs, and one started meanwhile, keep a whole program.
  const fresh = freshDirectory(dirname(BINARY), "building-");
  try {
    const outfile = join(fresh, basename(BINARY));
    const flags = ["--compile", "--minify", "--bytecode", "--format=esm", "--splitting", "--sourcemap"];
    // Without these two, the program would load `.env` and execute `bunfig.toml` of the directory it is started in.
    const closed = ["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"];
    const version = `CCS_VERSION=${JSON.stringify(manifest().version)}`;
    // NODE_ENV is written into the program as it is found here, and BUN_OPTIONS would add flags.
    const env = { ...process.env, NODE_ENV: "production", BUN_OPTIONS: "" };
    const ran = spawnSync(
      bun,
      ["build", "cli/main.ts", "cli/dashboard/engine.ts", ...flags, ...closed, "--define", version, "--outfile", outfile],
      {
        cwd: ROOT,
        env,
        stdio: ["ignore", 2, 2],
      },
    );
    if (ran.status !== 0) throw new SetupError(`The build failed (exit ${ran.status ?? ran.signal}).`, KEPT);
    rmSync(`${BINARY}.inputs`, { force: true });
    renameSync(outfile, BINARY);
    writeFileSync(`${BINARY}.inputs`, `${inputs}\n`);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
});
