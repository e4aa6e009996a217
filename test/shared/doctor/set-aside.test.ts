import { expect, test } from "bun:test";
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { readSetAside, type SetAside } from "../../../shared/context/set-aside.ts";
import { dropHeld } from "../../../shared/doctor/drop.ts";
import { groupOf, ISOLATED } from "../../../shared/index.ts";
import { healthy, type Stand, session, TEAM, transcript } from "./scratch.ts";

const SAME = session("5a3e");
const SHORTER = session("5047");
const FORKED = session("f0");

/** An account that joined with sessions the group had already: equal, shorter, diverged. */
function joined(): Stand {
  const stand = healthy(TEAM);
  const group = (id: string) => stand.at("work", "projects", "-p", `${id}.jsonl`);
  const late = (id: string) => stand.at("late", "projects", "-p", `${id}.jsonl`);
  stand.account("late");
  stand.put(group(SAME), transcript(SAME, 3));
  stand.put(late(SAME), transcript(SAME, 3));
  stand.put(group(SHORTER), transcript(SHORTER, 5));
  stand.put(late(SHORTER), transcript(SHORTER, 2));
  stand.put(group(FORKED), transcript(FORKED, 3, "a"));
  stand.put(late(FORKED), transcript(FORKED, 3, "b"));
  stand.edit("late", TEAM);
  return stand;
}

function kept(stand: Stand): SetAside[] {
  return readSetAside(stand.home);
}

function groupFile(stand: Stand, id: string): string {
  return join(groupOf(stand.home, "team"), "projects", "-p", `${id}.jsonl`);
}

test("what is set aside is told by the way; only what the group holds is dropped, and the record of the rest is kept", () => {
  const stand = joined();
  expect(
    kept(stand)
      .map((s) => s.why)
      .sort(),
  ).toEqual(["forked", "same", "shorter"]);
  const said = stand.said("set-aside");
  expect(said).toMatchObject([{ result: "info", where: stand.home.setAside }]);
  expect(said[0]?.message).toStartWith("3 entries are set aside (");
  expect(said[0]?.fix?.describes[0]).toStartWith("2 entries in set-aside (");
  expect(stand.fix().fixed.length).toBe(1);
  const left = kept(stand);
  expect(left.map((s) => s.why)).toEqual(["forked"]);
  expect(readFileSync(left[0]?.path ?? "", "utf8")).toBe(transcript(FORKED, 3, "b"));
  expect(readFileSync(groupFile(stand, SAME), "utf8")).toBe(transcript(SAME, 3));
  expect(readFileSync(groupFile(stand, SHORTER), "utf8")).toBe(transcript(SHORTER, 5));
  expect(stand.said("set-aside")).toMatchObject([{ result: "info", fix: { describes: [] } }]);
  expect(stand.problems()).toEqual([]);
  expect(stand.fix().fixed).toEqual([]);
});

test("what differs from the group by now, or has nothing beside it any more, is kept", () => {
  const stand = joined();
  writeFileSync(groupFile(stand, SAME), transcript(SAME, 3, "z"));
  rmSync(groupFile(stand, SHORTER));
  expect(stand.said("set-aside")).toMatchObject([{ result: "info", fix: { describes: [] } }]);
  stand.fix();
  expect(kept(stand).length).toBe(3);
});

test("a file is compared again right before it is dropped", () => {
  const stand = joined();
  const same = kept(stand).find((s) => s.why === "same") as SetAside;
  // A first byte that differs and equal sizes: a look at sizes would not do.
  writeFileSync(same.path, transcript(SAME, 3).replace("{", "["));
  stand.fix();
  expect(existsSync(same.path)).toBe(true);
});

test("where nothing is left of a change, its record and its directories go too", () => {
  const stand = joined();
  rmSync((kept(stand).find((s) => s.why === "forked") as SetAside).path);
  stand.fix();
  expect(readdirSync(stand.home.setAside)).toEqual([]);
  expect(stand.said("set-aside").map((c) => c.result)).toEqual(["ok"]);
});

