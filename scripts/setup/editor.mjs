import { createHash } from "node:crypto";
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { SetupError, say } from "./checkout.mjs";
import { freshDirectory } from "./leftovers.mjs";
import { npm } from "./npm.mjs";

/**
 * The editors the extension is tested in: VS Code's own workbench and extension host, as code-server packages them.
 * `build` names the native modules that come without a binary, by the directory they lie in; `drop` is never used here,
 * and half of the size.
 */
const EDITORS = {
  newest: {
    server: "4.139.1",
    node: "24.21.0",
    build: { "lib/vscode": ["@vscode/spdlog", "@vscode/native-watchdog"] },
    drop: ["extensions/copilot", "extensions/mermaid-markdown-features", "node_modules/@github", "node_modules/@microsoft/mxc-sdk"],
  },
  oldest: {
    server: "4.100.3",
    node: "20.20.2",
    build: { ".": ["argon2"], "lib/vscode": ["@vscode/spdlog", "native-watchdog"] },
    drop: [],
  },
};

/** @typedef {keyof typeof EDITORS} Editor `oldest` is the oldest one that the extension says it runs in */

/**
 * An editor that is set up, and the Node to start it with.
 * @typedef {{ readonly node: string, readonly entry: string }} InstalledEditor
 */

const FETCH = ["install", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"];

/** Outside of the checkout: hundreds of megabytes, the same for every checkout. May be removed at any time. */
export function cache() {
  return process.env.CCS_TEST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "ccs-test");
}

/**
 * Sets up an editor where that was not done yet: about half a minute, a network, and the Debian packages `.ci/run` lists.
 * It appears whole or not at all; two that set it up at once do not disturb each other.
 * @param {Editor} name
 * @returns {InstalledEditor}
 */
export function ensureEditor(name) {
  const recipe = EDITORS[name];
  const made = createHash("sha256").update(JSON.stringify(recipe)).digest("hex").slice(0, 8);
  const home = join(cache(), `code-server-${recipe.server}-${made}`);
  if (!existsSync(home)) {
    say(`setting up the ${name} editor for the tests (code-server ${recipe.server}, once)`);
    const fresh = freshDirectory(cache(), "setting-up-");
    try {
      install(recipe, fresh);
      putInPlace(fresh, home);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  return { node: join(nodeIn(home), "bin", "node"), entry: join(serverIn(home), "out", "node", "entry.js") };
}

/**
 * @param {typeof EDITORS[Editor]} recipe
 * @param {string} home
 */
function install(recipe, home) {
  if (process.platform !== "linux") throw new SetupError("The tests in the editor run on Linux only.", "Run the other suites here.");
  writeFileSync(join(home, "package.json"), '{ "private": true }\n');
  const node = `node-linux-${process.arch}@${recipe.node}`;
  const packages = [`code-server@${recipe.server}`, node];
  npm([...FETCH, ...packages], { cwd: home, what: `fetch ${packages.join(" and ")}` });
  // The native modules are for the Node that comes along; with its headers beside it, building them needs no network.
  const path = [join(nodeIn(home), "bin"), process.env.PATH].join(delimiter);
  const env = { ...process.env, PATH: path, npm_config_nodedir: nodeIn(home) };
  const vscode = join(serverIn(home), "lib", "vscode");
  for (const cwd of [vscode, join(vscode, "extensions")]) npm(FETCH, { cwd, env, what: "fetch the editor's dependencies" });
  for (const [where, modules] of Object.entries(recipe.build)) {
    const cwd = where === "." ? home : join(serverIn(home), where);
    npm(["rebuild", "--loglevel=error", ...modules], { cwd, env, what: `build ${modules.join(" and ")} (g++, make and python3 do that)` });
  }
  for (const unused of recipe.drop) rmSync(join(vscode, unused), { recursive: true });
}

/**
 * @param {string} fresh
 * @param {string} home
 */
function putInPlace(fresh, home) {
  try {
    renameSync(fresh, home);
  } catch (error) {
    // Another one that set it up at the same time was done first.
    if (!existsSync(home)) throw error;
  }
}

/** @param {string} home */
const nodeIn = (home) => join(home, "node_modules", `node-linux-${process.arch}`);
/** @param {string} home */
const serverIn = (home) => join(home, "node_modules", "code-server");
