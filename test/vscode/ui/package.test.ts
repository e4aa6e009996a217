import { expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../scripts/setup/checkout.mjs";
import { VSIX } from "../../../scripts/setup/extension.mjs";
import { makePerson } from "../../support/person.ts";

/** The same files as in the package, as they were packed. */
const PACKED = join(ROOT, "dist", "extension");
const files = readdirSync(PACKED, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));
const manifest = JSON.parse(readFileSync(join(PACKED, "package.json"), "utf8"));

test("the package is smaller than 500 kB", () => {
  expect(statSync(VSIX).size).toBeLessThan(500_000);
});

test("no file of it names a directory of the machine it was built on, or asks for Bun", () => {
  for (const file of files.filter((name) => /\.(?:js|json|css|md|svg)$/.test(name))) {
    const text = readFileSync(file, "utf8");
    for (const wrong of [ROOT, "Bun.", "import.meta", "bun:"]) expect(text.includes(wrong) ? `${file}: ${wrong}` : "").toBe("");
  }
});

test("what it names is in it: its icon, its program, and in its README the pictures themselves", () => {
  const pictures = [...readFileSync(join(PACKED, "README.md"), "utf8").matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, path]) => path ?? "");
  expect(pictures.length).toBeGreaterThan(0);
  expect(pictures.filter((picture) => !picture.startsWith("data:image/png;base64,"))).toEqual([]);
  for (const named of [manifest.icon, manifest.main, "CHANGELOG.md", "LICENSE", "engine.js", "page/doctor.js"])
    expect(files).toContain(join(PACKED, named));
});

test("it says that it runs in VS Code 1.100 and newer, where the files are, in folders that nobody trusts as well", () => {
  expect(manifest.engines.vscode).toBe("^1.100.0");
  expect(manifest.extensionKind).toEqual(["workspace"]);
  expect(manifest.capabilities.untrustedWorkspaces.supported).toBe(true);
});

test("every command stands under CCS in the palette, and every menu names one there is", () => {
  const commands = manifest.contributes.commands as { command: string; category: string; title: string }[];
  expect(commands.filter(({ category }) => category !== "CCS")).toEqual([]);
  const menus = Object.values(manifest.contributes.menus as Record<string, { command: string }[]>).flat();
  const known = commands.map(({ command }) => command);
  expect(menus.filter(({ command }) => !known.includes(command))).toEqual([]);
});

test("its engine answers in Node, without Bun", async () => {
  const person = makePerson();
  await person.must("auth", "create", "work", "--no-login");
  const script = `
    const { Worker } = require("node:worker_threads");
    const worker = new Worker(${JSON.stringify(join(PACKED, "engine.js"))});
    worker.on("message", (said) => { console.log(JSON.stringify(said)); worker.terminate(); });
    worker.postMessage({ id: 1, call: "snapshot", args: [] });`;
  const ran = Bun.spawn(["node", "-e", script], { env: person.env, stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([ran.stdout.text(), ran.stderr.text()]);
  expect(stderr).toBe("");
  expect(JSON.parse(stdout).answer.rows.map((row: { report: { name: string } }) => row.report.name)).toEqual(["work"]);
  await person.close();
});
