import { describe, expect, test } from "bun:test";
import { appendFileSync, existsSync, lstatSync, readdirSync, readFileSync, renameSync, statSync, unlinkSync, utimesSync } from "node:fs";
import { basename } from "node:path";
import * as ccs from "../../shared/index.ts";
import { bookkeeping, chain, linesOf, S, session, T, turn, U } from "./support/sessions.ts";
import { held, lost, snapshot } from "./support/snapshot.ts";
import { names, put, text, World } from "./support/world.ts";

/** Two accounts; `team` holds what `there` has, and `home` comes with what `arriving` has. */
function twoSides(world: World, there: Record<string, string>, arriving: Record<string, string>): ccs.ChangeReport {
  world.accounts("work", "home");
  for (const [path, content] of Object.entries(there)) put(world.own("work", path), content);
  for (const [path, content] of Object.entries(arriving)) put(world.own("home", path), content);
  world.join("work");
  const before = held(snapshot(world.root));
  const report = world.join("home");
  expect(lost(before, held(snapshot(world.root)))).toEqual([]);
  return report;
}

function setAside(world: World): { name: string; why: string; content: string }[] {
  return ccs.showGroup(world.home, "team").setAsideFiles.map((f) => ({ name: basename(f.path), why: f.why, content: text(f.path) }));
}

/** Sessions in a project of the group. */
function sessionsIn(world: World, project = "-p"): string[] {
  return names(world.shared("team", project)).filter((name) => name.endsWith(".jsonl"));
}

