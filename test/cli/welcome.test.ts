import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { ended, makePerson, type Person } from "../support/person.ts";

let person: Person;
beforeEach(() => {
  person = makePerson();
});
afterEach(() => person.close());

const NEXT = /❯ What next\?[\s\S]*○ Nothing now/;

describe("ccs where nothing is set up", () => {
  test("explains itself in six lines that fit a terminal, names the next step, and changes nothing", async () => {
    const { code, stdout, stderr } = await person.ccs([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(6);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).toContain("ccs auth create work");
    expect(stdout).not.toContain("~/.claude");
    expect(existsSync(person.ccsDir)).toBe(false);
  });

  test("names the import where ~/.claude is there", async () => {
    mkdirSync(join(person.home, ".claude"));
    const { stdout } = await person.ccs([]);
    expect(stdout.trimEnd().split("\n")).toHaveLength(6);
    expect(stdout).toContain("ccs auth import");
  });

  test("asks on a terminal, and makes and logs in the account a person names, asked again until the name is one", async () => {
    const terminal = person.terminal([], { columns: 80 });
    await terminal.until(NEXT);
    expect(
      terminal
        .screen()
        .split("\n")
        .filter((line) => line.includes("ccs auth")),
    ).toHaveLength(1);
    terminal.press("Enter");
    await terminal.until(/❯ Its name/);
    terminal.type("doctor");
    terminal.press("Enter");
    await terminal.until(/command of ccs/);
    terminal.type("work");
    terminal.press("Enter");
    const { screen, code } = await ended(terminal);
    expect(code).toBe(0);
    expect(screen).toContain("Account work is made: isolated.");
    expect(existsSync(join(person.instance("work"), ".credentials.json"))).toBe(true);
  });

  test("starts Claude Code as it is where that is chosen", async () => {
    const terminal = person.terminal([]);
    await terminal.until(NEXT);
    terminal.press("Down", "Enter");
    // The stand-in knows nothing but a login, and says what it was asked.
    expect((await ended(terminal)).screen).toContain("stand-in: cannot do:");
    expect(existsSync(person.ccsDir)).toBe(false);
  });

  test("Ctrl-C ends it with 130, and nothing is made", async () => {
    const terminal = person.terminal([]);
    await terminal.until(NEXT);
    terminal.press("C-c");
    expect((await ended(terminal)).code).toBe(130);
    expect(existsSync(person.ccsDir)).toBe(false);
  });

  test("with arguments, or with an account but no default, Claude Code is started as it is", async () => {
    expect((await person.ccs(["-p", "hello"])).stderr).toContain("stand-in: cannot do: -p hello");
    await person.must("auth", "create", "work", "--no-login");
    expect((await person.ccs([])).stderr).toContain("stand-in: cannot do: ");
  });
});
