import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ended, makePerson, type Person } from "../support/person.ts";

let person: Person;
beforeEach(async () => {
  person = makePerson();
  await person.must("auth", "create", "work");
  person.session("work", "mine");
  await person.must("auth", "create", "spare", "--context-group", "team-alpha", "--no-login");
});
afterEach(() => person.close());

const show = async (account: string) => JSON.parse((await person.must("auth", "show", account, "--json")).stdout).account;
const removed = () => (existsSync(join(person.ccsDir, "removed")) ? readdirSync(join(person.ccsDir, "removed")) : []);
const sharing = () => person.must("auth", "edit", "work", "--context-group", "team-alpha", "--yes");

/** A client of the account that seems to run: this very process. */
function running(account: string): void {
  const sessions = join(person.instance(account), "sessions");
  mkdirSync(sessions, { recursive: true });
  writeFileSync(join(sessions, `${process.pid}.json`), JSON.stringify({ pid: process.pid, cwd: "/", status: "idle" }));
}

describe("auth rename", () => {
  test("gives an account another name: login, history and default go with it", async () => {
    await sharing();
    await person.must("auth", "default", "work");
    const { stdout } = await person.must("auth", "rename", "work", "office", "--yes");
    expect(stdout).toBe("work is office now. Start it: ccs office\n");
    expect(await show("office")).toMatchObject({ context: "shared (team-alpha)", isDefault: true, identity: { loggedIn: true } });
    expect(existsSync(person.instance("work"))).toBe(false);
    expect((await person.ccs(["auth", "show", "work"])).code).toBe(2);
    expect((await person.must("auth", "rename", "office", "OFFICE", "--yes")).stdout).toContain("ccs OFFICE");
  });

  test("keeps plugins working: the paths the client has written down are those of the new place, all else stays byte for byte", async () => {
    const plugins = join(person.instance("work"), "plugins");
    mkdirSync(plugins, { recursive: true });
    const text = (above: string) => `{ "m":  { "installLocation": "${above}/plugins/marketplaces/m", "of": "work" } }`;
    writeFileSync(join(plugins, "known_marketplaces.json"), text(person.instance("work")));
    writeFileSync(join(plugins, "blocklist.json"), "not even JSON");
    const { stdout } = await person.must("auth", "rename", "work", "office", "--yes", "--json");
    expect(stdout).toContain("the paths in known_marketplaces.json are written anew");
    const moved = join(person.instance("office"), "plugins");
    expect(readFileSync(join(moved, "known_marketplaces.json"), "utf8")).toBe(text(person.instance("office")));
    expect(readFileSync(join(moved, "blocklist.json"), "utf8")).toBe("not even JSON");
    expect(readdirSync(moved).sort()).toEqual(["blocklist.json", "known_marketplaces.json"]);
  });

  test("says what it would do with --dry-run, and as data with --json, and changes nothing", async () => {
    const before = person.tree();
    expect((await person.must("auth", "rename", "work", "office", "--dry-run")).stdout).toContain("work becomes office");
    expect(JSON.parse((await person.must("auth", "rename", "work", "office", "--dry-run", "--json")).stdout)).toMatchObject({
      does: "rename",
      account: "work",
      to: "office",
      applicable: true,
    });
    expect(person.tree()).toEqual(before);
    const done = JSON.parse((await person.must("auth", "rename", "work", "office", "--yes", "--json")).stdout);
    expect(done.renamed).toMatchObject({ account: "work", to: "office", instance: person.instance("office") });
  });

  test("shows the plan, changes nothing and exits with 2 where nobody said --yes; refuses names that are taken or none", async () => {
    const before = person.tree();
    const unasked = await person.ccs(["auth", "rename", "work", "office"]);
    expect({ code: unasked.code, stdout: unasked.stdout }).toEqual({ code: 2, stdout: "" });
    expect(unasked.stderr).toContain("work becomes office");
    for (const [name, said] of [
      ["Spare", `an account "spare" already`],
      ["undo", "is a command of ccs"],
      ["a b", "may hold only letters"],
    ] as const) {
      const { code, stderr } = await person.ccs(["auth", "rename", "work", name, "--yes"]);
      expect(code).toBe(2);
      expect(stderr).toContain(said);
    }
    expect(person.tree()).toEqual(before);
  });

  test("answers 75 while a client of the account runs", async () => {
    running("work");
    const before = person.tree();
    for (const how of ["--yes", "--dry-run"]) {
      const { code, stdout, stderr } = await person.ccs(["auth", "rename", "work", "office", how]);
      expect(code).toBe(75);
      expect(stdout + stderr).toContain(String(process.pid));
    }
    const asData = await person.ccs(["auth", "rename", "work", "office", "--dry-run", "--json"]);
    expect(asData.code).toBe(75);
    expect(JSON.parse(asData.stdout).error.code).toBe("busy");
    expect(person.tree()).toEqual(before);
  });

  test("asks on a terminal, and changes nothing on no", async () => {
    const before = person.tree();
    const refusing = person.terminal(["auth", "rename", "work", "office"]);
    await refusing.until(/❯ Rename work to office\?/);
    refusing.type("n");
    expect((await ended(refusing)).code).toBe(130);
    expect(person.tree()).toEqual(before);
    const agreeing = person.terminal(["auth", "rename", "work", "office"]);
    await agreeing.until(/❯ Rename work to office\?/);
    agreeing.type("y");
    expect((await ended(agreeing)).code).toBe(0);
    expect((await show("office")).name).toBe("office");
  });
});

