import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readSetAside } from "../../../shared/context/set-aside.ts";
import { CcsError, showGroup } from "../../../shared/index.ts";
import { healthy, Stand, session, transcript } from "./scratch.ts";

const SESSION = session("ace");

function refusal(act: () => unknown): CcsError {
  try {
    act();
  } catch (error) {
    if (error instanceof CcsError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

test.each(["", "[]", '{"work": 7}', "\u0000\u0000{", Buffer.from([0xff, 0xfe])])(
  "a record of the accounts that holds no sense (%p) is said with its path, and mended: it is kept in set-aside, and work goes on",
  (bytes) => {
    const stand = healthy();
    stand.put(join(stand.home.groups, "team/projects/-p", `${SESSION}.jsonl`), transcript(SESSION, 2));
    const path = join(stand.home.records, "accounts.json");
    writeFileSync(path, bytes);
    const refused = refusal(() => stand.edit("work", { mode: "isolated" }));
    expect(refused.where).toBe(path);
    expect(refused.untouched).toBe("Nothing was changed.");
    expect(stand.said("records")).toMatchObject([{ result: "error", where: path, fix: { command: "ccs doctor --fix" } }]);
    stand.fix();
    expect(stand.problems()).toEqual([]);
    const kept = readSetAside(stand.home).find((entry) => entry.beside === path);
    expect(readFileSync(kept?.path ?? "")).toEqual(Buffer.from(bytes as string));
    // Nobody knows any more whose it was: it stays, and is nobody's.
    expect(showGroup(stand.home, "team").owners).toEqual([{ account: null, sessions: 1 }]);
    stand.edit("work", { mode: "isolated" });
    expect(existsSync(stand.at("work", "projects", "-p"))).toBe(false);
    expect(JSON.parse(readFileSync(path, "utf8"))).toHaveProperty("work");
  },
);

test("a record of the rules ccs added that holds no sense is mended, and the account can leave", () => {
  const stand = healthy();
  const directory = join(stand.home.records, "settings");
  const path = join(directory, readdirSync(directory)[0] ?? "");
  writeFileSync(path, "{}");
  expect(stand.said("records")).toMatchObject([{ result: "error", where: path }]);
  stand.fix();
  expect(existsSync(path)).toBe(false);
  expect(stand.problems()).toEqual([]);
  for (const account of ["work", "spare"]) stand.edit(account, { mode: "isolated" });
});

test("the record of an unfinished change that holds no sense is mended: what the change had staged goes where it was to go", () => {
  const stand = healthy();
  stand.account("late");
  stand.put(stand.at("late", "projects", "-p", `${SESSION}.jsonl`), transcript(SESSION, 2));
  // As after a power loss between moving the directory away and linking it in, with a disk that kept no order.
  const staged = join(stand.home.staging, "20260301T120000000Z-late-abcd", "projects.in.0");
  mkdirSync(dirname(staged), { recursive: true });
  renameSync(stand.at("late", "projects"), staged);
  stand.put(join(stand.home.intents, "late.json"), "");
  expect(refusal(() => stand.edit("late", { mode: "shared", group: "team", continuity: "standard" })).hint).toBe("ccs doctor --fix");
  stand.fix();
  expect(stand.problems()).toEqual([]);
  expect(readdirSync(stand.home.intents)).toEqual([]);
  expect(readFileSync(stand.at("late", "projects", "-p", `${SESSION}.jsonl`), "utf8")).toBe(transcript(SESSION, 2));
  expect(stand.fix().fixed.filter((sentence) => !sentence.includes("dropped"))).toEqual([]);
});

test("lines of records that are not what ccs writes are passed over", () => {
  const stand = healthy();
  const nonsense = "{}\n[]\nnull\n7\n";
  for (const file of ["groups/team.jsonl", "forks.jsonl", "conflicts/team.jsonl"]) stand.put(join(stand.home.records, file), nonsense);
  expect(stand.problems()).toEqual([]);
  expect(showGroup(stand.home, "team").sessions).toBe(0);
  stand.edit("work", { mode: "isolated" });
});

test("a file where ccs keeps a directory of its own is an error that says what to do, and a change is refused before it begins", () => {
  for (const room of ["intents", "records", "staging", "setAside", "state"] as const) {
    const stand = new Stand();
    stand.account("work");
    const path = stand.home[room];
    if (existsSync(path)) renameSync(path, `${path}.before`);
    stand.put(path, "mine");
    expect(stand.said("directories")).toContainEqual(expect.objectContaining({ result: "error", where: path }));
    const before = readFileSync(stand.home.config, "utf8");
    const refused = refusal(() => stand.edit("work", { mode: "shared", group: "team", continuity: "standard" }));
    expect(`${refused.message} ${refused.where}`).toContain(path);
    expect(refused.hint).toContain(`mv ${path}`);
    expect(readFileSync(stand.home.config, "utf8")).toBe(before);
    expect(existsSync(stand.at("work", "projects"))).toBe(false);
    unlinkSync(path);
    if (existsSync(`${path}.before`)) renameSync(`${path}.before`, path);
    stand.edit("work", { mode: "shared", group: "team", continuity: "standard" });
    expect(stand.problems()).toEqual([]);
  }
});