test("a record of a change that set nothing aside is removed", () => {
  const stand = healthy(TEAM);
  stand.put(
    join(stand.home.setAside, "20260101T000000Z-work-0000", "index.jsonl"),
    '{"path":"projects/x","size":1,"why":"same","beside":"/x"}\n',
  );
  expect(stand.said("set-aside")[0]?.fix?.describes).toEqual(["1 record of changes with nothing left in set-aside is removed."]);
  stand.fix();
  expect(readdirSync(stand.home.setAside)).toEqual([]);
});

test("what an index says is not trusted beyond its own directory", () => {
  const stand = healthy(TEAM);
  const file = stand.put(stand.at("work", "notes.md"), "mine");
  const beside = stand.put(join(groupOf(stand.home, "team"), "projects", "-p", "notes.md"), "mine");
  const change = join(stand.home.setAside, "20260101T000000Z-work-0000");
  const paths = ["../../instances/work/notes.md", "way/notes.md"];
  const lines = paths.map((path) => `${JSON.stringify({ path, size: 4, why: "same", beside })}\n`);
  stand.put(join(change, "index.jsonl"), lines.join(""));
  expect(stand.said("set-aside")[0]?.fix?.describes.filter((sentence) => sentence.includes("dropped"))).toEqual([]);
  symlinkSync(stand.at("work"), join(change, "way"));
  dropHeld(stand.home);
  expect(readFileSync(file, "utf8")).toBe("mine");
});

