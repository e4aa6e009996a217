import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import manifest from "../../package.json" with { type: "json" };
import { BINARY } from "../support/binary.ts";
import { makePerson, type Person } from "../support/person.ts";

let person: Person;
beforeEach(() => {
  person = makePerson();
});
afterEach(() => person.close());

const FAMILIES = [[], ["auth"], ["group"]];
const COMMANDS = [
  ["auth", "create"],
  ["auth", "import"],
  ["auth", "login"],
  ["auth", "list"],
  ["auth", "show"],
  ["auth", "edit"],
  ["auth", "rename"],
  ["auth", "remove"],
  ["auth", "restore"],
  ["auth", "default"],
  ["auth", "reset-default"],
  ["group", "list"],
  ["group", "show"],
  ["use"],
  ["which"],
  ["env"],
  ["statusline"],
  ["sessions"],
  ["group", "resolve"],
  ["undo"],
  ["doctor"],
  ["completions"],
  ["config"],
  ["install"],
  ["uninstall"],
  ["help"],
];

describe("usage", () => {
  for (const words of [...FAMILIES, ...COMMANDS]) {
    const typed = ["ccs", ...words].join(" ");

    test(`${typed} --help prints the usage with an example on standard output and exits with 0`, async () => {
      const { code, stdout, stderr } = await person.ccs([...words, "--help"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain("Usage\n");
      expect(stdout).toMatch(new RegExp(`Examples\\n  .*${typed}`));
      expect(await person.ccs([...words, "-h"])).toEqual({ code, stdout, stderr });
      if (words[0] !== "help") expect(await person.ccs(["help", ...words])).toEqual({ code, stdout, stderr });
    });
  }

  test("every command that is listed has a usage of its own, and no other is listed", async () => {
    const listed = async (words: readonly string[]) => {
      const { stdout } = await person.must("help", ...words);
      const block = stdout.split("Commands\n")[1]?.split("\n\n")[0] ?? "";
      return [...block.matchAll(/^ {2}([a-z-]+) /gm)].map((match) => [...words, match[1] ?? ""]);
    };
    const all = [...(await listed([])), ...(await listed(["auth"])), ...(await listed(["group"]))];
    const expected = [...FAMILIES.filter((words) => words.length > 0), ...COMMANDS];
    expect(all.map((words) => words.join(" ")).sort()).toEqual(expected.map((words) => words.join(" ")).sort());
  });

  test("a family without a command prints its usage on standard error and exits with 2", async () => {
    const { code, stdout, stderr } = await person.ccs(["auth"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("ccs auth create work");
  });

  test("--help is answered wherever it stands, and nothing else is done", async () => {
    const { code, stdout } = await person.ccs(["auth", "create", "work", "--no-login", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("ccs auth create <account>");
    expect(existsSync(person.ccsDir)).toBe(false);
  });
});

describe("what is given wrong", () => {
  const cases: readonly [string, readonly string[], string][] = [
    ["an unknown command of a family", ["auth", "lst"], "Did you mean ccs auth list?"],
    ["a name every object has", ["auth", "toString"], `auth has no command "toString"`],
    ["an unknown flag", ["auth", "list", "--jsn"], "Did you mean --json?"],
    ["an unknown flag before the account", ["auth", "create", "--share-contxt", "work"], "Did you mean --share-context?"],
    ["a flag in another spelling", ["auth", "create", "work", "--shareContext"], "Did you mean --share-context?"],
    ["the other side of a flag", ["auth", "create", "work", "--no-share-context"], `no flag "--no-share-context"`],
    ["a short flag", ["auth", "list", "-j"], `auth list has no flag "-j"`],
    ["a flag that takes no value, with one", ["auth", "list", "--json=yes"], "--json takes no value"],
    ["a flag without its value", ["auth", "create", "work", "--context-group"], "--context-group needs a value"],
    ["a flag whose value would be a flag", ["auth", "create", "work", "--context-group", "--no-login"], "--context-group needs a value"],
    ["a flag given twice", ["auth", "create", "work", "--context-group", "a", "--context-group", "b"], "--context-group is given twice"],
    ["a value that is not allowed", ["auth", "edit", "work", "--isolated", "--take", "mien"], "Did you mean --take mine?"],
    ["a missing account", ["auth", "show"], "auth show needs <account>"],
    ["one argument too many", ["auth", "list", "work"], `auth list does not know what to do with "work"`],
    ["an argument behind --", ["auth", "list", "--", "--help"], `auth list does not know what to do with "--help"`],
    ["a command of a later version", ["sync"], `"sync" is not part of this version of ccs`],
    ["a command of a later version, with arguments", ["sync", "--yes"], `"sync" is not part of this version of ccs`],
    ["help for what is none", ["help", "auth", "lgin"], "Did you mean ccs auth login?"],
    ["--deeper-continuity without a group", ["auth", "create", "work", "--deeper-continuity"], "Add --share-context or --context-group"],
    ["a group that cannot be one", ["auth", "create", "work", "--context-group", "1a"], "it has to start with a letter"],
    ["an account that is a command", ["auth", "create", "doctor"], "is a command of ccs"],
    ["--confirm without --purge", ["auth", "remove", "work", "--confirm", "work", "--yes"], "--confirm is about --purge"],
    ["--purge with --yes alone", ["auth", "remove", "work", "--purge", "--yes"], "--purge --yes --confirm work"],
    ["--purge with another name", ["auth", "remove", "work", "--purge", "--yes", "--confirm", "wrok"], `--confirm is "wrok"`],
    ["--purge with --keep-login", ["auth", "remove", "work", "--purge", "--keep-login"], "exclude each other"],
    ["--yes without --fix", ["doctor", "--yes"], "Try: ccs doctor --fix --yes"],
    ["--isolated with a group", ["auth", "edit", "work", "--isolated", "--share-context"], "exclude each other"],
    ["--isolated with a continuity", ["auth", "edit", "work", "--isolated", "--deeper-continuity"], "--isolated shares nothing"],
    ["both continuities", ["auth", "edit", "work", "--deeper-continuity", "--standard-continuity"], "exclude each other"],
  ];
  for (const [what, args, said] of cases) {
    test(`${what} is refused on standard error with 2, and nothing is made: ccs ${args.join(" ")}`, async () => {
      const { code, stdout, stderr } = await person.ccs(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toStartWith("ccs: ");
      expect(stderr).toContain(said);
      expect(existsSync(person.ccsDir)).toBe(false);
    });
  }
});

describe("--version", () => {
  test("prints the version of the package", async () => {
    expect(await person.ccs(["--version"])).toEqual({ code: 0, stdout: `ccs ${manifest.version}\n`, stderr: "" });
  });

  test("works with a config that is broken and a home that is none", async () => {
    mkdirSync(person.ccsDir);
    writeFileSync(person.config, "accounts: [\n\tx");
    for (const HOME of ["/nonexistent/home", "/dev/null", ""]) {
      const { code, stdout } = await person.ccs(["--version"], { env: { HOME } });
      expect({ code, stdout }).toEqual({ code: 0, stdout: `ccs ${manifest.version}\n` });
    }
  });
});

describe("an output that cannot be written", () => {
  test("is an error on standard error, also with --json", async () => {
    for (const args of [["help"], ["auth", "list", "--json"]]) {
      const child = Bun.spawn(["sh", "-c", `"$@" > /dev/full`, "sh", BINARY, ...args], { env: person.env, stderr: "pipe" });
      const [stderr, code] = [await child.stderr.text(), await child.exited];
      expect(code).toBe(1);
      expect(stderr).toStartWith("ccs: ENOSPC");
      expect(stderr).toContain("Make room");
    }
  });

  test("shows a stack only where CCS_DEBUG=1 asks for it", async () => {
    mkdirSync(person.config, { recursive: true });
    const quiet = await person.ccs(["auth", "create", "work", "--no-login"]);
    expect(quiet.stderr).not.toMatch(/^ +at \S+ \(/m);
    const loud = await person.ccs(["auth", "create", "work", "--no-login"], { env: { CCS_DEBUG: "1" } });
    expect(loud.stderr).toMatch(/^ +at \S+ \(/m);
  });
});
