import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { signIn } from "./support/logins.ts";
import { answer, chain, linesOf, ownerLine, S, T, turn, U } from "./support/sessions.ts";
import { differences, type Held, held, lost, shape, snapshot } from "./support/snapshot.ts";
import { deeper, names, put, standard, text, World } from "./support/world.ts";

/** Goes on with a session, as a client does: by path, at its end. */
function goOn(path: string, id: string, parent: string, session: string): void {
  fs.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  fs.appendFileSync(path, turn(id, parent, session));
}

describe("toggles with work in between", () => {
  test("three in a row: every line written at any time is there, the session is one session", () => {
    using world = new World();
    world.accounts("work", "home");
    signIn(world, "work", "login-work");
    const path = () => world.own("work", "-p", `${S}.jsonl`);
    put(path(), ownerLine(S, "login-work"));
    let last: string | null = null;
    let n = 0;
    const work = (): void => {
      n += 1;
      fs.appendFileSync(path(), turn(`w${n}`, last, S) + answer(`r${n}`, `w${n}`, S));
      last = `r${n}`;
    };
    work();
    world.join("home");
    for (let round = 0; round < 3; round++) {
      world.join("work");
      work();
      world.leave("work");
      work();
    }
    world.join("work");
    expect(linesOf(text(path()))).toHaveLength(1 + 2 * 7);
    expect(names(world.shared("team", "-p"))).toEqual([`${S}.jsonl`]);
  });

  test("three in a row, while the other goes on with the same session in the group: nothing is gone, both ways are resumable", () => {
    using world = new World();
    world.accounts("work", "home");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    world.join("work");
    world.join("home");
    let before: Held = held(snapshot(world.root));
    const keep = (): void => {
      const now = held(snapshot(world.root));
      expect(lost(before, now)).toEqual([]);
      before = now;
    };
    for (let round = 1; round <= 3; round++) {
      world.leave("work");
      keep();
      const parent = (path: string) => (JSON.parse(linesOf(text(path)).at(-1) as string) as { uuid: string }).uuid;
      goOn(world.own("work", "-p", `${S}.jsonl`), `w${round}`, parent(world.own("work", "-p", `${S}.jsonl`)), S);
      goOn(world.own("home", "-p", `${S}.jsonl`), `h${round}`, parent(world.own("home", "-p", `${S}.jsonl`)), S);
      keep();
      world.join("work");
      keep();
      const all = names(world.shared("team", "-p")).map((name) => text(world.shared("team", "-p", name)));
      expect(all.filter((one) => one.includes(`"w${round}"`)).length).toBeGreaterThan(0);
      expect(all.filter((one) => one.includes(`"h${round}"`))).toHaveLength(1);
    }
  });

  test("standard, deeper, standard, deeper: the checkpoints follow, none twice, none gone", () => {
    using world = new World();
    world.accounts("work", "home");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    put(world.instance("work", "file-history", S, "f@v1"), "v1");
    put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["a"]));
    put(world.instance("home", "file-history", T, "g@v1"), "of home");
    world.change("home", deeper("team"));
    for (let round = 2; round <= 4; round++) {
      world.change("work", deeper("team"));
      put(world.instance("work", "file-history", S, `f@v${round}`), `v${round}`);
      world.change("work", standard("team"));
      put(world.instance("work", "file-history", S, `f@w${round}`), `w${round}`);
    }
    world.change("work", deeper("team"));
    const all = [2, 3, 4].flatMap((n) => [`f@v${n}`, `f@w${n}`]);
    expect(names(world.deep("team", "file-history", S))).toEqual(["f@v1", ...all].sort());
    expect(names(world.deep("team", "file-history"))).toEqual([S, T]);
  });

  test("between two groups and none, there and back: both groups keep what they had", () => {
    using world = new World();
    world.accounts("work");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    const before = held(snapshot(world.root));
    for (const group of ["one", "two", "one", "two", "three"]) world.join("work", group);
    world.leave("work");
    for (const group of ["one", "two", "three"]) expect(names(world.shared(group, "-p"))).toEqual([`${S}.jsonl`]);
    expect(names(world.own("work", "-p"))).toEqual([`${S}.jsonl`]);
    expect(lost(before, held(snapshot(world.root)))).toEqual([]);
    expect(world.unfinished()).toEqual([]);
    expect(names(world.home.staging)).toEqual([]);
  });

  test("a change to what is already so does nothing", () => {
    using world = new World();
    world.accounts("work");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    world.change("work", deeper("team"));
    const before = snapshot(world.root);
    expect(world.change("work", deeper("team")).operations).toBe(0);
    expect(differences(before, snapshot(world.root), ["ccs/state"])).toEqual([]);
  });
});

