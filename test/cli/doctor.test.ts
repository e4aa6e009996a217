import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ended, makePerson, type Person } from "../support/person.ts";

let person: Person;
beforeEach(async () => {
  person = makePerson();
  await person.must("auth", "create", "work", "--context-group", "team-alpha");
});
afterEach(() => person.close());

const link = () => join(person.instance("work"), "projects");
/** Takes the link away: something is wrong, and it can be mended without a choice. */
const breakLink = () => unlinkSync(link());

describe("doctor", () => {
  test("has one line for each check, by what it is about, and exits with 0 where nothing is wrong", async () => {
    const { code, stdout, stderr } = await person.ccs(["doctor"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { checks } = JSON.parse((await person.must("doctor", "--json")).stdout);
    expect(checks.length).toBeGreaterThan(5);
    for (const { name, message } of checks) expect(stdout).toMatch(new RegExp(`^  \\w+ +${name} +${RegExp.escape(message)}$`, "m"));
  });

  test("exits with 1 on an error, says where and what mends it, and changes nothing", async () => {
    breakLink();
    const before = person.tree();
    const { code, stdout } = await person.ccs(["doctor"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^work\n {2}error +links/m);
    expect(stdout).toContain(`at ${link()}`);
    expect(stdout).toMatch(/1 error.*ccs doctor --fix mends/);
    expect(person.tree()).toEqual(before);
  });

  test("exits with 1 and has line and column where config.yaml is broken", async () => {
    writeFileSync(person.config, "accounts:\n  work:\n    context_mode: deep\n");
    const { code, stdout } = await person.ccs(["doctor"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/config\.yaml:3:19/);
  });

  test("names the command beside what is told by the way: an account that was removed can be brought back", async () => {
    await person.must("auth", "remove", "work", "--yes");
    const { code, stdout } = await person.ccs(["doctor"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^ {2}info +removed +the account work was removed; its directory is kept, without a login\n +at .*\n +ccs auth restore work$/m,
    );
    for (const args of [
      ["auth", "show", "work"],
      ["use", "work"],
      ["work", "--continue"],
    ]) {
      const { code, stderr } = await person.ccs(args);
      expect({ code, args }).toEqual({ code: 2, args });
      expect(stderr).toContain("bring it back: ccs auth restore work");
    }
  });

  test("fits a terminal of 80 columns", async () => {
    breakLink();
    const { screen, code } = await ended(person.terminal(["doctor"], { columns: 80 }));
    expect(code).toBe(1);
    const paths = /\/[^ ]+/g;
    for (const line of screen.split("\n")) expect(line.replace(paths, "").length).toBeLessThanOrEqual(80);
  });
});

describe("doctor --fix", () => {
  test("says what it does, asks, mends, and a second run finds nothing", async () => {
    breakLink();
    const terminal = person.terminal(["doctor", "--fix"]);
    const asked = await terminal.until(/❯ Mend it\?/);
    expect(asked).toContain("What is mended");
    terminal.type("y");
    const { screen, code } = await ended(terminal);
    expect(code).toBe(0);
    expect(screen).toContain("Mended");
    expect(readlinkSync(link())).toBe(join(person.ccsDir, "shared/context-groups/team-alpha/projects"));
    expect((await person.ccs(["doctor"])).code).toBe(0);
  });

  for (const key of ["n", "Enter", "C-c", "C-d"]) {
    test(`changes nothing and exits with 130 where a person presses ${key}`, async () => {
      breakLink();
      const before = person.tree();
      const terminal = person.terminal(["doctor", "--fix"]);
      await terminal.until(/❯ Mend it\?/);
      terminal.press(key);
      const { screen, code } = await ended(terminal);
      expect(code).toBe(130);
      expect(screen).toContain("Nothing was changed.");
      expect(person.tree()).toEqual(before);
    });
  }

  test("without a terminal needs --yes: says what it would do, changes nothing and exits with 2", async () => {
    breakLink();
    const before = person.tree();
    const { code, stdout, stderr } = await person.ccs(["doctor", "--fix"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("What is mended");
    expect(stderr).toContain("ccs doctor --fix --yes");
    const asJson = await person.ccs(["doctor", "--fix", "--json"]);
    expect({ code: asJson.code, error: JSON.parse(asJson.stdout).error.code }).toEqual({ code: 2, error: "usage" });
    expect(person.tree()).toEqual(before);
  });

  test("with --yes mends without asking, says what it did, and a second run finds nothing", async () => {
    breakLink();
    const { code, stdout } = await person.ccs(["doctor", "--fix", "--yes"]);
    expect(code).toBe(0);
    expect(stdout).toStartWith("Mended\n  - ");
    const again = await person.ccs(["doctor", "--fix", "--yes"]);
    expect(again.code).toBe(0);
    expect(again.stdout).not.toContain("Mended");
  });

  test("asks nothing where there is nothing to mend", async () => {
    const { code, stdout } = await person.ccs(["doctor", "--fix"]);
    expect(code).toBe(0);
    expect(stdout).not.toContain("Mended");
  });
});
