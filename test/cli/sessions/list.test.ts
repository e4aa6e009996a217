import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { makePerson, type Person } from "../../support/person.ts";
import { ids, listed, openIn, signIn, talk } from "./support/talk.ts";

let person: Person;
beforeEach(() => {
  person = makePerson();
});
afterEach(() => person.close());

async function account(name: string, group?: string): Promise<void> {
  await person.must("auth", "create", name, ...(group === undefined ? [] : ["--context-group", group]), "--no-login");
  signIn(person, name, `uuid-${name}`);
}

describe("ccs sessions --json", () => {
  test("tells of a session its directory, first prompt, times, owner, turns and size, and who sees it", async () => {
    await account("work", "team");
    await account("spare", "team");
    const cwd = join(person.home, "my app.d");
    const id = talk(person, "work", { cwd, said: ["fix  the\nlogin", "Done.", "thanks"], accountUuid: "uuid-spare" });
    const { version, total, sessions } = await listed(person);
    expect({ version, total }).toEqual({ version: 1, total: 1 });
    expect(sessions[0]).toEqual({
      id,
      project: cwd,
      title: null,
      prompt: "fix the login",
      began: "2026-10-05T12:00:00.000Z",
      last: "2026-10-05T12:00:00.000Z",
      owner: "spare",
      group: "team",
      accounts: ["work", "spare"],
      turns: 2,
      size: expect.any(Number),
      transcript: join(person.ccsDir, "shared/context-groups/team/projects", cwd.replace(/[^A-Za-z0-9]/g, "-"), `${id}.jsonl`),
      open: [],
    });
  });

  test("lists a group's history once, however many see it, and the histories of isolated accounts beside it", async () => {
    for (const name of ["one", "two", "three"]) await account(name, "team");
    await account("solo");
    const shared = talk(person, "two", { said: ["ours", "Yes."] });
    const own = talk(person, "solo", { said: ["mine", "Yes."], at: "2026-10-06T12:00:00.000Z" });
    expect(await ids(person)).toEqual([own, shared]);
  });

  test("lists a history once that two accounts see through links of a person's own", async () => {
    await account("one");
    await account("two");
    const elsewhere = join(person.root, "elsewhere");
    mkdirSync(elsewhere);
    for (const name of ["one", "two"]) symlinkSync(elsewhere, join(person.instance(name), "projects"));
    const id = talk(person, "one", { said: ["ours", "Yes."], accountUuid: "uuid-two" });
    const { sessions } = await listed(person);
    expect(sessions.map((session) => [session.id, session.owner, session.group, session.accounts])).toEqual([
      [id, "two", null, ["one", "two"]],
    ]);
  });

  test("names as the owner whoever brought a session where its transcript does not say, as group show does", async () => {
    await account("work");
    const id = talk(person, "work", { said: ["mine", "Yes."] });
    await person.must("auth", "edit", "work", "--context-group", "team", "--yes");
    await account("spare", "team");
    const unknown = talk(person, "spare", { said: ["somebody's", "Yes."], at: "2026-10-06T12:00:00.000Z" });
    const { sessions } = await listed(person);
    expect(sessions.map((session) => [session.id, session.owner])).toEqual([
      [unknown, null],
      [id, "work"],
    ]);
    const { group } = JSON.parse((await person.must("group", "show", "team", "--json")).stdout);
    expect(group.owners).toContainEqual({ account: "work", sessions: 1 });
  });

  test("takes the directory a client was started in, not the one its shell went to, and no part of the encoded name", async () => {
    await account("solo");
    const started = join(person.home, "my-app");
    const line = {
      type: "user",
      cwd: "/somewhere/else",
      timestamp: "2026-10-05T11:00:00.000Z",
      message: { role: "user", content: "cd away" },
    };
    talk(person, "solo", { cwd: started, said: ["first", "Yes."], between: [line] });
    expect((await listed(person)).sessions[0]?.project).toBe(started);
  });

  test("counts what a person typed, and nothing else, as a turn", async () => {
    await account("solo");
    const user = (content: unknown, more: object = {}) => ({ type: "user", message: { role: "user", content }, ...more });
    const id = talk(person, "solo", {
      said: ["<command-message>init</command-message>\n<command-name>/init</command-name>", "It is made.", "now the real question"],
      between: [
        user("Please analyze this codebase", { isMeta: true }),
        user([{ type: "tool_result", tool_use_id: "t", content: "noise" }]),
        user("of a subagent", { isSidechain: true }),
        user("[Request interrupted by user]"),
        user("<task-notification>done</task-notification>", { origin: { kind: "task-notification" } }),
        user("<command-name>/model</command-name>"),
        user("<local-command-stdout>Set model</local-command-stdout>"),
        { type: "custom-title", customTitle: "the big one" },
      ],
    });
    const [session] = (await listed(person)).sessions;
    expect(session).toMatchObject({ id, turns: 2, prompt: "now the real question", title: "the big one" });
  });

  test("passes over what nobody said anything in, and names that are no session's", async () => {
    await account("solo");
    talk(person, "solo", { said: [], between: [{ type: "mode", mode: "normal" }] });
    talk(person, "solo", { id: "agent-1234", said: ["of a subagent", "Yes."] });
    expect((await listed(person)).sessions).toEqual([]);
  });

  test("marks a session that a running client has open, and not one whose client has gone", async () => {
    await account("work", "team");
    await account("spare", "team");
    const id = talk(person, "work", { said: ["busy", "Yes."] });
    {
      using client = openIn(person, "spare", id);
      expect((await listed(person)).sessions[0]?.open).toEqual([{ account: "spare", pid: client.pid, status: "idle" }] as never);
    }
    expect((await listed(person)).sessions[0]?.open).toEqual([]);
  });
});

