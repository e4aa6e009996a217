import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Shell, shellCode } from "../../cli/quick/shells.ts";
import { BINARY } from "../support/binary.ts";
import { makePerson, type Person } from "../support/person.ts";

let person: Person;
beforeEach(() => {
  person = makePerson();
});
afterEach(() => person.close());

const OTHERS = [
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_AUTH_TOKEN",
  "CLAUDE_CODE_OAUTH_TOKEN",
  "CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR",
  "CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR",
  "CLAUDE_SECURESTORAGE_CONFIG_DIR",
];

/** Shells of this machine, and how each runs what ccs prints. */
const REAL: readonly (readonly [program: string, shell: Shell, run: string])[] = [
  ["sh", "posix", 'set -eu; eval "$("$CCS" env work)"; env -0'],
  ["bash", "posix", 'set -eu; eval "$("$CCS" env work)"; env -0'],
  ["zsh", "posix", 'set -eu; eval "$("$CCS" env work)"; env -0'],
  ["fish", "fish", "$CCS env work --shell fish | source; and env -0"],
];

describe("ccs env", () => {
  for (const [program, , script] of REAL) {
    // A machine need not have zsh and fish; the others are everywhere.
    test.skipIf(Bun.which(program) === null)(`makes ${program} the account's, and leaves everything else of it as it was`, async () => {
      await person.must("auth", "create", "work", "--no-login");
      const others = Object.fromEntries(OTHERS.map((name) => [name, "hush"]));
      const kept = { ANTHROPIC_BASE_URL: "http://127.0.0.1:9", CLAUDE_CONFIG_DIR: "/elsewhere", CCS_ACCOUNT: "other" };
      const done = spawnSync(program, ["-c", script], { env: { ...person.env, ...others, ...kept, CCS: BINARY }, encoding: "utf8" });
      expect({ status: done.status, stderr: done.stderr }).toEqual({ status: 0, stderr: "" });
      const now = Object.fromEntries(
        done.stdout.split("\0").map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
      );
      for (const name of OTHERS) expect(now).not.toHaveProperty(name);
      expect(now).toMatchObject({ ...person.env, ANTHROPIC_BASE_URL: "http://127.0.0.1:9" });
      expect(now["CLAUDE_CONFIG_DIR"]).toBe(person.instance("work"));
      expect(now["CCS_ACCOUNT"]).toBe("work");
    });
  }

  test("leaves the other logins where CCS_KEEP_AUTH_ENV=1 says so", async () => {
    await person.must("auth", "create", "work", "--no-login");
    const { stdout } = await person.ccs(["env", "work"], { env: { CCS_KEEP_AUTH_ENV: "1" } });
    expect(stdout).toBe(`export CLAUDE_CONFIG_DIR='${person.instance("work")}'\nexport CCS_ACCOUNT='work'\n`);
  });

  test("prints the same as an object with --json", async () => {
    await person.must("auth", "create", "work", "--no-login");
    expect(JSON.parse((await person.must("env", "work", "--json")).stdout)).toEqual({
      version: 1,
      account: "work",
      set: { CLAUDE_CONFIG_DIR: person.instance("work"), CCS_ACCOUNT: "work" },
      unset: OTHERS,
    });
  });

  test("prints nothing and fails where there is no such account, no such shell, or a policy that does not parse", async () => {
    await person.must("auth", "create", "work", "--no-login");
    const unknown = await person.ccs(["env", "wrok"]);
    expect({ code: unknown.code, stdout: unknown.stdout }).toEqual({ code: 2, stdout: "" });
    expect(unknown.stderr).toContain("The accounts are: work");
    const shell = await person.ccs(["env", "work", "--shell", "csh"]);
    expect({ code: shell.code, stdout: shell.stdout }).toEqual({ code: 2, stdout: "" });
    expect(shell.stderr).toContain('"posix", "fish", "powershell"');
    writeFileSync(person.config, readFileSync(person.config, "utf8").replace('"isolated"', '"Isolated"'));
    const policy = await person.ccs(["env", "work"]);
    expect({ code: policy.code, stdout: policy.stdout }).toEqual({ code: 2, stdout: "" });
  });

  test("refuses links that a launch would refuse, and mends what a launch would mend", async () => {
    await person.must("auth", "create", "work", "--share-context", "--no-login");
    const projects = join(person.instance("work"), "projects");
    rmSync(projects);
    expect((await person.ccs(["env", "work"])).code).toBe(0);
    expect(readFileSync(join(person.ccsDir, "config.yaml"), "utf8")).toContain("shared");
    rmSync(projects);
    symlinkSync("/nowhere/projects", projects);
    const { code, stdout, stderr } = await person.ccs(["env", "work"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("link");
  });

  test("is safe in a directory of any name", async () => {
    const odd = join(person.root, 'it\'s "a" $HOME `id` \\ ; rm * #\n ü ’');
    mkdirSync(odd);
    const env = { CCS_DIR: odd, CCS: BINARY };
    expect((await person.ccs(["auth", "create", "work", "--no-login"], { env })).code).toBe(0);
    for (const [program, , script] of REAL) {
      if (Bun.which(program) === null) continue;
      const done = spawnSync(program, ["-c", script], { env: { ...person.env, ...env }, encoding: "utf8" });
      expect(done.stdout.split("\0")).toContain(`CLAUDE_CONFIG_DIR=${odd}/instances/work`);
    }
  });
});

describe("what is written for a shell", () => {
  const HARD = [
    "",
    "'",
    "''",
    "\\",
    "\\'",
    "\\\\",
    '"',
    "$x",
    "`x`",
    "!x",
    "%",
    "*",
    "~",
    "\n",
    "\t",
    " a ",
    "ü’‘",
    "#",
    "(x)",
    "{a,b}",
    "\u0007",
  ];

  for (const [program, shell, print] of [
    ["sh", "posix", `printf '%s\\0' "$V"`],
    ["bash", "posix", `printf '%s\\0' "$V"`],
    ["zsh", "posix", `printf '%s\\0' "$V"`],
    ["fish", "fish", "printf '%s\\0' $V"],
  ] as const) {
    // A machine need not have zsh and fish; the others are everywhere.
    test.skipIf(Bun.which(program) === null)(`is read back by ${program} as it was`, () => {
      const values = [...HARD, ...HARD.flatMap((a) => HARD.slice(0, 8).map((b) => `${a}x${b}`))];
      const script = values.map((value) => `${shellCode(shell, { V: value }, ["W"])}${print}\n`).join("");
      const done = spawnSync(program, ["-c", script], { encoding: "utf8" });
      expect({ status: done.status, stderr: done.stderr }).toEqual({ status: 0, stderr: "" });
      expect(done.stdout.split("\0").slice(0, -1)).toEqual(values);
    });
  }

  // PowerShell is not to be had on the machines these tests run on: what it reads is compared as text.
  test("doubles every quote that PowerShell takes for one", () => {
    expect(shellCode("powershell", { V: "it's ‘a’ ‚b‛ $x `y" }, ["W"])).toBe(
      "$env:V = 'it''s ‘‘a’’ ‚‚b‛‛ $x `y'\nRemove-Item -ErrorAction SilentlyContinue -LiteralPath Env:W\n",
    );
  });
});
