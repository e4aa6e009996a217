import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, readFileSync, readlinkSync, unlinkSync, writeFileSync } from "node:fs";
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

  test("says who is logged in and until when, and that a login was copied, without a word of it", async () => {
    const [said] = (await person.must("doctor")).stdout.match(/^work\n {2}ok +login .*$/m) ?? [];
    expect(said).toMatch(/ person@example\.invalid is logged in until \d{4}-\d\d-\d\d$/);
    await person.must("auth", "create", "spare", "--no-login");
    for (const name of [".credentials.json", ".claude.json"])
      copyFileSync(join(person.instance("work"), name), join(person.instance("spare"), name));
    const { code, stdout } = await person.ccs(["doctor"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}error +login +work and spare hold copies of one login: /m);
    expect(stdout).toMatch(/^ +ccs auth login spare$/m);
    const { claudeAiOauth } = JSON.parse(readFileSync(join(person.instance("work"), ".credentials.json"), "utf8"));
    for (const token of [claudeAiOauth.accessToken, claudeAiOauth.refreshToken]) expect(stdout).not.toContain(token);
  });

  test("looks at the shell it is run from: variables of other logins, and another ccs on PATH", async () => {
    const bin = join(person.root, "bin");
    mkdirSync(bin);
    for (const name of ["a", "b"]) {
      mkdirSync(join(bin, name));
      writeFileSync(join(bin, name, "ccs"), "", { mode: 0o755 });
    }
    const PATH = `${bin}/a:${bin}/b:${person.env["PATH"]}`;
    const quiet = await person.ccs(["doctor"], { env: { PATH, ANTHROPIC_API_KEY: "sk-0815" } });
    expect(quiet.code).toBe(0);
    expect(quiet.stdout).toMatch(/^ {2}info +environment +ANTHROPIC_API_KEY is set: .*\n +unset ANTHROPIC_API_KEY$/m);
    expect(quiet.stdout).toMatch(new RegExp(`^ {2}info +path +2 programs on PATH are called ccs: a shell starts ${bin}/a/ccs, `, "m"));
    const kept = await person.ccs(["doctor"], { env: { ANTHROPIC_API_KEY: "sk-0815", CCS_KEEP_AUTH_ENV: "1" } });
    expect(kept.stdout).toMatch(/^ {2}warning +environment +.*\n +unset CCS_KEEP_AUTH_ENV$/m);
    expect(`${quiet.stdout}${kept.stdout}`).not.toContain("sk-0815");
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
