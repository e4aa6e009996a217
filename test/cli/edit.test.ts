import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makePerson, type Person } from "../support/person.ts";

let person: Person;
beforeEach(() => {
  person = makePerson();
});
afterEach(() => person.close());

const contextOf = async (account: string) => JSON.parse((await person.must("auth", "show", account, "--json")).stdout).account.context;

/** `work` with two sessions of its own, in team-alpha; `spare` there too, with one. */
async function twoInOneGroup() {
  for (const [account, sessions] of [
    ["work", 2],
    ["spare", 1],
  ] as const) {
    await person.must("auth", "create", account, "--no-login");
    for (let at = 0; at < sessions; at += 1) person.session(account, `${account} ${at}`);
    await person.must("auth", "edit", account, "--context-group", "team-alpha", "--yes");
  }
}

describe("auth edit without a terminal", () => {
  test("refuses to guess a policy, and names the flags", async () => {
    await person.must("auth", "create", "work", "--no-login");
    const before = person.tree();
    const { code, stdout, stderr } = await person.ccs(["auth", "edit", "work"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("--isolated, --share-context or --context-group");
    expect(person.tree()).toEqual(before);
  });

  test("shows the plan on standard error, changes nothing and exits with 2 where nobody said --yes", async () => {
    await person.must("auth", "create", "work", "--no-login");
    person.session("work", "mine");
    const before = person.tree();
    const { code, stdout, stderr } = await person.ccs(["auth", "edit", "work", "--context-group", "team-alpha"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("1 session moves into team-alpha.");
    expect(stderr).toContain("--yes");
    expect(person.tree()).toEqual(before);
  });

  test("applies with --yes, and says what it did", async () => {
    await person.must("auth", "create", "work", "--no-login");
    const session = person.session("work", "mine");
    const { stdout } = await person.must("auth", "edit", "work", "--context-group", "Team Alpha", "--deeper-continuity", "--yes");
    expect(stdout).toContain("1 session moves into team-alpha.");
    expect(stdout).toEndWith("work is shared (team-alpha), deeper.\n");
    expect(await contextOf("work")).toBe("shared (team-alpha), deeper");
    const moved = join(person.ccsDir, "shared/context-groups/team-alpha/projects/-home-person-task", `${session}.jsonl`);
    expect(readFileSync(moved, "utf8")).toContain("mine");
  });

  test("says so where there is nothing to change", async () => {
    await person.must("auth", "create", "work", "--share-context", "--no-login");
    const before = person.tree();
    const { stdout } = await person.must("auth", "edit", "work", "--share-context", "--yes");
    expect(stdout).toBe("Nothing to change: work is shared (default).\n");
    expect(person.tree()).toEqual(before);
  });

  test("changes the continuity alone where only that is given, and keeps it where it is not", async () => {
    await person.must("auth", "create", "work", "--context-group", "team-alpha", "--no-login");
    await person.must("auth", "edit", "work", "--deeper-continuity", "--yes");
    expect(await contextOf("work")).toBe("shared (team-alpha), deeper");
    await person.must("auth", "edit", "work", "--context-group", "team-beta", "--yes");
    expect(await contextOf("work")).toBe("shared (team-beta), deeper");
    await person.must("auth", "edit", "work", "--standard-continuity", "--yes");
    expect(await contextOf("work")).toBe("shared (team-beta)");
  });

  test("refuses a continuity alone where the account is isolated", async () => {
    await person.must("auth", "create", "work", "--no-login");
    const { code, stderr } = await person.ccs(["auth", "edit", "work", "--deeper-continuity", "--yes"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--share-context --deeper-continuity");
  });

  for (const flags of [
    ["--take", "all"],
    ["--take-session", "0b9f3c3e-0000-4000-8000-000000000000"],
  ]) {
    test(`refuses ${flags[0]} where no group is left`, async () => {
      await person.must("auth", "create", "work", "--no-login");
      const { code, stderr } = await person.ccs(["auth", "edit", "work", "--share-context", "--yes", ...flags]);
      expect(code).toBe(2);
      expect(stderr).toContain(`${flags[0]} is about leaving a group`);
      expect(await contextOf("work")).toBe("isolated");
    });
  }

  test("on leaving takes its own sessions, all, none, or each that is named", async () => {
    await twoInOneGroup();
    const plan = async (...flags: readonly string[]) => {
      const { stdout } = await person.must("auth", "edit", "work", "--isolated", "--dry-run", "--json", ...flags);
      return JSON.parse(stdout).plan.summary.sessionsOut;
    };
    expect([await plan(), await plan("--take", "mine"), await plan("--take", "all"), await plan("--take=none")]).toEqual([2, 2, 3, 0]);
    const { stdout } = await person.must("group", "show", "team-alpha", "--json");
    const { directory } = JSON.parse(stdout).group;
    const ids = [...new Bun.Glob("**/*.jsonl").scanSync({ cwd: directory })].map((path) => path.replace(/^.*\/|\.jsonl$/g, ""));
    expect(ids.length).toBe(3);
    expect(await plan("--take", "none", "--take-session", ids[0] ?? "", `--take-session=${ids[1]}`)).toBe(2);
  });

  test("says what config.yaml has wrong instead of assuming a policy", async () => {
    await person.must("auth", "create", "work", "--share-context", "--no-login");
    writeFileSync(person.config, readFileSync(person.config, "utf8").replace("shared", "Shared"));
    const before = person.tree();
    const { code, stderr } = await person.ccs(["auth", "edit", "work", "--isolated", "--yes"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/config\.yaml:\d+:\d+ context_mode is "Shared"/);
    expect(person.tree()).toEqual(before);
  });
});

describe("auth edit --dry-run", () => {
  test("prints the plan on standard output, exits with 0, and changes nothing", async () => {
    await twoInOneGroup();
    const before = person.tree();
    const { code, stdout } = await person.ccs(["auth", "edit", "work", "--isolated", "--dry-run"]);
    expect(code).toBe(0);
    expect(stdout).toContain("takes a copy of 2 sessions along; 1 stays in team-alpha");
    expect(person.tree()).toEqual(before);
  });

  test("says nothing of sessions where a group has none", async () => {
    await person.must("auth", "create", "work", "--no-login", "--context-group", "team-alpha");
    const { stdout } = await person.must("auth", "edit", "work", "--isolated", "--dry-run");
    expect(stdout).toContain("work becomes isolated");
    expect(stdout).not.toContain("session");
  });

  test("prints the whole plan as data with --json, and changes nothing", async () => {
    await twoInOneGroup();
    const before = person.tree();
    const { stdout } = await person.must("auth", "edit", "work", "--isolated", "--dry-run", "--json");
    const object = JSON.parse(stdout);
    expect({ account: object.account, applicable: object.applicable, to: object.to }).toEqual({
      account: "work",
      applicable: true,
      to: { mode: "isolated" },
    });
    expect(object.from).toEqual({ mode: "shared", group: "team-alpha", continuity: "standard" });
    expect(object.plan.operations.length).toBeGreaterThan(0);
    expect(person.tree()).toEqual(before);
  });

  test("exits with 75 and says who where a running client must not be disturbed", async () => {
    await twoInOneGroup();
    const sessions = join(person.instance("work"), "sessions");

    mkdirSync(sessions);
    writeFileSync(
      join(sessions, `${process.pid}.json`),
      JSON.stringify({ pid: process.pid, sessionId: crypto.randomUUID(), cwd: "/", status: "idle" }),
    );
    for (const how of [["--dry-run"], ["--yes"]]) {
      const { code, stdout, stderr } = await person.ccs(["auth", "edit", "work", "--isolated", ...how]);
      expect(code).toBe(75);
      expect(stdout + stderr).toContain(String(process.pid));
    }
    expect(await contextOf("work")).toBe("shared (team-alpha)");
  });
});
