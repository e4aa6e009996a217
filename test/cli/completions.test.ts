import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { flagsOf } from "../../cli/arguments/flags.ts";
import { ROOT } from "../../cli/commands/index.ts";
import type { Family, Leaf } from "../../cli/commands/types.ts";
import { openTerminal, type Terminal } from "../real-client/support/terminal.ts";
import { BINARY } from "../support/binary.ts";
import { makePerson, type Person } from "../support/person.ts";

let person: Person;
let env: Record<string, string>;
const terminals: Terminal[] = [];
beforeEach(async () => {
  person = makePerson();
  const bin = join(person.root, "bin");
  mkdirSync(bin);
  symlinkSync(BINARY, join(bin, "ccs"));
  env = { ...person.env, PATH: `${bin}:${person.env["PATH"]}` };
  await person.must("auth", "create", "work", "--context-group", "sprint-a", "--no-login");
  await person.must("auth", "create", "spare", "--no-login");
});
afterEach(async () => {
  for (const terminal of terminals.splice(0)) await terminal.close();
  await person.close();
});

/** What is offered after these words, the last of them as far as it is typed. */
async function offered(...words: string[]): Promise<string[]> {
  const current = words.pop() ?? "";
  const { stdout, stderr } = await person.must("completions", "--complete", `=${current}`, ...words);
  expect(stderr).toBe("");
  return stdout.split("\n").flatMap((line) => (line === "" ? [] : [line.split("\t")[0] as string]));
}

const COMMANDS = Object.keys(ROOT.commands);

/** Every command, as the words it is typed with. */
function leaves(family: Family, typed: readonly string[] = []): (readonly [readonly string[], Leaf])[] {
  return Object.entries(family.commands).flatMap(([word, found]) =>
    "commands" in found ? leaves(found, [...typed, word]) : [[[...typed, word], found] as const],
  );
}

