/**
 * Writes dist/ccs.vsix, and dist/extension with the same files, as an editor runs them: `bun run package:extension`.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { main, manifest, ROOT, SetupError, say } from "./setup/checkout.mjs";
import { freshDirectory } from "./setup/leftovers.mjs";

const SOURCES = join(ROOT, "extension");
const DIST = join(ROOT, "dist");
/** Bytes the package may have. */
const LIMIT = 500_000;
const SHIPPED = ["package.json", "README.md", "CHANGELOG.md", "media"];

await main(async () => {
  mkdirSync(DIST, { recursive: true });
  const fresh = freshDirectory(DIST, "packaging-");
  try {
    await bundle(fresh);
    await bundlePage(join(fresh, "page"));
    for (const name of SHIPPED) cpSync(join(SOURCES, name), join(fresh, name), { recursive: true });
    putPicturesInto(join(fresh, "README.md"), fresh);
    cpSync(join(ROOT, "LICENSE"), join(fresh, "LICENSE"));
    writeVersion(join(fresh, "package.json"));
    writeFileSync(join(fresh, ".vscodeignore"), "**/*.map\n");
    check(fresh);
    const vsix = join(fresh, "ccs.vsix");
    const vsce = join(ROOT, "node_modules", "@vscode", "vsce", "vsce");
    // The project's LICENSE and README are shipped as they are: nothing is rewritten towards a repository.
    const flags = ["package", "--no-dependencies", "--no-rewrite-relative-links", "--allow-missing-repository", "--out", vsix];
    const ran = spawnSync("node", [vsce, ...flags], { cwd: fresh, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    if (ran.status !== 0) throw new SetupError(`The extension could not be packaged: ${ran.stderr}`, "Mend what vsce complains of.");
    const { size } = statSync(vsix);
    if (size > LIMIT) throw new SetupError(`The extension has ${size} bytes, and may have ${LIMIT}.`, "Look at what is bundled.");
    renameSync(vsix, join(DIST, "ccs.vsix"));
    rmSync(join(DIST, "extension"), { recursive: true, force: true });
    renameSync(fresh, join(DIST, "extension"));
    say(`dist/ccs.vsix: ${Math.round(size / 1000)} kB`);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
});

async function bundle(outdir: string): Promise<void> {
  const built = await Bun.build({
    entrypoints: [join(SOURCES, "extension.ts"), join(SOURCES, "engine", "worker.ts")],
    outdir,
    naming: "[name].js",
    target: "node",
    format: "cjs",
    minify: true,
    sourcemap: "none",
    external: ["vscode"],
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [
      {
        name: "jsonc-parser as a module",
        setup(build) {
          // Its other form asks for its parts by computed names, which no bundle can follow.
          build.onResolve({ filter: /^jsonc-parser$/ }, () => ({
            path: join(ROOT, "node_modules", "jsonc-parser", "lib", "esm", "main.js"),
          }));
        },
      },
    ],
  });
  if (!built.success) throw new SetupError(`The extension could not be bundled: ${built.logs.join("\n")}`, "Mend what is said above.");
  renameSync(join(outdir, "worker.js"), join(outdir, "engine.js"));
}

/** What runs in the doctor's panel. */
async function bundlePage(outdir: string): Promise<void> {
  const entry = join(SOURCES, "doctor", "page", "main.ts");
  const built = await Bun.build({ entrypoints: [entry], outdir, naming: "doctor.js", target: "browser", format: "iife", minify: true });
  if (!built.success) throw new SetupError(`The doctor's page could not be bundled: ${built.logs.join("\n")}`, "Mend what is said above.");
}

/**
 * Pictures that lie beside a README are shown by no gallery that does not know where else they lie. VS Code itself takes
 * those within it out as well: what a picture shows is therefore its title, so that nothing is left in its place.
 */
function putPicturesInto(readme: string, directory: string): void {
  const text = readFileSync(readme, "utf8").replace(/!\[([^\]]*)\]\((media\/[^)]+\.png)\)/g, (_, shows: string, path: string) => {
    return `![](data:image/png;base64,${readFileSync(join(directory, path)).toString("base64")} "${shows}")`;
  });
  writeFileSync(readme, text);
  rmSync(join(directory, "media", "gallery"), { recursive: true });
}

/** The one version of this project. */
function writeVersion(file: string): void {
  const own = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const { private: _, ...shipped } = own;
  writeFileSync(file, `${JSON.stringify({ ...shipped, version: manifest().version }, null, 2)}\n`);
}

/** What would only run on the machine it was built on. */
function check(directory: string): void {
  for (const name of ["extension.js", "engine.js"]) {
    const text = readFileSync(join(directory, name), "utf8");
    for (const wrong of [ROOT, "Bun.", "import.meta"])
      if (text.includes(wrong)) throw new SetupError(`${name} holds ${JSON.stringify(wrong)}.`, "It would not run in an editor elsewhere.");
  }
}
