import { describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { BINARY } from "../../scripts/setup/checkout.mjs";
import { filesOfProject, ROOT, textsOfProject } from "./checkout.ts";
import { foreignLocks, notesToSelf, pathsOfMachine, places, registryHosts, unexplained, unpinned } from "./texts.ts";

const texts = textsOfProject();
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<string, unknown>;

/** Where npm and apt get packages from on this machine. */
function hostsInUse(): string[] {
  const npm = spawnSync("npm", ["config", "get", "registry"], { cwd: tmpdir(), encoding: "utf8", shell: process.platform === "win32" });
  const apt = ["/etc/apt/sources.list", "/etc/apt/sources.list.d/debian.sources"]
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, "utf8"));
  const named = [npm.stdout ?? "", ...apt].flatMap((text) =>
    [...text.matchAll(/https?:\/\/([\w.-]+)/g)].map((match) => match[1] as string),
  );
  return [...new Set(named)].filter((host) => host !== "localhost" && !host.startsWith("127."));
}

describe("the project's files", () => {
  test("bun.lock is the only lock file", () => {
    expect(texts["bun.lock"]).toBeString();
    expect(foreignLocks(filesOfProject())).toEqual([]);
  });

  test("another package manager's lock file is seen", () => {
    expect(foreignLocks(["bun.lock", "package-lock.json", "extension/yarn.lock", "extension/bun.lock"])).toHaveLength(3);
  });

  test("bun.lock names no host", () => {
    expect(places({ "bun.lock": texts["bun.lock"] ?? "" }, /https?:\/\/\S+/g)).toEqual([]);
  });

  test("no file names a host that serves packages", () => {
    expect(registryHosts(texts, hostsInUse())).toEqual([]);
  });

  test("a host that serves packages is seen", () => {
    const planted = { "a.json": `"https://${"registry"}.example.org/yaml"`, "b.md": "get it from mirror.example.net" };
    expect(registryHosts(planted, ["mirror.example.net"])).toEqual([`a.json:1: ${"registry"}.example.org`, "b.md:1: mirror.example.net"]);
  });

  test("no file holds a path of the machine it was written on", () => {
    expect(pathsOfMachine(texts, [ROOT, homedir()])).toEqual([]);
  });

  test("a path of the machine is seen, and one that only looks like it is let through", () => {
    const planted = { "a.ts": 'join("/home/ann/.ccs"); "/home/ann"', "b.ts": '"/home/anna" "$/home/ann" "/srv/home/ann"' };
    expect(pathsOfMachine(planted, ["/home/ann"])).toHaveLength(2);
  });

  test("no file holds a note to oneself", () => {
    expect(notesToSelf(texts)).toEqual([]);
  });

  test("a note to oneself is seen", () => {
    expect(notesToSelf({ "a.ts": `x(); // TO${"DO"}: later\n// FIX${"ME"}`, "b.ts": '"todos" "TODOS"' })).toHaveLength(2);
  });

  test("a test that is left out says why", () => {
    expect(unexplained(texts)).toEqual([]);
  });

  test("a test that is left out without a word is seen", () => {
    const planted =
      "test.skip('a', f);\n// vfat has no links\ntest.skipIf(x)('b', f);\ntest.only('c', f); // only this\ntest('x.skip(', f);\napi.skip();\ndescribe.todo ('d');";
    expect(unexplained({ "a.test.ts": planted, "a.ts": planted })).toEqual([
      "a.test.ts:1: test.skip(' ', f);",
      "a.test.ts:7: describe.todo (' ');",
    ]);
  });

  test("every dependency is pinned to one version", () => {
    expect(unpinned(manifest)).toEqual([]);
    expect(Object.keys(manifest.devDependencies ?? {})).not.toBeEmpty();
  });

  test("a dependency that would move is seen", () => {
    expect(unpinned({ dependencies: { a: "^1.0.0", b: "1.0.0" }, devDependencies: { c: "latest" } })).toEqual(["a: ^1.0.0", "c: latest"]);
  });
});

describe("the compiled program", () => {
  test("holds no path of the machine it was built on", () => {
    // A missing program fails here, rather than passing for a clean one: `bun run build` makes it.
    const program = readFileSync(BINARY);
    expect(program.length).toBeGreaterThan(1_000_000);
    const found = [ROOT, `${homedir()}/.`].filter((path) => program.includes(path));
    expect(found).toEqual([]);
  });
});