describe("what is offered at the Tab key", () => {
  test("first the accounts and the commands, with what each is", async () => {
    expect(await offered("")).toEqual(["work", "spare", ...COMMANDS]);
    const { stdout } = await person.must("completions", "--complete", "=");
    expect(stdout).toContain("work\tan account, shared (sprint-a)\n");
    expect(await offered("-")).toEqual(["--help", "--version"]);
  });

  test("after an account, which Claude Code's own words follow, only files", async () => {
    expect(await offered("work", "")).toEqual([":files"]);
    expect(await offered("work", "auth", "-")).toEqual([":files"]);
    expect(await offered("-", "")).toEqual([":files"]);
  });

  for (const [words, leaf] of leaves(ROOT)) {
    test(`every flag of ccs ${words.join(" ")}, and no other`, async () => {
      const { args } = await leaf.load();
      if (words[0] === "help") return expect(await offered("help", "")).toEqual(COMMANDS);
      expect(await offered(...words, "-")).toEqual([...flagsOf(args).map(({ typed }) => typed), "--help"]);
    });
  }

  test("accounts, groups, directories and allowed values, where each can stand", async () => {
    expect(await offered("auth", "show", "")).toEqual(["work", "spare"]);
    expect(await offered("auth", "show", "work", "")).toEqual(["--json"]);
    expect(await offered("auth", "create", "")).toEqual([]);
    expect(await offered("group", "show", "")).toEqual(["sprint-a"]);
    expect(await offered("auth", "edit", "work", "--context-group", "")).toEqual(["sprint-a"]);
    expect(await offered("auth", "edit", "work", "--take", "")).toEqual(["mine", "all", "none"]);
    expect(await offered("auth", "edit", "work", "--take=")).toEqual(["--take=mine", "--take=all", "--take=none"]);
    expect(await offered("auth", "edit", "work", "--take", "=", "m")).toEqual(["mine", "all", "none"]);
    expect(await offered("env", "work", "--shell", "")).toEqual(["posix", "fish", "powershell"]);
    expect(await offered("statusline", "--off", "")).toEqual(["work", "spare"]);
    expect(await offered("use", "work", "")).toEqual([":directories"]);
    expect(await offered("use", "--clear", "")).toEqual([":directories"]);
    expect(await offered("which", "")).toEqual([":directories"]);
    expect(await offered("auth", "import", "")).toEqual([":directories"]);
    expect(await offered("auth", "import", "--name", "")).toEqual([]);
    expect(await offered("auth", "create", "fresh", "--like", "")).toEqual(["work", "spare", ":directories"]);
    expect(await offered("completions", "")).toEqual(["bash", "zsh", "fish", "powershell"]);
    expect(await offered("help", "auth", "")).toContain("create");
    expect(await offered("auth", "nonsense", "")).toEqual([]);
  });

  test("a flag once, unless it may be given several times", async () => {
    expect(await offered("auth", "edit", "work", "--yes", "--take-session", "x", "-")).not.toContain("--yes");
    expect(await offered("auth", "edit", "work", "--take-session", "x", "-")).toContain("--take-session");
    expect(await offered("auth", "show", "--", "-")).toEqual(["work", "spare"]);
  });

  test("groups also without a member, and no name that a shell could not take as it is", async () => {
    const groups = join(person.ccsDir, "shared/context-groups");
    for (const name of ["alone", "$(touch x)", "a b", "-x", ".hidden", "Upper"]) mkdirSync(join(groups, name));
    writeFileSync(person.config, `${readFileSync(person.config, "utf8")}  "$(id)": {}\n  "a b": {}\n`);
    expect(await offered("group", "show", "")).toEqual(["alone", "sprint-a"]);
    expect(await offered("auth", "show", "")).toEqual(["work", "spare"]);
  });

  test("commands alone where config.yaml cannot be read, and nothing is said or written", async () => {
    writeFileSync(person.config, "accounts: [\n");
    const before = person.tree();
    expect(await offered("")).toEqual(COMMANDS);
    expect(await offered("auth", "show", "")).toEqual([]);
    expect(person.tree()).toEqual(before);
  });

  test("names as they were remembered, without reading config.yaml anew", async () => {
    await person.must("use", "work");
    const file = join(person.ccsDir, "state/launch.json");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll('"spare"', '"known"'));
    expect(await offered("auth", "show", "")).toEqual(["work", "known"]);
    rmSync(file);
    expect(await offered("auth", "show", "")).toEqual(["work", "spare"]);
  });
});

