import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { lstatSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Terminal } from "../real-client/support/terminal.ts";
import { ended, makePerson, type Person } from "../support/person.ts";

let person: Person;
beforeEach(async () => {
  person = makePerson();
  await person.must("auth", "create", "work", "--no-login");
  person.session("work", "mine");
  await person.must("auth", "create", "spare", "--context-group", "team-alpha", "--no-login");
});
afterEach(() => person.close());

const contextOf = async (account: string) => JSON.parse((await person.must("auth", "show", account, "--json")).stdout).account.context;
const MODE = /❯ History sync of work[\s\S]*● isolated/;
const GROUP = /❯ Group/;
const CONTINUITY = /❯ Continuity/;
const APPLY = /❯ Apply\?/;

/** Answers the questions up to the plan: shared, team-alpha, standard. */
async function upTo(terminal: Terminal, question: RegExp): Promise<void> {
  const steps = [
    [MODE, ["Down", "Enter"]],
    [GROUP, ["Enter"]],
    [CONTINUITY, ["Enter"]],
  ] as const;
  for (const [asked, keys] of steps) {
    if (asked === question) break;
    await terminal.until(asked);
    for (const key of keys) terminal.press(key);
  }
  await terminal.until(question);
}

describe("auth edit on a terminal", () => {
  test("asks step by step, says what each choice means, shows the plan, asks, and applies", async () => {
    const terminal = person.terminal(["auth", "edit", "work"], { columns: 80 });
    const mode = await terminal.until(MODE);
    expect(mode).toContain("now isolated");
    expect(mode).toContain("sees one history with the accounts of a group");
    await upTo(terminal, GROUP);
    expect(terminal.screen()).toContain("team-alpha (spare; 0 sessions)");
    terminal.press("Enter");
    const continuity = await terminal.until(CONTINUITY);
    expect(continuity).toContain("/rewind cannot restore files");
    for (const artifact of ["session-env", "file-history", "shell-snapshots", "todos", "tasks"]) expect(continuity).toContain(artifact);
    terminal.press("Down", "Enter");
    expect(await terminal.until(APPLY)).toContain("1 session moves into team-alpha.");
    terminal.type("y");
    const { screen, code } = await ended(terminal);
    expect(code).toBe(0);
    expect(screen).toContain("Done: work is shared (team-alpha), deeper.");
    expect(await contextOf("work")).toBe("shared (team-alpha), deeper");
  });

  test("makes a new group, and asks again in the policy's own words until its name is one", async () => {
    const terminal = person.terminal(["auth", "edit", "work"]);
    await upTo(terminal, GROUP);
    terminal.press("Down", "Enter");
    await terminal.until("Name of the new group");
    terminal.type("1st team");
    terminal.press("Enter");
    await terminal.until("it has to start with a letter (a-z)");
    terminal.type("Team Beta");
    terminal.press("Enter");
    await terminal.until(CONTINUITY);
    terminal.press("Enter");
    await terminal.until(APPLY);
    terminal.type("y");
    expect((await ended(terminal)).code).toBe(0);
    expect(await contextOf("work")).toBe("shared (team-beta)");
  });

  test("on leaving asks what to take, with how many each is", async () => {
    await person.must("auth", "edit", "work", "--context-group", "team-alpha", "--yes");
    const terminal = person.terminal(["auth", "edit", "work"]);
    await terminal.until(/❯ History sync of work/);
    terminal.press("Up", "Enter");
    const asked = await terminal.until(/❯ work leaves team-alpha/);
    expect(asked).toContain("its own sessions (1 of 1");
    expect(asked).toContain("all sessions (1, also those of the other accounts)");
    terminal.press("Down", "Down", "Enter");
    expect(await terminal.until(APPLY)).toContain("copy of 0 sessions");
    terminal.type("y");
    expect((await ended(terminal)).code).toBe(0);
    expect(await contextOf("work")).toBe("isolated");
  });

  test("asks nothing but whether to apply where the policy is given", async () => {
    const terminal = person.terminal(["auth", "edit", "work", "--context-group", "team-alpha"]);
    expect(await terminal.until(APPLY)).not.toContain("History sync of");
    terminal.type("y");
    expect((await ended(terminal)).code).toBe(0);
    expect(await contextOf("work")).toBe("shared (team-alpha)");
  });

  for (const [what, key] of [
    ["says no", "n"],
    ["only presses Enter", "Enter"],
  ] as const) {
    test(`changes nothing where a person ${what}`, async () => {
      const before = person.tree();
      const terminal = person.terminal(["auth", "edit", "work"]);
      await upTo(terminal, APPLY);
      terminal.press(key);
      const { screen, code } = await ended(terminal);
      expect(code).toBe(130);
      expect(screen).toContain("Nothing was changed.");
      expect(person.tree()).toEqual(before);
    });
  }

  for (const key of ["C-c", "C-d"]) {
    for (const [step, question] of [
      ["mode", MODE],
      ["group", GROUP],
      ["continuity", CONTINUITY],
      ["plan", APPLY],
    ] as const) {
      test(`changes nothing, exits with 130 and gives the terminal back where a person presses ${key} at the ${step}`, async () => {
        const before = person.tree();
        const terminal = person.terminal(["auth", "edit", "work"]);
        await upTo(terminal, question);
        terminal.press(key);
        const { screen, code } = await ended(terminal);
        expect(code).toBe(130);
        expect(screen.match(/Nothing was changed\./g)).toHaveLength(1);
        expect(person.tree()).toEqual(before);
      });
    }
  }

  test("shows the plan anew and asks again where something changed in between", async () => {
    person.session("spare", "theirs");
    const terminal = person.terminal(["auth", "edit", "work"]);
    await upTo(terminal, APPLY);
    person.session("work", "written meanwhile");
    terminal.type("y");
    const again = await terminal.until(/Something changed since the plan was made[\s\S]*❯ Apply\?/);
    expect(again).toContain("2 sessions move into team-alpha.");
    expect(await contextOf("work")).toBe("isolated");
    terminal.type("y");
    expect((await ended(terminal)).code).toBe(0);
    expect(await contextOf("work")).toBe("shared (team-alpha)");
  });

  test("asks before a settings.json that is a link becomes a copy, and stops where a person says no", async () => {
    const settings = join(person.instance("work"), "settings.json");
    writeFileSync(join(person.root, "theirs.json"), `{"model":"opus"}\n`);
    symlinkSync(join(person.root, "theirs.json"), settings);
    const before = person.tree();
    const refusing = person.terminal(["auth", "edit", "work", "--context-group", "team-alpha"]);
    await refusing.until(/❯ .*settings\.json is a link/);
    refusing.type("n");
    expect((await ended(refusing)).code).toBe(130);
    expect(person.tree()).toEqual(before);

    const agreeing = person.terminal(["auth", "edit", "work", "--context-group", "team-alpha"]);
    await agreeing.until(/❯ .*settings\.json is a link/);
    agreeing.type("y");
    await agreeing.until(APPLY);
    agreeing.type("y");
    expect((await ended(agreeing)).code).toBe(0);
    expect(lstatSync(settings).isFile()).toBe(true);
  });

  test("shows the plan and asks nothing with --dry-run", async () => {
    const before = person.tree();
    const { screen, code } = await ended(person.terminal(["auth", "edit", "work", "--share-context", "--dry-run"]));
    expect(code).toBe(0);
    expect(screen).toContain("1 session moves into default.");
    expect(person.tree()).toEqual(before);
  });

  test("asks nobody where the input is at its end, and does not wait", async () => {
    const before = person.tree();
    const { code, stderr } = await person.ccs(["auth", "edit", "work"], { stdin: "" });
    expect(code).toBe(2);
    expect(stderr).toContain("there is no terminal to ask on");
    expect(person.tree()).toEqual(before);
  });
});

test("a settings.json that is a link needs a word where nobody can be asked", async () => {
  const settings = join(person.instance("work"), "settings.json");
  writeFileSync(join(person.root, "theirs.json"), `{"model":"opus"}\n`);
  symlinkSync(join(person.root, "theirs.json"), settings);
  const refused = await person.ccs(["auth", "edit", "work", "--share-context", "--yes"]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("--copy-settings");
  expect(await contextOf("work")).toBe("isolated");
  await person.must("auth", "edit", "work", "--share-context", "--copy-settings", "--yes");
  expect(lstatSync(settings).isFile()).toBe(true);
});
