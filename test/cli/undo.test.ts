import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
const joining = () => person.must("auth", "edit", "work", "--context-group", "team-alpha", "--yes");

/** A client of the account that seems to run: this very process. */
function running(account: string): void {
  const sessions = join(person.instance(account), "sessions");
  mkdirSync(sessions, { recursive: true });
  writeFileSync(join(sessions, `${process.pid}.json`), JSON.stringify({ pid: process.pid, cwd: "/", status: "idle" }));
}

describe("undo without a terminal", () => {
  test("takes back the last change with --yes, says what it did, and takes itself back", async () => {
    await joining();
    const { stdout } = await person.must("undo", "work", "--yes");
    expect(stdout).toContain("work becomes isolated (it was shared (team-alpha)).");
    expect(stdout).toContain("takes a copy of 1 session along");
    expect(stdout).toEndWith("work is isolated.\n");
    expect(await contextOf("work")).toBe("isolated");
    await person.must("undo", "--yes");
    expect(await contextOf("work")).toBe("shared (team-alpha)");
  });

  test("leaves config.yaml as it was, to the byte", async () => {
    const before = readFileSync(person.config, "utf8");
    await joining();
    expect(readFileSync(person.config, "utf8")).not.toBe(before);
    await person.must("undo", "--yes");
    expect(readFileSync(person.config, "utf8")).toBe(before);
  });

  test("shows the plan on standard error, changes nothing and exits with 2 where nobody said --yes", async () => {
    await joining();
    const before = person.tree();
    const { code, stdout, stderr } = await person.ccs(["undo"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("work becomes isolated");
    expect(stderr).toContain("--yes");
    expect(person.tree()).toEqual(before);
  });

  test("says what it would do with --dry-run, for people and as data, and changes nothing", async () => {
    await joining();
    const before = person.tree();
    expect((await person.must("undo", "--dry-run")).stdout).toContain("work becomes isolated");
    const object = JSON.parse((await person.must("undo", "--dry-run", "--json")).stdout);
    expect({ version: object.version, account: object.account, to: object.to, applicable: object.applicable }).toEqual({
      version: 1,
      account: "work",
      to: { mode: "isolated" },
      applicable: true,
    });
    expect(person.tree()).toEqual(before);
  });

  test("reports as data with --json", async () => {
    await joining();
    const { change } = JSON.parse((await person.must("undo", "--yes", "--json")).stdout);
    expect(change).toMatchObject({ account: "work", to: { mode: "isolated" }, from: { mode: "shared", group: "team-alpha" } });
  });

  test("is refused with 1 where the last change made the account, or config.yaml says otherwise by now", async () => {
    const made = await person.ccs(["undo", "--json"]);
    expect(made.code).toBe(1);
    expect(JSON.parse(made.stdout).error).toMatchObject({ code: "refused", message: expect.stringContaining("made the account spare") });
    await joining();
    writeFileSync(person.config, readFileSync(person.config, "utf8").replace(/(work:[\s\S]*?)team-alpha/, "$1other"));
    const before = person.tree();
    const edited = await person.ccs(["undo", "work", "--yes"]);
    expect(edited.code).toBe(1);
    expect(edited.stderr).toContain("config.yaml was edited since");
    expect(edited.stderr).toContain("ccs auth edit work");
    expect(person.tree()).toEqual(before);
  });

  test("answers 75 while a client of the account runs where leaving would", async () => {
    await joining();
    running("work");
    const { code, stderr } = await person.ccs(["undo", "--yes"]);
    expect(code).toBe(75);
    expect(stderr).toContain(String(process.pid));
    expect(await contextOf("work")).toBe("shared (team-alpha)");
  });

  test("names the nearest account for one that is not there", async () => {
    const { code, stderr } = await person.ccs(["undo", "wrk"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`Did you mean "work"?`);
  });
});

describe("undo on a terminal", () => {
  test("shows the plan, asks, and applies on yes", async () => {
    await joining();
    const terminal = person.terminal(["undo"]);
    expect(await terminal.until(/❯ Apply\?/)).toContain("work becomes isolated");
    terminal.type("y");
    const { screen, code } = await ended(terminal);
    expect(code).toBe(0);
    expect(screen).toContain("Done: work is isolated.");
    expect(await contextOf("work")).toBe("isolated");
  });

  test("changes nothing on no", async () => {
    await joining();
    const before = person.tree();
    const terminal = person.terminal(["undo"]);
    await terminal.until(/❯ Apply\?/);
    terminal.type("n");
    expect((await ended(terminal)).code).toBe(130);
    expect(person.tree()).toEqual(before);
  });
});