describe("ccs completions", () => {
  test("has a script for each shell, which asks ccs itself", async () => {
    for (const shell of ["bash", "zsh", "fish", "powershell"]) {
      const { stdout } = await person.must("completions", shell);
      expect(stdout).toContain("completions --complete");
      expect(stdout).not.toMatch(/auth|sprint/);
    }
  });

  test("says which shells there are where it knows none of the name", async () => {
    const { code, stdout, stderr } = await person.ccs(["completions", "zhs"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Did you mean ccs completions zsh?");
    expect((await person.ccs(["completions", "--complete"])).code).toBe(2);
  });
});

/** A shell in a terminal, with the completions of ccs in it. */
async function shell(command: readonly string[], more: Record<string, string>, setUp: string): Promise<Terminal> {
  mkdirSync(join(person.root, "cwd/src/inner"), { recursive: true });
  writeFileSync(join(person.root, "cwd/some-file"), "");
  const terminal = openTerminal(command, { directory: person.root, cwd: join(person.root, "cwd"), env: { ...env, ...more } });
  terminals.push(terminal);
  await terminal.until("READY>");
  terminal.type(`${setUp}; echo is set up`.replace("is set", '"is" set'));
  terminal.press("Enter");
  await terminal.until(/^is set up$/m);
  return terminal;
}

/** Types a line up to the Tab key, and clears it again. @returns the line that then stands there */
async function tabbed(terminal: Terminal, typed: string, wanted: string): Promise<void> {
  terminal.type(typed);
  await terminal.until((screen) => screen.trimEnd().endsWith(`READY> ${typed.trimEnd()}`));
  terminal.press("Tab");
  await terminal.until((screen) => screen.split("\n").some((line) => line.trimEnd() === `READY> ${wanted.trimEnd()}`));
  terminal.press("C-u");
  await terminal.until((screen) => screen.trimEnd().endsWith("READY>"));
}

/** What Tab makes of a line: the same in every shell. */
const LINES = [
  ["ccs wo", "ccs work "],
  ["ccs doc", "ccs doctor "],
  ["ccs auth reset", "ccs auth reset-default "],
  ["ccs auth show sp", "ccs auth show spare "],
  ["ccs group show s", "ccs group show sprint-a "],
  ["ccs auth edit work --contex", "ccs auth edit work --context-group "],
  ["ccs auth edit work --take no", "ccs auth edit work --take none "],
  ["ccs auth edit work --take=no", "ccs auth edit work --take=none "],
  ["ccs use work s", "ccs use work src/"],
  ["ccs work some", "ccs work some-file "],
] as const;

describe("in a real shell, the Tab key", () => {
  // bash is everywhere these tests run.
  test("completes in bash", async () => {
    const terminal = await shell(["bash", "--norc", "-i"], { PS1: "READY> " }, "source <(ccs completions bash)");
    for (const [typed, wanted] of LINES) await tabbed(terminal, typed, wanted);
  });

  // A machine need not have zsh.
  test.skipIf(Bun.which("zsh") === null)("completes in zsh", async () => {
    const setUp = "autoload -U compinit && compinit -D -u; source <(ccs completions zsh)";
    const terminal = await shell(["zsh", "-f", "-i"], { PS1: "READY> " }, setUp);
    for (const [typed, wanted] of LINES) await tabbed(terminal, typed, wanted);
  });

  // A machine need not have zsh.
  test.skipIf(Bun.which("zsh") === null)("completes in zsh from a file in $fpath", async () => {
    mkdirSync(join(person.root, "fpath"));
    writeFileSync(join(person.root, "fpath/_ccs"), (await person.must("completions", "zsh")).stdout);
    const setUp = `fpath=(${person.root}/fpath $fpath); autoload -U compinit && compinit -D -u`;
    const terminal = await shell(["zsh", "-f", "-i"], { PS1: "READY> " }, setUp);
    for (const [typed, wanted] of LINES.slice(0, 4)) await tabbed(terminal, typed, wanted);
  });

  // A machine need not have fish.
  test.skipIf(Bun.which("fish") === null)("completes in fish", () => {
    mkdirSync(join(person.root, "src"));
    writeFileSync(join(person.root, "some-file"), "");
    const asked = (line: string) => {
      const script = "ccs completions fish | source; complete -C $argv[1]";
      const done = spawnSync("fish", ["--no-config", "-c", script, line], { cwd: person.root, env, encoding: "utf8" });
      expect(done.stderr).toBe("");
      return done.stdout.split("\n").flatMap((candidate) => (candidate === "" ? [] : [candidate.split("\t")[0] as string]));
    };
    for (const [typed, wanted] of LINES) {
      const last = wanted.trimEnd().split(" ").at(-1) as string;
      expect([typed, asked(typed)]).toEqual([typed, [last]]);
    }
    expect(asked("ccs ")).toEqual(["work", "spare", ...COMMANDS].sort());
    expect(asked("ccs auth create ")).toEqual([]);
  });

  // PowerShell is not to be had on the machines these tests run on: that the script holds together is all that is looked at.
  test("has a script for PowerShell whose brackets close and whose every sigil is as written", async () => {
    const { stdout } = await person.must("completions", "powershell");
    for (const [open, close] of ["()", "{}", "[]"].map((pair) => [...pair] as [string, string])) {
      expect(stdout.split(open).length).toBe(stdout.split(close).length);
    }
    expect(stdout).toContain("Register-ArgumentCompleter -Native -CommandName ccs");
    expect(stdout).toContain('-split "`t", 2');
    expect(stdout).toContain('"=$wordToComplete" @before');
  });
});
