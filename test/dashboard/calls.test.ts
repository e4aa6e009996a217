import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Asked } from "../../cli/dashboard/api/schemas.ts";
import { makePerson, type Person } from "../support/person.ts";
import { type Served, serve } from "./support/dashboard.ts";

let person: Person;
let served: Served;
beforeEach(async () => {
  person = makePerson();
  await person.must("auth", "create", "work", "--no-login");
  await person.must("auth", "create", "spare", "--context-group", "team", "--no-login");
  served = await serve(person);
});
afterEach(async () => {
  await served.end();
  await person.close();
});

const change = (account: string, to: Asked<"preview-change">["to"], more: Partial<Asked<"preview-change">> = {}) =>
  served.must("preview-change", { account, to, take: "mine", copySettings: false, ...more });
const shared = (group = "team", continuity: "standard" | "deeper" = "standard") => ({ mode: "shared", group, continuity }) as const;
const contextOf = async (name: string) => (await served.must("accounts", {})).accounts.find((row) => row.name === name)?.context;

describe("edit history sync", () => {
  test("shows the plan the command line shows, applies it, and offers to take it back", async () => {
    person.session("work", "hello");
    const plan = await change("work", shared("Team", "deeper"));
    expect(plan).toMatchObject({ blockers: [], leaves: false, context: "shared (team), deeper" });
    const dryRun = await person.must("auth", "edit", "work", "--context-group", "team", "--deeper-continuity", "--dry-run", "--json");
    expect([...plan.sentences]).toEqual(JSON.parse(dryRun.stdout).sentences);
    expect(await contextOf("work")).toBe("isolated");

    const { applied, progress } = await served.apply(plan);
    expect(applied).toMatchObject({ said: "work is shared (team), deeper.", sentences: plan.sentences, undo: "work" });
    expect(progress).toBeGreaterThan(0);
    expect(await contextOf("work")).toBe("shared (team), deeper");
    expect(readlinkSync(join(person.instance("work"), "projects"))).toContain("context-groups/team");

    const undo = await served.must("preview-undo", { account: "work" });
    expect(undo).toMatchObject({ leaves: true, context: "isolated" });
    expect((await served.apply(undo)).applied.said).toBe("work is isolated.");
    expect(await contextOf("work")).toBe("isolated");
  });

  test("counts what comes along on leaving, whatever is taken", async () => {
    for (const words of ["one", "two"]) person.session("spare", words);
    await served.apply(await change("work", shared()));
    const takes = await served.must("takes", { account: "work" });
    expect(takes).toEqual({ mine: 0, all: 2, continued: 0 });
    const plan = await change("work", { mode: "isolated" }, { take: "all" });
    expect(plan.leaves).toBe(true);
    expect(plan.sentences.join(" ")).toContain("takes a copy of 2 sessions along");
  });

  test("has nothing to apply where nothing would change", async () => {
    expect(await change("spare", shared())).toMatchObject({ id: null, sentences: [], blockers: [] });
  });

  test("a plan that somebody overtook is refused as stale, and so is one that was applied already", async () => {
    person.session("work", "hello");
    const plan = await change("work", shared());
    await person.must("auth", "edit", "work", "--context-group", "other", "--yes");
    expect(await served.refused("apply", { id: plan.id })).toMatchObject({ status: 409, body: { error: { code: "stale" } } });
    expect(await contextOf("work")).toBe("shared (other)");
    const again = await change("work", shared());
    await served.apply(again);
    expect((await served.refused("apply", { id: again.id })).body.error.code).toBe("stale");
    expect((await served.refused("apply", { id: "x" })).body.error.code).toBe("stale");
  });

  test("says by whom the lock is held, and does it once it is free", async () => {
    const plan = await change("work", shared());
    const lock = join(person.ccsDir, "state", "lock");
    const holder = {
      token: "t",
      host: `not-${hostname()}`,
      machine: "m",
      boot: "b",
      namespace: "n",
      pid: 4242,
      start: "",
      doing: "changing the history sync of spare",
      since: "now",
    };
    mkdirSync(lock);
    writeFileSync(join(lock, "holder"), JSON.stringify(holder));
    const refused = served.refused("apply", { id: plan.id });
    // Who looks does not wait for who changes.
    expect(await Promise.race([refused.then(() => "refused"), contextOf("work")])).toBe("isolated");
    const { status, body } = await refused;
    expect(status).toBe(423);
    expect(body.error.code).toBe("busy");
    expect(body.error.message).toContain("changing the history sync of spare, process 4242");
    unlinkSync(join(lock, "holder"));
    expect((await served.apply(plan)).applied.said).toBe("work is shared (team).");
  });

  test("a client that runs is in the way of leaving, by name, and there is nothing to apply", async () => {
    const sessions = join(person.instance("spare"), "sessions");
    mkdirSync(sessions);
    writeFileSync(join(sessions, `${process.pid}.json`), JSON.stringify({ pid: process.pid, sessionId: crypto.randomUUID(), cwd: "/" }));
    const plan = await change("spare", { mode: "isolated" });
    expect(plan.id).toBeNull();
    expect(plan.blockers).toMatchObject([{ code: "busy", message: expect.stringContaining(`process ${process.pid}`) }]);
  });

  test("where settings.json is a link, a copy of it can be asked for", async () => {
    const elsewhere = join(person.home, "settings.json");
    writeFileSync(elsewhere, "{}\n");
    symlinkSync(elsewhere, join(person.instance("work"), "settings.json"));
    expect(await change("work", shared())).toMatchObject({ id: null, settingsLink: true, blockers: [{ code: "refused" }] });
    const plan = await change("work", shared(), { copySettings: true });
    expect(plan.blockers).toEqual([]);
    await served.apply(plan);
    expect(readFileSync(elsewhere, "utf8")).toBe("{}\n");
  });

  test("what cannot be a policy is refused at its field, in shared's words, and nothing changes", async () => {
    const before = person.tree();
    const ask = (account: string, to: object) => served.refused("preview-change", { account, to, take: "mine", copySettings: false });
    expect(await ask("work", { mode: "shared", group: "1x" })).toMatchObject({
      status: 400,
      body: { error: { code: "usage", field: "to.group", message: 'the group is "1x"; it has to start with a letter (a-z)' } },
    });
    expect((await ask("work", { mode: "shared" })).body.error).toMatchObject({
      field: "to.group",
      message: expect.stringContaining("is empty"),
    });
    expect((await ask("work", { mode: "isolated", group: "team" })).body.error.field).toBe("to.group");
    expect((await ask("work", { mode: "deep" })).body.error).toMatchObject({
      field: "to.mode",
      message: '"to.mode" has to be one of "isolated", "shared"',
    });
    expect(await ask("wrok", { mode: "isolated" })).toMatchObject({
      status: 404,
      body: { error: { code: "not-found", field: "account", hint: 'Did you mean "work"?' } },
    });
    for (const account of ["../work", "/etc", "__proto__", "constructor", ""])
      expect((await ask(account, { mode: "isolated" })).status).toBe(404);
    expect(person.tree()).toEqual(before);
  });
});