test("a file that stood where a directory belongs stays kept, and a link that became a file does", () => {
  const stand = healthy(TEAM);
  const group = join(groupOf(stand.home, "team"), "projects");
  const change = join(stand.home.setAside, "20260101T000000Z-work-0000");
  const file = stand.put(join(change, "projects"), "a plain file");
  const link = join(change, "note");
  symlinkSync("somewhere", link);
  const beside = stand.put(join(group, "-p", "note"), "a file by now");
  const lines = [
    { path: "projects", size: 12, why: "in-the-way", beside: group },
    { path: "note", size: 9, why: "link", beside },
  ];
  stand.put(join(change, "index.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  expect(stand.said("set-aside")).toMatchObject([{ result: "info", fix: { describes: [] } }]);
  dropHeld(stand.home);
  expect(readFileSync(file, "utf8")).toBe("a plain file");
  expect(readlinkSync(link)).toBe("somewhere");
});

test("the link an account left a group by is dropped: it carries nothing", () => {
  const stand = healthy(TEAM);
  stand.edit("spare", ISOLATED);
  expect(kept(stand).map((s) => s.why)).toEqual(["link"]);
  stand.fix();
  expect(kept(stand)).toEqual([]);
});

/** A tree as a join across filesystems leaves it behind. */
function across(stand: Stand): string {
  const change = "20260101T000000Z-work-0000";
  const tree = join(stand.home.setAside, change, "projects");
  const group = join(groupOf(stand.home, "team"), "projects");
  for (const root of [tree, group]) {
    stand.put(join(root, "-p", "one.txt"), "one");
    stand.put(join(root, "-p", "deep", "two.txt"), "two");
    mkdirSync(join(root, "-p", "empty"), { recursive: true });
  }
  appendFileSync(join(group, "-p", "one.txt"), " and more");
  stand.put(join(dirname(tree), "index.jsonl"), `${JSON.stringify({ path: "projects", size: 0, why: "across", beside: group })}\n`);
  return tree;
}

test("a tree that was copied to another filesystem is dropped entry by entry", () => {
  const stand = healthy(TEAM);
  const tree = across(stand);
  expect(stand.said("set-aside")[0]?.fix?.describes[0]).toStartWith("3 entries in set-aside (6 B)");
  stand.fix();
  expect(existsSync(dirname(tree))).toBe(false);
});

test("of such a tree, what the group does not hold stays where it is", () => {
  const stand = healthy(TEAM);
  const tree = across(stand);
  stand.put(join(tree, "-p", "deep", "mine.txt"), "mine");
  mkdirSync(join(tree, "-p", "hollow"));
  stand.fix();
  expect(existsSync(join(tree, "-p", "one.txt"))).toBe(false);
  expect(readFileSync(join(tree, "-p", "deep", "mine.txt"), "utf8")).toBe("mine");
  expect(lstatSync(join(tree, "-p", "hollow")).isDirectory()).toBe(true);
  expect(stand.said("set-aside")[0]?.fix?.describes).toEqual([]);
  expect(kept(stand).map((s) => s.path)).toEqual([tree]);
});

test("a transcript that was written into after it had been set aside is new input: a warning, and merged again", () => {
  const stand = joined();
  const shorter = kept(stand).find((s) => s.why === "shorter") as SetAside;
  const lines = transcript(SHORTER, 9).split("\n");
  writeFileSync(shorter.path, transcript(SHORTER, 9));
  expect(stand.said("set-aside")).toMatchObject([{ result: "warning", subject: "late", where: shorter.path }, { result: "info" }]);
  stand.fix();
  expect(readFileSync(groupFile(stand, SHORTER), "utf8").split("\n")).toEqual(lines);
  expect(readdirSync(stand.home.intents)).toEqual([]);
  expect(readdirSync(stand.home.staging)).toEqual([]);
  expect(stand.problems()).toEqual([]);
  expect(stand.fix().fixed).toEqual([]);
});

test("lines written under the other branch of a diverged session become a session again, and nothing is lost", () => {
  const stand = joined();
  const forked = kept(stand).find((s) => s.why === "forked") as SetAside;
  writeFileSync(forked.path, transcript(FORKED, 6, "b"));
  const directory = join(groupOf(stand.home, "team"), "projects", "-p");
  const before = readdirSync(directory);
  stand.fix();
  const fresh = readdirSync(directory).filter((name) => !before.includes(name));
  expect(fresh.length).toBe(1);
  const text = readFileSync(join(directory, fresh[0] ?? ""), "utf8");
  expect(text.replaceAll(fresh[0]?.replace(".jsonl", "") ?? "", FORKED)).toBe(transcript(FORKED, 6, "b"));
  expect(stand.problems()).toEqual([]);
});

test("what grew and the group holds all the same is dropped, not merged", () => {
  const stand = joined();
  const shorter = kept(stand).find((s) => s.why === "shorter") as SetAside;
  writeFileSync(shorter.path, transcript(SHORTER, 4));
  expect(stand.said("set-aside").map((c) => c.result)).toEqual(["info"]);
  stand.fix();
  expect(existsSync(shorter.path)).toBe(false);
  expect(readFileSync(groupFile(stand, SHORTER), "utf8")).toBe(transcript(SHORTER, 5));
});

test("what grew stays kept where its account is no member any more: it would go to the wrong one", () => {
  const stand = joined();
  const shorter = kept(stand).find((s) => s.why === "shorter") as SetAside;
  stand.edit("late", ISOLATED);
  writeFileSync(shorter.path, transcript(SHORTER, 9));
  const found = stand.said("set-aside").filter((c) => c.where === shorter.path);
  expect(found).toMatchObject([{ result: "info", fix: { describes: [] } }]);
  stand.fix();
  expect(readFileSync(shorter.path, "utf8")).toBe(transcript(SHORTER, 9));
});

test("merging again is finished by the next change where it was killed half way", () => {
  const stand = joined();
  const shorter = kept(stand).find((s) => s.why === "shorter") as SetAside;
  writeFileSync(shorter.path, transcript(SHORTER, 9));
  // As after a kill between moving the file into staging and merging it.
  const id = "20260301T120000Z-late-abcd";
  const staged = join(stand.home.staging, id, "projects.give.0", "-p", `${SHORTER}.jsonl`);
  mkdirSync(dirname(staged), { recursive: true });
  renameSync(shorter.path, staged);
  const intent = {
    version: 1,
    id,
    account: "late",
    accountId: "x",
    from: TEAM,
    to: TEAM,
    take: "mine",
    takeSessions: [],
    copySettings: false,
  };
  stand.put(join(stand.home.intents, "late.json"), {
    ...intent,
    began: new Date().toISOString(),
    forks: {},
    live: [],
    configBefore: "",
    configWritten: true,
    taken: null,
  });
  expect(stand.said("staging").map((c) => c.result)).toEqual(["ok"]);
  stand.fix();
  expect(readFileSync(groupFile(stand, SHORTER), "utf8")).toBe(transcript(SHORTER, 9));
  expect(stand.problems()).toEqual([]);
});