describe("what is looked for", () => {
  test("is found in what was said by the person and by the assistant, in any order and case, also as a part of a word", async () => {
    await account("solo");
    const id = talk(person, "solo", { said: ["Why does resolvePolicy fail?", "Because ÉTÉ is not normalised: see größe."] });
    talk(person, "solo", { said: ["something else", "Yes."] });
    for (const text of [
      "policy",
      "FAIL why",
      "normalised resolvepolicy",
      "e\u0301te\u0301",
      "GRÖSSE".toLowerCase().replace("ss", "ß"),
      "(normalised:)",
    ]) {
      expect(await ids(person, text)).toEqual([id]);
    }
    expect(await ids(person, "policy nothing")).toEqual([]);
  });

  test("is not found in what a tool gave back, in what was thought or run, in talk with a subagent, or in what the client adds", async () => {
    await account("solo");
    const user = (content: unknown, more: object = {}) => ({ type: "user", message: { role: "user", content }, ...more });
    talk(person, "solo", {
      said: ["look at it", "Done."],
      between: [
        user([{ type: "tool_result", tool_use_id: "t", content: "walrus" }]),
        { type: "assistant", message: { role: "assistant", content: [{ type: "tool_use", name: "Bash", input: { command: "walrus" } }] } },
        { type: "assistant", message: { role: "assistant", content: [{ type: "thinking", thinking: "walrus" }] } },
        { type: "assistant", isSidechain: true, message: { role: "assistant", content: [{ type: "text", text: "walrus" }] } },
        { type: "attachment", attachment: { type: "environment", snapshot: "walrus" } },
      ],
    });
    expect(await ids(person, "walrus")).toEqual([]);
  });

  test("is found in a name the session was given, in its directory, and in what was typed while the client was busy", async () => {
    await account("solo");
    const id = talk(person, "solo", {
      cwd: join(person.home, "sealion"),
      said: ["one", "two"],
      between: [
        { type: "custom-title", customTitle: "about otters" },
        { type: "attachment", attachment: { type: "queued_command", prompt: "and the narwhal", commandMode: "prompt" } },
      ],
    });
    for (const text of ["otters", "sealion", "narwhal"]) expect(await ids(person, text)).toEqual([id]);
  });

  test("has to have a word in it", async () => {
    const { code, stderr } = await person.ccs(["sessions", "?!"]);
    expect(code).toBe(2);
    expect(stderr).toContain('there is no word in "?!"');
  });
});