describe("one name on both sides", () => {
  test("the same bytes: one of them stays, with the newer time", () => {
    using world = new World();
    world.accounts("work", "home");
    const newer = new Date("2026-03-04T05:06:07.000Z");
    const older = new Date("2026-01-02T03:04:05.000Z");
    for (const [file, work, home] of [
      ["a.md", newer, older],
      ["b.md", older, newer],
    ] as const) {
      utimesSync(put(world.own("work", "-p", file), "same"), work, work);
      utimesSync(put(world.own("home", "-p", file), "same"), home, home);
    }
    world.join("work");
    world.join("home");
    expect(names(world.shared("team", "-p"))).toEqual(["a.md", "b.md"]);
    for (const file of ["a.md", "b.md"]) expect(statSync(world.shared("team", "-p", file)).mtime).toEqual(newer);
    expect(setAside(world)).toEqual([
      { name: "a.md", why: "same", content: "same" },
      { name: "b.md", why: "same", content: "same" },
    ]);
  });

  test("a transcript of which the arriving one is a prefix: the longer stays under the name", () => {
    using world = new World();
    const long = chain(S, ["a", "b", "c"]);
    const report = twoSides(world, { [`-p/${S}.jsonl`]: long }, { [`-p/${S}.jsonl`]: chain(S, ["a", "b"]) });
    expect(text(world.shared("team", "-p", `${S}.jsonl`))).toBe(long);
    expect(setAside(world)).toEqual([{ name: `${S}.jsonl`, why: "shorter", content: chain(S, ["a", "b"]) }]);
    expect(report.summary.sessionsKnown).toBe(1);
  });

  test("a transcript that is a prefix of the arriving one: the longer takes the name", () => {
    using world = new World();
    const long = chain(S, ["a", "b", "c"]);
    twoSides(world, { [`-p/${S}.jsonl`]: chain(S, ["a", "b"]) }, { [`-p/${S}.jsonl`]: long });
    expect(text(world.shared("team", "-p", `${S}.jsonl`))).toBe(long);
    expect(setAside(world)).toEqual([{ name: `${S}.jsonl`, why: "shorter", content: chain(S, ["a", "b"]) }]);
  });

  test("an empty transcript gives way to one with words in it, on either side", () => {
    using world = new World();
    const words = chain(S, ["a"]);
    twoSides(world, { [`-p/${S}.jsonl`]: "", [`-p/${T}.jsonl`]: chain(T, ["a"]) }, { [`-p/${S}.jsonl`]: words, [`-p/${T}.jsonl`]: "" });
    expect(text(world.shared("team", "-p", `${S}.jsonl`))).toBe(words);
    expect(text(world.shared("team", "-p", `${T}.jsonl`))).toBe(chain(T, ["a"]));
  });

  test("an arriving transcript that is only a tail is appended once", () => {
    using world = new World();
    const tail = bookkeeping(S, "resumed") + chain(S, ["c", "d"], "b");
    const report = twoSides(world, { [`-p/${S}.jsonl`]: chain(S, ["a", "b"]) }, { [`-p/${S}.jsonl`]: tail });
    expect(text(world.shared("team", "-p", `${S}.jsonl`))).toBe(chain(S, ["a", "b"]) + tail);
    expect(setAside(world)).toEqual([{ name: `${S}.jsonl`, why: "tail", content: tail }]);
    expect(report.summary.sessionsAppended).toBe(1);
  });

  test("a tail of which the group already has some lines is appended without them", () => {
    using world = new World();
    const whole = chain(S, ["a", "b", "c"]);
    twoSides(world, { [`-p/${S}.jsonl`]: whole }, { [`-p/${S}.jsonl`]: chain(S, ["c", "d"], "b") });
    expect(linesOf(text(world.shared("team", "-p", `${S}.jsonl`)))).toEqual(linesOf(chain(S, ["a", "b", "c", "d"])));
  });

  test("a tail behind a line without an end begins on a line of its own", () => {
    using world = new World();
    const whole = chain(S, ["a", "b"]).trimEnd();
    twoSides(world, { [`-p/${S}.jsonl`]: whole }, { [`-p/${S}.jsonl`]: chain(S, ["c"], "b") });
    expect(text(world.shared("team", "-p", `${S}.jsonl`))).toBe(chain(S, ["a", "b", "c"]));
  });

  test("where the group holds only the tail, the whole takes the name and the tail follows it", () => {
    using world = new World();
    const whole = chain(S, ["a", "b"]);
    const tail = chain(S, ["c", "d"], "b");
    twoSides(world, { [`-p/${S}.jsonl`]: tail }, { [`-p/${S}.jsonl`]: whole });
    expect(text(world.shared("team", "-p", `${S}.jsonl`))).toBe(whole + tail);
    expect(setAside(world)).toEqual([{ name: `${S}.jsonl`, why: "tail", content: tail }]);
  });

  test("diverged transcripts: both stay resumable, the arriving one under an id of its own with its attachments", () => {
    using world = new World();
    const work = chain(S, ["a", "b", "w"]);
    const home = chain(S, ["a", "b", "h"]);
    const report = twoSides(
      world,
      { [`-p/${S}.jsonl`]: work, [`-p/${S}/tool-results/1.txt`]: "of work" },
      { [`-p/${S}.jsonl`]: home, [`-p/${S}/tool-results/1.txt`]: "of home", [`-p/${S}/subagents/x.jsonl`]: "agent" },
    );
    const [fork] = report.summary.forks;
    if (fork === undefined) throw new Error("no fork was reported");
    expect(sessionsIn(world).sort()).toEqual([`${S}.jsonl`, `${fork.as}.jsonl`].sort());
    expect(text(world.shared("team", "-p", `${S}.jsonl`))).toBe(work);
    expect(text(world.shared("team", "-p", `${fork.as}.jsonl`))).toBe(home.replaceAll(`"sessionId":"${S}"`, `"sessionId":"${fork.as}"`));
    expect(text(world.shared("team", "-p", S, "tool-results", "1.txt"))).toBe("of work");
    expect(text(world.shared("team", "-p", fork.as, "tool-results", "1.txt"))).toBe("of home");
    expect(text(world.shared("team", "-p", fork.as, "subagents", "x.jsonl"))).toBe("agent");
    expect(names(world.shared("team", "-p", S))).toEqual(["tool-results"]);
    expect(setAside(world)).toContainEqual({ name: `${S}.jsonl`, why: "forked", content: home });
  });

  test("a second and a third account that diverge get ids of their own, and coming back makes no further one", () => {
    using world = new World();
    world.accounts("one", "two", "three");
    for (const account of ["one", "two", "three"]) put(world.own(account, "-p", `${S}.jsonl`), chain(S, ["a", account]));
    for (const account of ["one", "two", "three"]) world.join(account);
    const three = sessionsIn(world);
    expect(three).toHaveLength(3);
    for (const account of ["two", "three", "two", "three"]) {
      world.leave(account);
      expect(names(world.own(account, "-p"))).toHaveLength(1);
      world.join(account);
    }
    expect(sessionsIn(world)).toEqual(three);
  });

  test("a fork that went on after its account had left is found again when the account comes back", () => {
    using world = new World();
    twoSides(world, { [`-p/${S}.jsonl`]: chain(S, ["a", "w"]) }, { [`-p/${S}.jsonl`]: chain(S, ["a", "h"]) });
    const sessions = sessionsIn(world);
    const fork = sessions.find((name) => name !== `${S}.jsonl`) as string;
    world.leave("home");
    appendFileSync(world.own("home", "-p", fork), turn("h2", "h", fork.slice(0, 36)));
    world.join("home");
    expect(sessionsIn(world)).toEqual(sessions);
    expect(linesOf(text(world.shared("team", "-p", fork)))).toHaveLength(3);
  });

  test("the same session under another project of the group gets an id of its own: a client would resume neither", () => {
    using world = new World();
    const report = twoSides(
      world,
      { [`-p/${S}.jsonl`]: chain(S, ["a"]) },
      { [`-q/${S}.jsonl`]: chain(S, ["a", "b"]), [`-q/${S}/x`]: "x", "-q/note": "n" },
    );
    const as = report.summary.forks[0]?.as as string;
    expect(names(world.shared("team", "-q"))).toEqual([as, `${as}.jsonl`, "note"].sort());
    expect(sessionsIn(world, "-p")).toEqual([`${S}.jsonl`]);
  });

  test("any other file that differs: both stay, the arriving one under a name that says where it is from", () => {
    using world = new World();
    const report = twoSides(
      world,
      { "-p/memory/MEMORY.md": "of work", "-p/memory/noext": "w", "-p/.hidden": "w", "-p/memory/a.b.md": "w" },
      { "-p/memory/MEMORY.md": "of home", "-p/memory/noext": "h", "-p/.hidden": "h", "-p/memory/a.b.md": "h" },
    );
    expect(names(world.shared("team", "-p", "memory"))).toEqual(
      ["MEMORY.from-home.md", "MEMORY.md", "a.b.from-home.md", "a.b.md", "noext", "noext.from-home"].sort(),
    );
    expect(text(world.shared("team", "-p", "memory", "MEMORY.from-home.md"))).toBe("of home");
    expect(text(world.shared("team", "-p", ".hidden.from-home"))).toBe("h");
    expect(report.summary.conflicts).toHaveLength(4);
  });

  test("a conflict is reported until a person has dealt with it", () => {
    using world = new World();
    twoSides(world, { "-p/memory/M.md": "w" }, { "-p/memory/M.md": "h" });
    const copy = world.shared("team", "-p", "memory", "M.from-home.md");
    expect(ccs.showGroup(world.home, "team").conflictFiles).toEqual([copy]);
    unlinkSync(copy);
    expect(ccs.showGroup(world.home, "team").conflicts).toBe(0);
  });

  test("a second conflict of the same name is counted on, and one that is there already is not made again", () => {
    using world = new World();
    twoSides(world, { "-p/memory/M.md": "w" }, { "-p/memory/M.md": "h1" });
    world.leave("home");
    put(world.own("home", "-p", "memory", "M.md"), "h2");
    world.join("home");
    const all = ["M.from-home-2.md", "M.from-home.md", "M.md"];
    expect(names(world.shared("team", "-p", "memory"))).toEqual(all);
    world.leave("home");
    world.join("home");
    expect(names(world.shared("team", "-p", "memory"))).toEqual(all);
  });

  test("a name too long for a conflict name: the arriving file is set aside and said", () => {
    using world = new World();
    const long = `${"n".repeat(250)}.md`;
    const report = twoSides(world, { [`-p/${long}`]: "w" }, { [`-p/${long}`]: "h" });
    expect(names(world.shared("team", "-p"))).toEqual([long]);
    expect(text(world.shared("team", "-p", long))).toBe("w");
    expect(setAside(world)).toEqual([{ name: long, why: "name", content: "h" }]);
    expect(report.summary.setAside).toBe(1);
  });

  test("a conflict name that would look like a session is not made: the arriving file is set aside", () => {
    using world = new World();
    twoSides(world, { "-p/agent-1.jsonl": "w" }, { "-p/agent-1.jsonl": "h" });
    expect(names(world.shared("team", "-p"))).toEqual(["agent-1.jsonl"]);
    expect(setAside(world)).toEqual([{ name: "agent-1.jsonl", why: "name", content: "h" }]);
  });

  test("a .jsonl that lies deeper than sessions do gets a conflict name like any other file", () => {
    using world = new World();
    twoSides(world, { [`-p/${S}/subagents/a.jsonl`]: "w" }, { [`-p/${S}/subagents/a.jsonl`]: "h" });
    expect(names(world.shared("team", "-p", S, "subagents"))).toEqual(["a.from-home.jsonl", "a.jsonl"]);
  });

  test("directories are merged entry by entry, empty ones included", () => {
    using world = new World();
    world.accounts("work", "home");
    put(world.own("work", "-p", "d", "one"), "1");
    put(world.own("home", "-p", "d", "two"), "2");
    put(world.own("home", "-p", "d", "empty", "x"), "");
    unlinkSync(world.own("home", "-p", "d", "empty", "x"));
    world.join("work");
    world.join("home");
    expect(names(world.shared("team", "-p", "d"))).toEqual(["empty", "one", "two"]);
    expect(readdirSync(world.shared("team", "-p", "d", "empty"))).toEqual([]);
  });

  test("an empty directory in the group takes the arriving one of its name", () => {
    using world = new World();
    world.accounts("work", "home");
    put(world.own("work", "-p", "d", "x"), "");
    unlinkSync(world.own("work", "-p", "d", "x"));
    put(world.own("home", "-p", "d", "two"), "2");
    world.join("work");
    world.join("home");
    expect(text(world.shared("team", "-p", "d", "two"))).toBe("2");
  });

  test("a file on one side and a directory on the other: both stay, either way round", () => {
    using world = new World();
    twoSides(
      world,
      { "-p/x": "file of work", "-p/y/in": "directory of work", "-q": "a file for a project" },
      { "-p/x/in": "directory of home", "-p/y": "file of home", [`-q/${S}.jsonl`]: chain(S, ["a"]) },
    );
    expect(text(world.shared("team", "-p", "x"))).toBe("file of work");
    expect(text(world.shared("team", "-p", "x.from-home", "in"))).toBe("directory of home");
    expect(text(world.shared("team", "-p", "y", "in"))).toBe("directory of work");
    expect(text(world.shared("team", "-p", "y.from-home"))).toBe("file of home");
    expect(text(world.shared("team", "-q"))).toBe("a file for a project");
    expect(text(world.shared("team", "-q.from-home", `${S}.jsonl`))).toBe(chain(S, ["a"]));
  });

  test("a transcript on one side and a directory of its name on the other: neither is lost, no second session of that id appears", () => {
    using world = new World();
    twoSides(
      world,
      { [`-p/${S}.jsonl/in`]: "directory", [`-p/${T}.jsonl`]: chain(T, ["a"]) },
      { [`-p/${S}.jsonl`]: chain(S, ["a"]), [`-p/${T}.jsonl/in`]: "directory of home" },
    );
    expect(text(world.shared("team", "-p", `${S}.jsonl`, "in"))).toBe("directory");
    expect(text(world.shared("team", "-p", `${T}.jsonl`))).toBe(chain(T, ["a"]));
    expect(names(world.shared("team", "-p"))).toEqual([`${S}.jsonl`, `${T}.jsonl`]);
  });

  test("coming back with everything changed nowhere leaves the group as it was", () => {
    using world = new World();
    twoSides(
      world,
      { [`-p/${S}.jsonl`]: chain(S, ["a", "b"]), "-p/memory/M.md": "w" },
      { [`-p/${T}.jsonl`]: chain(T, ["x"]), "-p/memory/N.md": "n", [`-q/${U}.jsonl`]: chain(U, ["y"]) },
    );
    const before = snapshot(world.shared("team"));
    world.leave("home");
    world.join("home");
    const after = snapshot(world.shared("team"));
    for (const seen of [before, after]) for (const [path, one] of seen) if (one.kind === "directory") seen.delete(path);
    expect(after).toEqual(before);
  });

  test("two names that differ only in case stay two where the filesystem tells them apart", () => {
    using world = new World();
    twoSides(world, { "-p/Note.md": "w", "-P/x": "w" }, { "-p/note.md": "h", "-p/x": "h" });
    expect(names(world.shared("team", "-p"))).toEqual(["Note.md", "note.md", "x"]);
    expect(names(world.shared("team"))).toEqual(["-P", "-p"]);
  });

  test("many sessions of all relations at once end each where it belongs", () => {
    using world = new World();
    const there: Record<string, string> = {};
    const arriving: Record<string, string> = {};
    for (let n = 10; n < 90; n++) {
      const id = session(n);
      const base = chain(id, ["a", "b"]);
      const file = `-p${n % 5}/${id}.jsonl`;
      const kind = n % 6;
      if (kind !== 5) there[file] = kind === 1 ? `${base}${turn("w", "b", id)}` : kind === 3 ? turn("c", "b", id) : base;
      if (kind !== 4) arriving[file] = kind === 0 ? `${base}${turn("h", "b", id)}` : kind === 1 ? `${base}${turn("h", "b", id)}` : base;
      if (kind === 2) arriving[file] = turn("c", "b", id);
    }
    const report = twoSides(world, there, arriving);
    expect(report.summary.forks).toHaveLength(13);
    expect(report.summary.sessionsAppended).toBe(26);
    for (let n = 10; n < 90; n++) {
      const kind = n % 6;
      const got = linesOf(text(world.shared("team", `-p${n % 5}`, `${session(n)}.jsonl`)));
      expect(got).toHaveLength(kind >= 4 ? 2 : 3);
    }
    expect(world.unfinished()).toEqual([]);
    expect(names(world.home.staging)).toEqual([]);
    expect(existsSync(world.own("home"))).toBe(true);
    expect(lstatSync(world.own("home")).isSymbolicLink()).toBe(true);
  });

  test("a set-aside file that somebody still writes into says so by its size", () => {
    using world = new World();
    twoSides(world, { "-p/a.md": "same" }, { "-p/a.md": "same" });
    const [file] = ccs.showGroup(world.home, "team").setAsideFiles;
    if (file === undefined) throw new Error("nothing was set aside");
    appendFileSync(file.path, " and more");
    expect(ccs.showGroup(world.home, "team").setAsideFiles[0]?.size).toBe(13);
    renameSync(file.path, `${file.path}.moved`);
    expect(ccs.showGroup(world.home, "team").setAsideFiles).toEqual([]);
    expect(readFileSync(`${file.path}.moved`, "utf8")).toBe("same and more");
  });
});