describe("accounts", () => {
  test("are created, with the command that logs in, and the login is seen when it comes", async () => {
    expect(await served.must("create", { account: "third", to: shared("team", "deeper") })).toEqual({
      ...{ account: "third", context: "shared (team), deeper", command: "ccs auth login third" },
    });
    const row = async () => (await served.must("accounts", {})).accounts.find(({ name }) => name === "third");
    expect(await row()).toMatchObject({ login: { loggedIn: false }, standing: { state: "signed-out" } });
    await person.must("auth", "login", "third");
    expect(await row()).toMatchObject({ login: { loggedIn: true } });
  });

  test("a name that cannot be one is told while it is typed, and refused at its field", async () => {
    const told = async (of: "account" | "group", name: string) => (await served.must("name", { of, name })).message;
    expect(await told("account", "work")).toBe('there is an account "work" already');
    expect(await told("account", "config")).toContain("is a command of ccs");
    expect(await served.must("name", { of: "group", name: "  Team Alpha " })).toEqual({ name: "team-alpha", message: null });
    expect(await told("group", "a/b")).toBe('the name is "a/b"; only letters, digits, "_" and "-" are allowed');
    for (const account of ["work", "WORK", "../x", "config", "a b"]) {
      const { status, body } = await served.refused("create", { account, to: { mode: "isolated" } });
      expect([account, body.error.field, status === 400 || status === 409]).toEqual([account, "account", true]);
    }
    expect(existsSync(join(person.ccsDir, "x"))).toBe(false);
  });

  test("the default is set and taken back", async () => {
    await served.must("set-default", { account: "work" });
    expect((await served.must("accounts", {})).accounts.map(({ isDefault }) => isDefault)).toEqual([true, false]);
    await served.must("set-default", { account: null });
    expect((await served.must("accounts", {})).accounts.some(({ isDefault }) => isDefault)).toBe(false);
    expect((await served.refused("set-default", { account: "nobody" })).status).toBe(404);
  });

  test("one that is removed is set aside, and comes back", async () => {
    const id = person.session("work", "hello");
    const removal = await served.must("preview-removal", { account: "work", take: "mine", keepLogin: false });
    const { applied } = await served.apply(removal);
    expect(applied.said).toBe("work is removed.");
    expect(applied.restore).toStartWith("work.");
    const { accounts, removed } = await served.must("accounts", {});
    expect([accounts.map(({ name }) => name), removed]).toMatchObject([
      ["spare"],
      [{ account: "work", dated: applied.restore, context: "isolated" }],
    ]);
    const back = await served.must("preview-return", { dated: applied.restore ?? "", as: null });
    expect((await served.apply(back)).applied.said).toBe("work is back, isolated.");
    expect(existsSync(join(person.instance("work"), "projects", "-home-person-task", `${id}.jsonl`))).toBe(true);
    expect((await served.refused("preview-return", { dated: "../../work", as: null })).status).toBe(404);
  });

  test("a config.yaml that is broken is said with its line, and nothing is applied over it", async () => {
    writeFileSync(person.config, "accounts:\n  work:\n    context_mode: deep\n");
    const { accounts, problems } = await served.must("accounts", {});
    expect(problems.join()).toContain("config.yaml:3:19");
    expect(accounts).toMatchObject([{ name: "work", policy: null, context: "invalid", health: "error" }]);
    const { status, body } = await served.refused("preview-change", {
      account: "work",
      to: { mode: "isolated" },
      take: "mine",
      copySettings: false,
    });
    expect([status, body.error.code, body.error.where]).toEqual([422, "config-invalid", expect.stringContaining("config.yaml:3:19")]);
  });
});