describe("auth remove", () => {
  test("never without an answer: the plan on standard error, nothing changed, exit 2", async () => {
    const before = person.tree();
    const { code, stdout, stderr } = await person.ccs(["auth", "remove", "work"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Its login is removed for good: .credentials.json");
    expect(person.tree()).toEqual(before);
  });

  test("sets the instance aside without its login, and says the command that brings it back; that one works", async () => {
    await sharing();
    const { stdout } = await person.must("auth", "remove", "work", "--yes");
    expect(stdout).toContain("takes a copy of 1 session along");
    expect(stdout).toContain("Bring it back: ccs auth restore work");
    expect(stdout).toEndWith("work is removed.\n");
    expect((await person.ccs(["auth", "show", "work"])).code).toBe(2);
    expect(removed()).toEqual([expect.stringMatching(/^work\.\d{8}T\d{9}Z$/)]);
    const kept = Object.entries(person.tree()).filter(([path]) => path.startsWith("ccs/"));
    expect(JSON.stringify(kept)).not.toMatch(/sk-ant-oa|sk-ant-or/);
    const back = await person.must(...(stdout.match(/ccs (auth restore work)/)?.[1]?.split(" ") ?? []), "--yes");
    expect(back.stdout).toContain("Nobody is logged in: ccs auth login work");
    expect(back.stdout).toContain("share again: ccs auth edit work --context-group team-alpha");
    expect(await show("work")).toMatchObject({ context: "isolated", identity: { loggedIn: false } });
    expect(removed()).toEqual([]);
    await person.must("auth", "edit", "work", "--context-group", "team-alpha", "--yes");
    expect(JSON.parse((await person.must("group", "show", "team-alpha", "--json")).stdout).group).toMatchObject({
      sessions: 1,
      conflicts: 0,
    });
    expect((await person.ccs(["doctor", "--json"])).stdout).not.toContain(`"result": "error"`);
  });

  test("keeps the login with --keep-login: brought back, the account is logged in", async () => {
    await person.must("auth", "remove", "work", "--keep-login", "--yes");
    await person.must("auth", "restore", "work", "--as", "old", "--yes");
    expect(await show("old")).toMatchObject({ identity: { loggedIn: true } });
  });

  test("answers 75 while a client of the account runs", async () => {
    running("work");
    const before = person.tree();
    expect((await person.ccs(["auth", "remove", "work", "--yes"])).code).toBe(75);
    expect(person.tree()).toEqual(before);
  });

  test("reports as data with --json, also what would happen", async () => {
    const before = person.tree();
    const would = JSON.parse((await person.must("auth", "remove", "work", "--dry-run", "--json")).stdout);
    expect(would).toMatchObject({ version: 1, does: "remove", account: "work", applicable: true });
    expect(person.tree()).toEqual(before);
    const done = JSON.parse((await person.must("auth", "remove", "work", "--yes", "--json")).stdout);
    expect(done).toEqual({
      version: 1,
      removed: { account: "work", dated: removed()[0] ?? "", sentences: expect.any(Array) },
      purged: [],
    });
    const back = JSON.parse((await person.must("auth", "restore", "work", "--yes", "--json")).stdout);
    expect(back.restored).toMatchObject({ account: "work", dated: done.removed.dated, instance: person.instance("work") });
  });

  test("asks on a terminal, and asks again for the name before anything is gone for good", async () => {
    const keeping = person.terminal(["auth", "remove", "work", "--purge"]);
    await keeping.until(/❯ Remove work\?/);
    keeping.type("y");
    await keeping.until(/Type work to remove this for good/);
    keeping.type("wrok");
    keeping.press("Enter");
    const kept = await ended(keeping);
    expect(kept.code).toBe(130);
    expect(kept.screen).toContain("What is set aside was left as it is.");
    expect(removed()).toHaveLength(1);
    const purging = person.terminal(["auth", "remove", "work", "--purge"]);
    expect(await purging.until(/Type work to remove this for good/)).not.toContain("Remove work?");
    purging.type("work");
    purging.press("Enter");
    const { code, screen } = await ended(purging);
    expect({ code, gone: screen.includes("What was set aside of work is gone: 1 instance.") }).toEqual({ code: 0, gone: true });
    expect(removed()).toEqual([]);
  });

  test("changes nothing where a person says no", async () => {
    const before = person.tree();
    const terminal = person.terminal(["auth", "remove", "work", "--purge"]);
    await terminal.until(/❯ Remove work\?/);
    terminal.type("n");
    expect((await ended(terminal)).code).toBe(130);
    expect(person.tree()).toEqual(before);
  });

  test("with --purge removes what is set aside of that account, and of no other; a group keeps everything", async () => {
    await sharing();
    await person.must("auth", "remove", "spare", "--yes");
    const others = removed();
    const group = join(person.ccsDir, "shared");
    const before = Object.entries(person.tree()).filter(([path]) => path.startsWith("ccs/shared/"));
    const done = await person.must("auth", "remove", "work", "--purge", "--yes", "--confirm", "work", "--json");
    expect(JSON.parse(done.stdout).purged).toHaveLength(1);
    expect(removed()).toEqual(others);
    expect(existsSync(group)).toBe(true);
    expect(Object.entries(person.tree()).filter(([path]) => path.startsWith("ccs/shared/"))).toEqual(before);
    const nothing = await person.ccs(["auth", "remove", "work", "--purge", "--yes", "--confirm", "work"]);
    expect(nothing.code).toBe(2);
    expect(nothing.stderr).toContain(`there is no account "work"`);
  });

  test("without a terminal needs the name once more for --purge", async () => {
    const before = person.tree();
    const { code, stderr } = await person.ccs(["auth", "remove", "work", "--purge"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--purge --yes --confirm work");
    expect(person.tree()).toEqual(before);
  });
});

test("a name that is taken again does not keep the removed account away, and config.yaml keeps its comments", async () => {
  writeFileSync(person.config, `# of mine\n${readFileSync(person.config, "utf8")}`);
  await person.must("auth", "remove", "work", "--yes");
  await person.must("auth", "create", "work", "--no-login");
  const taken = await person.ccs(["auth", "restore", "work", "--yes"]);
  expect(taken.code).toBe(2);
  expect(taken.stderr).toContain("ccs auth restore work --as");
  await person.must("auth", "restore", "work", "--as", "work-2", "--yes");
  expect(readFileSync(person.config, "utf8")).toStartWith("# of mine\n");
});