describe("the transitions of the design", () => {
  function worldOfAll(world: World): void {
    world.accounts("work", "home");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    put(world.instance("work", "file-history", S, "f@v1"), "v1");
    put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["a"]));
    put(world.instance("home", "file-history", T, "g@v1"), "v1 of home");
  }

  test("isolated to shared: what it had is merged into the group, and it sees everything in it", () => {
    using world = new World();
    worldOfAll(world);
    world.join("home");
    world.join("work");
    expect(names(world.own("work", "-p"))).toEqual([`${S}.jsonl`, `${T}.jsonl`]);
    expect(fs.lstatSync(world.instance("work", "file-history")).isDirectory()).toBe(true);
    expect(names(world.instance("work", "file-history"))).toEqual([S]);
  });

  test("shared to isolated: the group keeps everything, the account has a copy of its own", () => {
    using world = new World();
    worldOfAll(world);
    world.change("home", deeper("team"));
    world.change("work", deeper("team"));
    world.leave("work");
    expect(names(world.own("work", "-p"))).toEqual([`${S}.jsonl`]);
    expect(names(world.instance("work", "file-history"))).toEqual([S]);
    expect(names(world.own("home", "-p"))).toEqual([`${S}.jsonl`, `${T}.jsonl`]);
    expect(names(world.instance("home", "file-history"))).toEqual([S, T]);
  });

  test("shared to another group: as leaving one and joining the other", () => {
    using world = new World();
    worldOfAll(world);
    put(world.own("home", "-q", `${U}.jsonl`), chain(U, ["x"]));
    world.change("work", deeper("one"));
    world.change("home", deeper("two"));
    world.change("work", deeper("two"));
    expect(names(world.own("work"))).toEqual(["-p", "-q"]);
    expect(names(world.own("work", "-p"))).toEqual([`${S}.jsonl`, `${T}.jsonl`]);
    expect(names(world.instance("work", "file-history"))).toEqual([S, T]);
    expect(names(world.shared("one", "-p"))).toEqual([`${S}.jsonl`]);
    expect(names(world.deep("one", "file-history"))).toEqual([S]);
  });

  test("shared deeper to another group standard: the extra directories become its own again", () => {
    using world = new World();
    worldOfAll(world);
    world.change("work", deeper("one"));
    world.change("work", standard("two"));
    expect(fs.lstatSync(world.instance("work", "file-history")).isDirectory()).toBe(true);
    expect(text(world.instance("work", "file-history", S, "f@v1"))).toBe("v1");
    expect(names(world.own("work", "-p"))).toEqual([`${S}.jsonl`]);
  });

  test("standard to deeper: the extra directories are merged into the group", () => {
    using world = new World();
    worldOfAll(world);
    world.change("home", deeper("team"));
    world.join("work");
    expect(names(world.deep("team", "file-history"))).toEqual([T]);
    world.change("work", deeper("team"));
    expect(names(world.deep("team", "file-history"))).toEqual([S, T]);
    expect(fs.readlinkSync(world.instance("work", "tasks"))).toBe(world.deep("team", "tasks"));
  });

  test("deeper to standard: a copy of its own part comes out, the rest stays", () => {
    using world = new World();
    worldOfAll(world);
    world.change("home", deeper("team"));
    world.change("work", deeper("team"));
    world.change("work", standard("team"));
    expect(names(world.instance("work", "file-history"))).toEqual([S]);
    expect(names(world.deep("team", "file-history"))).toEqual([S, T]);
    expect(fs.lstatSync(world.own("work")).isSymbolicLink()).toBe(true);
  });

  for (const wasThere of [false, true]) {
    test(`an account created into a group ${wasThere ? "in an empty directory that was there" : "anew"} has its links at once; undoing it leaves nothing of it`, () => {
      using world = new World();
      world.accounts("work");
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
      world.join("work");
      if (wasThere) fs.mkdirSync(world.instance("home"));
      const before = shape(world.root);
      const created = world.create("home", deeper("team"));
      expect(names(world.own("home", "-p"))).toEqual([`${S}.jsonl`]);
      expect(fs.statSync(created.instance).mode & 0o777).toBe(0o700);
      created.undo();
      const after = shape(world.root);
      const differing = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((path) => before[path] !== after[path]);
      expect(differing.filter((path) => !path.startsWith("ccs/state"))).toEqual([]);
      world.create("home", standard("team"));
    });
  }
});