describe("groups and doctor", () => {
  test("a group says who is in, how much it holds, and whose", async () => {
    person.session("spare", "one");
    const { groups, deeper } = await served.must("groups", {});
    expect(groups).toMatchObject([{ name: "team", members: [{ account: "spare", continuity: "standard" }], sessions: 1, conflicts: 0 }]);
    expect(deeper).toContain("file-history");
    const details = await served.must("group", { group: "team" });
    expect(details).toMatchObject({ owners: [{ account: "spare", sessions: 1 }], conflictFiles: [], setAsideFiles: [] });
    expect(details.size).toMatch(/^\d+ B$/);
    expect(await served.refused("group", { group: "../team" })).toMatchObject({ status: 404, body: { error: { field: "group" } } });
  });

  test("mends one thing, and then all, as it was shown", async () => {
    await served.apply(await change("work", shared()));
    for (const account of ["work", "spare"]) unlinkSync(join(person.instance(account), "projects"));
    const broken = async () =>
      (await served.must("doctor", {})).checks.filter(({ name, result }) => name === "links" && result === "error");
    const [first] = await broken();
    const one = await served.must("preview-mending", { only: [first?.id ?? ""] });
    expect([...one.sentences]).toEqual([...(first?.fix?.describes ?? [])]);
    expect((await served.apply(one)).applied).toMatchObject({ said: "Mended.", left: [] });
    expect((await broken()).map(({ subject }) => subject)).toEqual(["spare"]);
    await served.apply(await served.must("preview-mending", { only: null }));
    expect(await broken()).toEqual([]);
    expect((await served.must("preview-mending", { only: null })).id).toBeNull();
  });
});

describe("what the server keeps to itself", () => {
  test("no token of a login is in any answer, nor in what it prints", async () => {
    await person.must("auth", "login", "work");
    const secret = /"accessToken":"([^"]+)"/.exec(readFileSync(join(person.instance("work"), ".credentials.json"), "utf8"))?.[1] ?? "";
    expect(secret).not.toBe("");
    const asked: [string, object][] = [
      ["accounts", {}],
      ["groups", {}],
      ["group", { group: "team" }],
      ["doctor", {}],
      ["takes", { account: "work" }],
      ["preview-change", { account: "work", to: shared(), take: "mine", copySettings: false }],
      ["preview-removal", { account: "work", take: "mine", keepLogin: false }],
    ];
    for (const [name, body] of asked) expect([name, JSON.stringify(await served.ask(name, body)).includes(secret)]).toEqual([name, false]);
    expect(served.said().trim().split("\n")).toHaveLength(1);
    expect(served.said()).not.toContain(served.bearer);
  });
});

describe("events", () => {
  test("tell of a change somebody else makes", async () => {
    const response = await served.request("/api/events");
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    let said = "";
    const heard = (async () => {
      for await (const text of (response.body as ReadableStream<Uint8Array>).pipeThrough(
        new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>,
      )) {
        said += text;
        if (said.includes("event: changed")) return;
      }
    })();
    await person.must("auth", "default", "spare");
    await heard;
    expect(said).toStartWith("event: hello\n");
  });

  test("say that the server ends", async () => {
    const response = await served.request("/api/events");
    await served.end();
    expect(await response.text()).toContain("event: ended");
  });
});
