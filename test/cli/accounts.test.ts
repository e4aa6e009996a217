import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { lstatSync, mkdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BINARY } from "../support/binary.ts";
import { ended, makePerson, type Person } from "../support/person.ts";

let person: Person;
beforeEach(() => {
  person = makePerson();
});
afterEach(() => person.close());

const list = async () => JSON.parse((await person.must("auth", "list", "--json")).stdout);
const contexts = async () =>
  Object.fromEntries((await list()).accounts.map((account: { name: string; context: string }) => [account.name, account.context]));

describe("auth create", () => {
  test("works as the three examples are typed", async () => {
    await person.must("auth", "create", "work2", "--share-context");
    await person.must("auth", "create", "backup", "--context-group", "sprint-a");
    await person.must("auth", "create", "backup2", "--context-group", "sprint-a", "--deeper-continuity");
    expect(await contexts()).toEqual({ work2: "shared (default)", backup: "shared (sprint-a)", backup2: "shared (sprint-a), deeper" });
    const groups = join(person.ccsDir, "shared/context-groups");
    expect(readlinkSync(join(person.instance("work2"), "projects"))).toBe(join(groups, "default/projects"));
    expect(readlinkSync(join(person.instance("backup2"), "projects"))).toBe(join(groups, "sprint-a/projects"));
    expect(readlinkSync(join(person.instance("backup2"), "file-history"))).toBe(join(groups, "sprint-a/continuity/file-history"));
    expect(lstatSync(join(person.instance("backup")), { throwIfNoEntry: true }).isDirectory()).toBe(true);
  });

  test("takes the named group where both sharing flags are given, in its normal form", async () => {
    await person.must("auth", "create", "work", "--share-context", "--context-group", " Sprint A ", "--no-login");
    expect(await contexts()).toEqual({ work: "shared (sprint-a)" });
  });

  test("without a flag makes an isolated account that only its owner can open", async () => {
    await person.must("auth", "create", "work", "--no-login");
    expect(await contexts()).toEqual({ work: "isolated" });
    expect(statSync(person.instance("work")).mode & 0o777).toBe(0o700);
    expect(statSync(person.config).mode & 0o777).toBe(0o600);
  });

  test("refuses a name that is taken, whatever its case, before it looks for a client", async () => {
    await person.must("auth", "create", "work", "--no-login");
    const before = person.tree();
    for (const name of ["work", "WORK"]) {
      const { code, stderr } = await person.ccs(["auth", "create", name, "--no-login"]);
      expect(code).toBe(2);
      expect(stderr).toContain(`there is an account "work" already`);
      expect(stderr).toContain(name === "work" ? "ccs auth edit work" : "ccs auth list");
    }
    const { code } = await person.ccs(["auth", "create", "work"], { env: { CCS_CLAUDE_PATH: "/nonexistent/claude" } });
    expect(code).toBe(2);
    expect(person.tree()).toEqual(before);
  });

  test("changes nothing where config.yaml is broken, and says where", async () => {
    mkdirSync(person.ccsDir);
    writeFileSync(person.config, "accounts:\n  work:\n    context_mode: Shared\n");
    const before = person.tree();
    const { code, stderr } = await person.ccs(["auth", "create", "other", "--no-login"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`config.yaml:3:19 context_mode is "Shared"`);
    expect(person.tree()).toEqual(before);
  });
});

describe("auth list", () => {
  test("says what to do where there are no accounts, and prints nothing on standard output", async () => {
    const { code, stdout, stderr } = await person.ccs(["auth", "list"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain("ccs auth create <account>");
  });

  test("shows each account with context, login, limit, last use and health, in the order of config.yaml", async () => {
    await person.must("auth", "create", "work", "--context-group", "team-alpha", "--deeper-continuity");
    await person.must("auth", "create", "another", "--no-login");
    await person.must("auth", "default", "work");
    const { stdout, stderr } = await person.must("auth", "list");
    const [titles, ...rows] = stdout.trimEnd().split("\n");
    expect(titles?.split(/ {2,}/)).toEqual(["Account", "Context", "Login", "Limited until", "Last used", "Health"]);
    expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
      ["work (default)", "shared (team-alpha), deeper", "person@example.invalid until 2100-01-01", "-", "never", "ok"],
      ["another", "isolated", "not logged in", "-", "never", "warning"],
    ]);
    expect(stderr).toContain("ccs auth show another");
  });

  test("says until when an account is limited, as its newest transcript has it", async () => {
    await person.must("auth", "create", "work");
    const resetsAt = Math.floor(Date.now() / 1000) + 3600;
    const project = join(person.instance("work"), "projects", "-home-person-task");
    mkdirSync(project, { recursive: true });
    const line = {
      type: "assistant",
      uuid: crypto.randomUUID(),
      timestamp: new Date().toISOString(),
      isApiErrorMessage: true,
      error: "rate_limit",
      apiError: "usage_limit_reached",
      apiErrorParams: { rate_limit_info: { resetsAt } },
    };
    writeFileSync(join(project, `${crypto.randomUUID()}.jsonl`), `${JSON.stringify(line)}\n`);
    expect((await list()).accounts[0].limitedUntil).toBe(resetsAt * 1000);
    const { stdout } = await person.must("auth", "list");
    expect(stdout).toContain(new Date(resetsAt * 1000).toISOString().slice(11, 16));
  });

  test("fits a terminal of 80 columns, and uses one of 130", async () => {
    await person.must("auth", "create", "work", "--context-group", "team-alpha", "--deeper-continuity");
    const narrow = await ended(person.terminal(["auth", "list"], { columns: 80 }));
    expect(narrow.code).toBe(0);
    for (const line of narrow.screen.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(narrow.screen).toContain("shared (team-alpha),");
    const wide = await ended(person.terminal(["auth", "list"], { columns: 130 }));
    expect(wide.screen).toContain("shared (team-alpha), deeper  person@example.invalid until 2100-01-01");
  });

  test("shows what can be shown where one account's policy does not parse", async () => {
    await person.must("auth", "create", "work", "--no-login");
    await person.must("auth", "create", "typo", "--share-context", "--no-login");
    writeFileSync(person.config, readFileSync(person.config, "utf8").replace("shared", "Shared"));
    const { code, stdout, stderr } = await person.ccs(["auth", "list"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^work +isolated/m);
    expect(stdout).toMatch(/^typo +invalid .*error$/m);
    expect(stderr).toMatch(/config\.yaml:\d+:\d+ context_mode is "Shared"/);
  });

  test("says that config.yaml cannot be read rather than that there are no accounts", async () => {
    mkdirSync(person.ccsDir);
    writeFileSync(person.config, "accounts: [\n");
    const { code, stdout, stderr } = await person.ccs(["auth", "list"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/config\.yaml:\d+:\d+/);
  });

  test("is quiet where its reader has gone", async () => {
    mkdirSync(person.ccsDir);
    const accounts = Array.from({ length: 1500 }, (_, at) => `  account-number-${at}-with-a-long-name: {}`);
    writeFileSync(person.config, `accounts:\n${accounts.join("\n")}\n`);
    const script = `{ "$1" auth list; echo "ended $?" >&2; } | head -1`;
    const child = Bun.spawn(["sh", "-c", script, "sh", BINARY], { env: person.env, stdout: "pipe", stderr: "pipe" });
    const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    expect(stdout).toMatch(/^Account .*\n$/);
    expect(stderr.trim().split("\n")).toEqual(["What is wrong: ccs doctor", "ended 0"]);
  });

  test("is coloured on a terminal, and elsewhere only where it is forced", async () => {
    await person.must("auth", "create", "work", "--no-login");
    const coloured = async (env: Record<string, string>) => (await person.ccs(["auth", "list"], { env })).stdout.includes("\x1b[");
    expect([await coloured({}), await coloured({ FORCE_COLOR: "1" }), await coloured({ FORCE_COLOR: "1", NO_COLOR: "1" })]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe("auth show", () => {
  test("tells everything about an account, and what mends it", async () => {
    await person.must("auth", "create", "work", "--share-context", "--no-login");
    const { stdout } = await person.must("auth", "show", "work");
    for (const told of ["work", "shared (default)", "not logged in", "never", person.instance("work"), "ccs auth login work"]) {
      expect(stdout).toContain(told);
    }
  });

  test("has the nearest account where there is none of that name", async () => {
    await person.must("auth", "create", "work", "--no-login");
    const { code, stdout, stderr } = await person.ccs(["auth", "show", "wrok"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`Did you mean "work"?`);
  });
});

describe("auth default", () => {
  test("is none at first, is set, said and reset", async () => {
    await person.must("auth", "create", "work", "--no-login");
    const none = await person.must("auth", "default");
    expect(none.stdout).toBe("");
    expect(none.stderr).toContain("no default account");
    await person.must("auth", "default", "work");
    expect((await person.must("auth", "default")).stdout).toBe("work\n");
    expect(JSON.parse((await person.must("auth", "default", "--json")).stdout)).toEqual({ version: 1, default: "work" });
    await person.must("auth", "reset-default");
    expect(JSON.parse((await person.must("auth", "default", "--json")).stdout)).toEqual({ version: 1, default: null });
  });

  test("cannot be an account that is not there", async () => {
    await person.must("auth", "create", "work", "--no-login");
    const before = person.tree();
    const { code, stderr } = await person.ccs(["auth", "default", "nobody"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`there is no account "nobody"`);
    expect(person.tree()).toEqual(before);
  });
});

describe("group list and group show", () => {
  test("say what to do where there is none", async () => {
    const { code, stdout, stderr } = await person.ccs(["group", "list"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain("--share-context");
  });

  test("tell members, sessions and whose, and the size", async () => {
    await person.must("auth", "create", "work", "--no-login");
    person.session("work", "the first");
    person.session("work", "the second");
    await person.must("auth", "edit", "work", "--context-group", "sprint-a", "--yes");
    await person.must("auth", "create", "spare", "--context-group", "sprint-a", "--deeper-continuity", "--no-login");
    const rows = (await person.must("group", "list")).stdout.trimEnd().split("\n");
    expect(rows[1]?.split(/ {2,}/)).toEqual(["sprint-a", "work, spare (deeper)", "2", "-", "-"]);
    const { stdout } = await person.must("group", "show", "Sprint A");
    expect(stdout).toMatch(/^Members: +work, spare \(deeper\)$/m);
    expect(stdout).toMatch(/^Sessions: +2 \(2 of work\)$/m);
    expect(stdout).toMatch(/^Size: +\d+ B$/m);
  });

  test("name the files that wait for a person", async () => {
    for (const [account, text] of [
      ["work", "one"],
      ["spare", "two"],
    ] as const) {
      await person.must("auth", "create", account, "--no-login");
      const memory = join(person.instance(account), "projects/-home-person-task/memory");
      mkdirSync(memory, { recursive: true });
      writeFileSync(join(memory, "notes.md"), text);
      await person.must("auth", "edit", account, "--share-context", "--yes");
    }
    const { stdout } = await person.must("group", "show", "default");
    expect(stdout).toContain("Conflicts: 1 file");
    expect(stdout).toContain("notes.from-spare.md");
    expect(JSON.parse((await person.must("group", "list", "--json")).stdout).groups[0].conflicts).toBe(1);
  });

  test("have the nearest group where there is none of that name", async () => {
    await person.must("auth", "create", "work", "--context-group", "sprint-a", "--no-login");
    const { code, stderr } = await person.ccs(["group", "show", "sprint"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`Did you mean "sprint-a"?`);
  });
});

describe("--json", () => {
  test("prints one versioned object on standard output, for every command that reports", async () => {
    await person.must("auth", "create", "work", "--share-context");
    const shapes: readonly [readonly string[], readonly string[]][] = [
      [
        ["auth", "list"],
        ["version", "default", "accounts"],
      ],
      [
        ["auth", "show", "work"],
        ["version", "account"],
      ],
      [
        ["auth", "default"],
        ["version", "default"],
      ],
      [
        ["group", "list"],
        ["version", "groups"],
      ],
      [
        ["group", "show", "default"],
        ["version", "group"],
      ],
      [
        ["auth", "edit", "work", "--isolated", "--dry-run"],
        ["version", "account", "from", "to", "applicable", "sentences", "digest", "plan"],
      ],
      [["doctor"], ["version", "fixed", "checks"]],
    ];
    for (const [args, keys] of shapes) {
      const { code, stdout, stderr } = await person.ccs([...args, "--json"]);
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: "" });
      const object = JSON.parse(stdout);
      expect(Object.keys(object)).toEqual([...keys]);
      expect(object.version).toBe(1);
    }
  });

  test("prints errors as an object too, with nothing on standard error", async () => {
    await person.must("auth", "create", "work", "--no-login");
    const cases: readonly [readonly string[], string, number][] = [
      [["auth", "show", "nobody", "--json"], "not-found", 2],
      [["auth", "lst", "--json"], "usage", 2],
      [["auth", "list", "--json", "--nope"], "usage", 2],
      [["auth", "edit", "work", "--json"], "usage", 2],
      [["group", "show", "nowhere", "--json"], "not-found", 2],
    ];
    for (const [args, code, exit] of cases) {
      const ran = await person.ccs(args);
      expect({ args, code: ran.code, stderr: ran.stderr }).toEqual({ args, code: exit, stderr: "" });
      const object = JSON.parse(ran.stdout);
      expect(Object.keys(object)).toEqual(["version", "error"]);
      expect(Object.keys(object.error)).toEqual(["code", "message", "hint", "where", "untouched"]);
      expect(object.error.code).toBe(code);
    }
  });
});
