import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { bunPackage } from "../../scripts/setup/bun.mjs";
import { ROOT } from "../../scripts/setup/checkout.mjs";
import { withoutNpm } from "../../scripts/setup/environment.mjs";
import { builtFrom, fingerprint } from "../../scripts/setup/inputs.mjs";

let at = "";
beforeEach(() => {
  at = mkdtempSync(join(tmpdir(), "ccs-setup-"));
});
afterEach(() => {
  rmSync(at, { recursive: true });
});

describe("Bun's package", () => {
  test("is named after the platform, the processor and the C library, and bun.lock pins each", async () => {
    const names = [
      bunPackage("linux", "x64", false),
      bunPackage("linux", "arm64", true),
      bunPackage("darwin", "arm64", true),
      bunPackage("win32", "x64", false),
    ];
    expect(names).toEqual(["@oven/bun-linux-x64", "@oven/bun-linux-aarch64-musl", "@oven/bun-darwin-aarch64", "@oven/bun-windows-x64"]);
    const lock = await Bun.file(join(ROOT, "bun.lock")).text();
    expect(names.filter((name) => !lock.includes(`"${name}": ["${name}@${Bun.version}"`))).toEqual([]);
  });
});

describe("the program is built anew", () => {
  const write = (path: string, text: string) => {
    mkdirSync(join(at, path, ".."), { recursive: true });
    writeFileSync(join(at, path), text);
  };
  beforeEach(() => {
    write("package.json", "{}");
    write("cli/main.ts", "1");
    write("shared/deep/a.ts", "1");
  });

  const changes: [string, () => void][] = [
    ["a file of the program changes", () => write("shared/deep/a.ts", "12")],
    ["a file is put back as it was at another time", () => utimesSync(join(at, "cli/main.ts"), 1, 1)],
    ["a file comes", () => write("shared/deep/b.ts", "1")],
    ["a file goes", () => rmSync(join(at, "shared/deep/a.ts"))],
    ["a file is renamed", () => renameSync(join(at, "cli/main.ts"), join(at, "cli/main2.ts"))],
    ["a dependency changes", () => write("bun.lock", "{}")],
  ];
  for (const [when, change] of changes) {
    test(`when ${when}`, () => {
      const before = fingerprint(at);
      change();
      expect(fingerprint(at)).not.toBe(before);
    });
  }

  test("but not when nothing that goes into it changed", () => {
    const before = fingerprint(at);
    write("README.md", "new");
    write("test/a.test.ts", "new");
    expect(fingerprint(at)).toBe(before);
  });

  test("when it does not say what it was made from", () => {
    expect(builtFrom(join(at, "ccs"))).toBeUndefined();
  });
});

describe("what npm adds to the environment", () => {
  test("is taken out again, and everything else is kept", () => {
    const bin = (under: string) => join(under, "node_modules", ".bin");
    const own = [bin("/somewhere/else"), "/usr/bin", bin("/that/checkout")].join(delimiter);
    const path = [bin("/that/checkout"), bin("/that"), bin("/"), "/npm/node-gyp-bin", own].join(delimiter);
    const env = {
      PATH: path,
      HOME: "/h",
      npm_lifecycle_event: "start",
      npm_config_cache: "/c",
      INIT_CWD: "/x",
      NODE: "/n",
      COLOR: "1",
      NODE_OPTIONS: "-a",
    };
    expect(withoutNpm(env, "/that/checkout")).toEqual({ PATH: own, HOME: "/h", NODE_OPTIONS: "-a" });
  });

  test("is not looked for where npm did not start us", () => {
    const env = { PATH: "/that/checkout/node_modules/.bin", NODE: "/n" };
    expect(withoutNpm(env, "/that/checkout")).toEqual(env);
  });
});

describe("the program that npm start starts", () => {
  const wrapper = (child: string) => {
    const file = join(at, "wrapper.mjs");
    const module = pathToFileURL(join(ROOT, "scripts", "setup", "foreground.mjs")).href;
    writeFileSync(
      file,
      `import { becomes } from ${JSON.stringify(module)};\nbecomes("/bin/sh", ["-c", ${JSON.stringify(child)}], { cwd: ${JSON.stringify(at)}, env: process.env });\n`,
    );
    return file;
  };

  test("has its exit code passed on", () => {
    expect(spawnSync("node", [wrapper("exit 37")]).status).toBe(37);
  });

  test("has its death by signal passed on", () => {
    expect(spawnSync("node", [wrapper("kill -KILL $$")]).signal).toBe("SIGKILL");
    expect(spawnSync("node", [wrapper("kill -TERM $$")]).signal).toBe("SIGTERM");
  });

  test("stands in the directory it is given and reads our input", () => {
    const ran = spawnSync("node", [wrapper("pwd; cat")], { input: "typed", encoding: "utf8" });
    expect(ran.stdout).toEndWith("\ntyped");
    expect(ran.stdout).toContain(at);
  });

  for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) {
    test(`is sent the ${signal} that we are sent`, async () => {
      const child = spawn(
        "node",
        [wrapper("trap 'exit 41' TERM HUP INT; echo ready; n=0; while [ $n -lt 400 ]; do sleep 0.05; n=$((n+1)); done")],
        {
          stdio: ["ignore", "pipe", "inherit"],
        },
      );
      await new Promise((ready) => child.stdout.once("data", ready));
      child.kill(signal);
      const code = await new Promise((ended) =>
        child.once("exit", (status, by) => ended(status ?? (by ? 128 + constants.signals[by] : -1))),
      );
      expect(code).toBe(41);
    });
  }
});