describe("filters", () => {
  test("--project takes a directory with what is below it, or a part of a path", async () => {
    await account("solo");
    const app = talk(person, "solo", { cwd: join(person.root, "app"), said: ["a", "b"], at: "2026-10-03T12:00:00.000Z" });
    const deep = talk(person, "solo", { cwd: join(person.root, "app/deep"), said: ["a", "b"], at: "2026-10-02T12:00:00.000Z" });
    const other = talk(person, "solo", { cwd: join(person.home, "apples"), said: ["a", "b"], at: "2026-10-01T12:00:00.000Z" });
    expect(await ids(person, "--project", join(person.root, "app"))).toEqual([app, deep]);
    expect(await ids(person, "--project", "./app")).toEqual([app, deep]);
    expect(await ids(person, "--project", "~/apples")).toEqual([other]);
    expect(await ids(person, "--project", "APP")).toEqual([app, deep, other]);
    expect(await ids(person, "--project", "deep")).toEqual([deep]);
  });

  test("--account takes the owner, --group the history", async () => {
    await account("work", "team");
    await account("spare", "team");
    await account("solo");
    const a = talk(person, "work", { said: ["a", "b"], accountUuid: "uuid-work", at: "2026-10-03T12:00:00.000Z" });
    const b = talk(person, "work", { said: ["a", "b"], accountUuid: "uuid-spare", at: "2026-10-02T12:00:00.000Z" });
    const c = talk(person, "solo", { said: ["a", "b"], at: "2026-10-01T12:00:00.000Z" });
    expect(await ids(person, "--account", "work")).toEqual([a]);
    expect(await ids(person, "--account", "spare")).toEqual([b]);
    expect(await ids(person, "--account", "solo")).toEqual([c]);
    expect(await ids(person, "--group", "Team")).toEqual([a, b]);
    expect(await ids(person, "--group", "team", "--account", "solo")).toEqual([]);
  });

  test("--since and --until take days, both of them whole, and --limit the newest of all", async () => {
    await account("solo");
    const late = talk(person, "solo", { said: ["a", "b"], at: "2026-10-03T23:59:59.000Z" });
    const noon = talk(person, "solo", { said: ["a", "b"], at: "2026-10-02T12:00:00.000Z" });
    const early = talk(person, "solo", { said: ["a", "b"], at: "2026-10-01T00:00:00.000Z" });
    expect(await ids(person, "--since", "2026-10-02")).toEqual([late, noon]);
    expect(await ids(person, "--until", "2026-10-03")).toEqual([late, noon, early]);
    expect(await ids(person, "--until", "2026-10-02")).toEqual([noon, early]);
    expect(await ids(person, "--since", "2026-10-01", "--until", "2026-10-01")).toEqual([early]);
    const limited = await listed(person, "--limit", "1");
    expect({ total: limited.total, ids: limited.sessions.map((session) => session.id) }).toEqual({ total: 3, ids: [late] });
    const now = talk(person, "solo", { said: ["a", "b"], at: new Date().toISOString() });
    for (const since of ["today", "yesterday", "3d", "1w"]) expect(await ids(person, "--since", since)).toEqual([now]);
  });

  for (const [args, said] of [
    [["--since", "2026-02-30"], '--since is "2026-02-30"; it takes a day'],
    [["--until", "soon"], '--until is "soon"; it takes a day'],
    [["--limit", "0"], '--limit is "0"; it takes a number from 1 on'],
    [["--account", "wrok"], 'Did you mean "work"?'],
    [["--group", "teem"], 'Did you mean "team"?'],
  ] as const) {
    test(`what no filter takes is refused with 2: ${args.join(" ")}`, async () => {
      await account("work", "team");
      const { code, stdout, stderr } = await person.ccs(["sessions", ...args]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(said);
    });
  }
});

describe("ccs sessions into a pipe", () => {
  test("is a plain table, a line each, with what --resume takes", async () => {
    await account("solo");
    const id = talk(person, "solo", { cwd: join(person.home, "app"), said: ["a \x1b[31mred\nprompt", "Yes."] });
    const { stdout, stderr } = await person.must("sessions");
    expect(stderr).toBe("");
    const [titles, row, ...rest] = stdout.split("\n");
    expect(titles).toBe(titles?.trimEnd());
    expect(titles).toMatch(/^When +Owner +History +Turns +Size +Project +Session +First prompt$/);
    expect(row).toMatch(new RegExp(`^2026-10-05 12:00 +solo +solo +1 +\\d+ B +~/app +${id} +a \\?\\[31mred prompt$`));
    expect(rest).toEqual([""]);
  });

  test("says on standard error what there is nothing of, and exits with 0", async () => {
    const said = async (...args: string[]) => await person.ccs(["sessions", ...args]);
    const nothing = (stderr: string) => ({ code: 0, stdout: "", stderr });
    expect(await said()).toEqual(nothing("There are no sessions yet, and no account: ccs auth create <account>\n"));
    await account("solo");
    expect(await said()).toEqual(nothing("There are no sessions yet: nothing was said with any account.\n"));
    talk(person, "solo", { said: ["a", "b"] });
    for (const args of [["walrus"], ["--since", "today"], ["--account", "solo", "--project", "nowhere"]]) {
      expect(await said(...args)).toEqual(nothing("No session fits that. All there are: ccs sessions\n"));
    }
  });

  test("shows a session that is open as open", async () => {
    await account("solo");
    const id = talk(person, "solo", { said: ["a", "b"] });
    using _ = openIn(person, "solo", id);
    expect((await person.must("sessions")).stdout).toContain("open (solo)");
  });
});
