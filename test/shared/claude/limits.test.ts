import { describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { limitedUntil } from "../../../shared/claude/index.ts";
import { projectDirectory } from "../../../shared/claude/transcripts.ts";
import { lines, put, scratch } from "./scratch.ts";

const root = scratch();
const NOW = Date.parse("2026-11-22T18:50:00.000Z");
const RESET = NOW + 3_600_000;
const S1 = "6db8a00a-cb03-47bb-9bc6-800dce1d16b5";
const S2 = "05843fb9-12a1-45f1-b515-5014ea51c1b8";
let made = 0;

const iso = (at: number) => new Date(at).toISOString();
const minutes = (n: number) => NOW - n * 60_000;

function asked(at: number, content: unknown = "go on") {
  return { type: "user", isSidechain: false, message: { role: "user", content }, timestamp: iso(at) };
}
function answered(at: number, change: object = {}) {
  return { type: "assistant", message: { role: "assistant", content: [{ type: "text", text: "hello" }] }, timestamp: iso(at), ...change };
}
/** The fields version 2.1.330 writes at a limit, those that are read. */
function limited(at: number, until = RESET, change: object = {}) {
  return answered(at, {
    apiError: "usage_limit_reached",
    apiErrorParams: { rate_limit_info: { status: "rejected", resetsAt: until / 1000, rateLimitType: "five_hour" } },
    error: "rate_limit",
    isApiErrorMessage: true,
    ...change,
  });
}
function login(who: string, at = minutes(60)) {
  return [
    {
      type: "attachment",
      attachment: { type: "session_context", context: { userEmail: `The user's email address is ${who}@example.com. Use it only so.` } },
      timestamp: iso(at),
    },
    { type: "attachment", attachment: { type: "credential_org", organizationUuid: `organization-${who}` }, timestamp: iso(at) },
  ];
}

interface Fixture {
  history?: unknown[];
  transcripts?: Record<string, unknown[]>;
  group?: string;
  cwd?: string;
}

function instance(who: string, { history = [], transcripts = {}, group, cwd = "/work" }: Fixture): string {
  made += 1;
  const directory = join(root, `${made}-${who}`);
  put(join(directory, ".claude.json"), {
    oauthAccount: { accountUuid: `account-${who}`, organizationUuid: `organization-${who}`, emailAddress: `${who}@example.com` },
  });
  if (history.length > 0) put(join(directory, "history.jsonl"), lines(...history));
  if (group === undefined) mkdirSync(join(directory, "projects"));
  else symlinkSync(group, join(directory, "projects"));
  for (const [session, content] of Object.entries(transcripts)) write(directory, session, content, cwd);
  return directory;
}

function write(directory: string, session: string, content: unknown[], cwd = "/work"): string {
  const file = put(join(directory, "projects", projectDirectory(cwd) as string, `${session}.jsonl`), lines(...content));
  utimesSync(file, NOW / 1000, NOW / 1000);
  return file;
}

function typed(sessionId: string, timestamp: number, display = "go on", project = "/work") {
  return { display, pastedContents: {}, timestamp, project, sessionId };
}

function group(): string {
  made += 1;
  const directory = join(root, `group-${made}`);
  mkdirSync(directory);
  return directory;
}

describe("limited until, for an account of its own history", () => {
  test("a limit that still holds is told in milliseconds", () => {
    const directory = instance("a", {
      history: [typed(S1, minutes(10))],
      transcripts: { [S1]: [asked(minutes(10)), limited(minutes(10))] },
    });
    expect(limitedUntil(directory, NOW)).toBe(RESET);
  });

  test("it is seen without a history too, as after claude -p", () => {
    expect(limitedUntil(instance("a", { transcripts: { [S1]: [asked(minutes(10)), limited(minutes(10))] } }), NOW)).toBe(RESET);
  });

  test("a limit that is past holds nobody", () => {
    const directory = instance("a", { transcripts: { [S1]: [asked(minutes(10)), limited(minutes(10), NOW - 1)] } });
    expect(limitedUntil(directory, NOW)).toBeNull();
    expect(limitedUntil(directory, NOW - 2)).toBe(NOW - 1);
  });

  test("an answer after the limit ends it, in another session too, and one before it does not", () => {
    const met = [asked(minutes(10)), limited(minutes(10))];
    expect(limitedUntil(instance("a", { transcripts: { [S1]: met, [S2]: [asked(minutes(5)), answered(minutes(5))] } }), NOW)).toBeNull();
    expect(limitedUntil(instance("a", { transcripts: { [S1]: met, [S2]: [asked(minutes(15)), answered(minutes(15))] } }), NOW)).toBe(RESET);
  });

  test("of two limits the one met last counts", () => {
    const both = [limited(minutes(20), RESET + 60_000), limited(minutes(10))];
    expect(limitedUntil(instance("a", { transcripts: { [S1]: both } }), NOW)).toBe(RESET);
  });

  test("a failure after the limit does not end it", () => {
    const turns = [limited(minutes(10)), answered(minutes(9), { isApiErrorMessage: true })];
    expect(limitedUntil(instance("a", { transcripts: { [S1]: turns } }), NOW)).toBe(RESET);
  });

  test("the newest transcripts of a project are looked at, not just any", () => {
    const directory = instance("a", {});
    for (let age = 1; age <= 20; age++) {
      const file = write(directory, `${age}`, [age === 1 ? limited(minutes(1)) : answered(minutes(age))]);
      utimesSync(file, NOW / 1000 - age * 60, NOW / 1000 - age * 60);
    }
    expect(limitedUntil(directory, NOW)).toBe(RESET);
  });

  test("other failures, limits without a time and words about limits are none", () => {
    const others = [
      answered(minutes(9), { isApiErrorMessage: true }),
      answered(minutes(9), { isApiErrorMessage: true, error: "overloaded" }),
      limited(minutes(8), RESET, { apiErrorParams: {} }),
      asked(minutes(7), JSON.stringify(limited(minutes(7)))),
    ];
    expect(limitedUntil(instance("a", { transcripts: { [S1]: others } }), NOW)).toBeNull();
  });

  test("a limit met under another login, before this one was made here, is not this account's", () => {
    const turn = [...login("b"), asked(minutes(10)), limited(minutes(10))];
    expect(limitedUntil(instance("a", { transcripts: { [S1]: turn } }), NOW)).toBeNull();
  });

  test("a session typed into is found in a project that is not the newest", () => {
    const directory = instance("a", {
      history: [typed(S1, minutes(10), "go on", "/old")],
      transcripts: { [S1]: [asked(minutes(10)), limited(minutes(10))] },
      cwd: "/old",
    });
    const newer = write(directory, S2, [asked(minutes(20)), answered(minutes(20))], "/new");
    utimesSync(dirname(newer), NOW / 1000 + 60, NOW / 1000 + 60);
    expect(limitedUntil(directory, NOW)).toBe(RESET);
  });

  test("transcripts not written for longer than the longest limit are not opened", () => {
    const directory = instance("a", {});
    const file = write(directory, S1, [limited(minutes(10))]);
    utimesSync(file, NOW / 1000 - 9 * 86_400, NOW / 1000 - 9 * 86_400);
    expect(limitedUntil(directory, NOW)).toBeNull();
    put(join(directory, "history.jsonl"), lines(typed(S1, minutes(10))));
    expect(limitedUntil(directory, NOW)).toBeNull();
  });

  test("a new account, and one whose instance is gone, is not limited", () => {
    expect(limitedUntil(instance("a", {}), NOW)).toBeNull();
    expect(limitedUntil(join(root, "gone"), NOW)).toBeNull();
  });

  test("a session id that would lead out of projects is not followed", () => {
    const directory = instance("a", { history: [typed("../../outside", minutes(1))] });
    put(join(directory, "outside.jsonl"), lines(limited(minutes(1))));
    mkdirSync(join(directory, "projects/-work"));
    expect(limitedUntil(directory, NOW)).toBeNull();
  });
});

describe("limited until, in a group", () => {
  const met = [asked(minutes(10)), limited(minutes(10))];

  test("a limit counts for the account whose prompt it answers, and for no other", () => {
    const shared = group();
    const a = instance("a", { history: [typed(S1, minutes(10))], transcripts: { [S1]: met }, group: shared });
    const b = instance("b", { history: [typed(S1, minutes(30), "before")], group: shared });
    const c = instance("c", { group: shared });
    expect(limitedUntil(a, NOW)).toBe(RESET);
    expect(limitedUntil(b, NOW)).toBeNull();
    expect(limitedUntil(c, NOW)).toBeNull();
  });

  test("a prompt typed here after the limit does not make it this account's", () => {
    const shared = group();
    const b = instance("b", { history: [typed(S1, minutes(5))], transcripts: { [S1]: met }, group: shared });
    expect(limitedUntil(b, NOW)).toBeNull();
  });

  test("a prompt that waited in the queue is known by its words", () => {
    const turn = [asked(minutes(10), [{ type: "text", text: "queued words" }]), limited(minutes(10))];
    const shared = group();
    const a = instance("a", { history: [typed(S1, minutes(14), "queued words")], transcripts: { [S1]: turn }, group: shared });
    const b = instance("b", { history: [typed(S1, minutes(14), "other words")], group: shared });
    expect(limitedUntil(a, NOW)).toBe(RESET);
    expect(limitedUntil(b, NOW)).toBeNull();
  });

  test("what a tool, an agent or the client itself says between the prompt and the limit is no prompt", () => {
    const turn = [
      asked(minutes(10)),
      asked(minutes(9), [{ type: "tool_result", content: "x" }]),
      { ...asked(minutes(8), "caveat"), isMeta: true },
      { ...asked(minutes(8), "a task"), isSidechain: true },
      limited(minutes(7)),
    ];
    const shared = group();
    expect(limitedUntil(instance("a", { history: [typed(S1, minutes(10))], transcripts: { [S1]: turn }, group: shared }), NOW)).toBe(RESET);
  });

  test("where the transcript names the login that decides, also for claude -p, which leaves no history", () => {
    const shared = group();
    const turns = [...login("a"), asked(minutes(20)), answered(minutes(20)), ...login("b"), asked(minutes(10)), limited(minutes(10))];
    const a = instance("a", { history: [typed(S1, minutes(10))], transcripts: { [S1]: turns }, group: shared });
    const b = instance("b", { group: shared });
    expect(limitedUntil(a, NOW)).toBeNull();
    expect(limitedUntil(b, NOW)).toBe(RESET);
  });

  test("another account's answer after the limit does not end it", () => {
    const shared = group();
    const turns = [...login("a"), asked(minutes(10)), limited(minutes(10)), ...login("b"), asked(minutes(5)), answered(minutes(5))];
    const a = instance("a", { transcripts: { [S1]: turns }, group: shared });
    const b = instance("b", { group: shared });
    expect(limitedUntil(a, NOW)).toBe(RESET);
    expect(limitedUntil(b, NOW)).toBeNull();
  });

  test("two logins of one address in two organisations are told apart", () => {
    const shared = group();
    const turns = [...login("b").slice(1), asked(minutes(10)), limited(minutes(10))];
    const a = instance("a", { history: [typed(S1, minutes(10))], transcripts: { [S1]: turns }, group: shared });
    expect(limitedUntil(a, NOW)).toBeNull();
  });

  test("an address that only contains another's is another one's", () => {
    const shared = group();
    const turns = [...login("aa").slice(0, 1), asked(minutes(10)), limited(minutes(10))];
    const a = instance("a", { transcripts: { [S1]: turns }, group: shared });
    const aa = instance("aa", { group: shared });
    expect(limitedUntil(a, NOW)).toBeNull();
    expect(limitedUntil(aa, NOW)).toBe(RESET);
  });
});

test("a working directory's name under projects is the client's, and unknown where the client cuts it", () => {
  expect(projectDirectory("/home/me/My Work_1.2")).toBe("-home-me-My-Work-1-2");
  expect(projectDirectory("/ü😀")).toBe("----");
  expect(projectDirectory(`/${"x".repeat(200)}`)).toBeNull();
});
