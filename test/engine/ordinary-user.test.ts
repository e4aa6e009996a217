import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import * as ccs from "../../shared/index.ts";
import { chain, S, T, turn } from "./support/sessions.ts";
import { differences, type Held, held, lost, snapshot } from "./support/snapshot.ts";
import { deeper, ISOLATED, names, put, standard, text, World } from "./support/world.ts";

const NOBODY = 65_534;
const superuser = process.geteuid?.() === 0;

/** Runs something as somebody whom permissions concern; as whoever runs the tests where that is not the superuser. */
function asOrdinaryUser<T>(world: World, act: () => T): T {
  if (!superuser) return act();
  fs.chmodSync(world.root, 0o777);
  process.setegid?.(NOBODY);
  process.seteuid?.(NOBODY);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}

const FORKED = S.replace("1", "6");

/** Files and directories their owner made read-only. */
function frozen(root: string, session: string): void {
  put(join(root, `${session}.jsonl`), chain(session, ["a", "b"]), 0o400);
  put(join(root, session, "tool-results", "1.txt"), "1", 0o444);
  put(join(root, session, "frozen", "in", "2.txt"), "2", 0o400);
  fs.chmodSync(join(root, session, "frozen", "in"), 0o555);
  fs.chmodSync(join(root, session, "frozen"), 0o500);
  put(join(root, "memory", "MEMORY.md"), "m", 0o444);
}

const CHANGES: [what: string, prepare: (world: World) => void, to: ccs.ContextPolicy][] = [
  ["joining", () => undefined, standard("team")],
  ["leaving", (world) => void world.join("work"), ISOLATED],
  ["going to another group", (world) => void world.join("work"), deeper("other")],
];

describe("read-only files and directories, for an ordinary user", () => {
  for (const [what, prepare, to] of CHANGES) {
    test(`${what}, broken off after any operation, is finished by the next launch and everything is as it was`, () => {
      for (let after = 1; ; after++) {
        using world = new World();
        const finished = asOrdinaryUser(world, () => {
          world.accounts("work", "home");
          put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["a"]));
          put(world.own("home", "-p", `${S}.jsonl`), chain(S, ["a"]), 0o400);
          put(world.own("home", "-p", `${FORKED}.jsonl`), chain(FORKED, ["a", "h"]), 0o400);
          put(world.own("work", "-p", `${FORKED}.jsonl`), chain(FORKED, ["a", "w"]), 0o400);
          world.join("home");
          frozen(world.own("work", "-p"), S);
          frozen(world.own("work", "-q"), T.replace("2", "9"));
          prepare(world);
          const before = held(snapshot(world.root));
          const broken = world.interrupt("work", to, after);
          expect([after, lost(before, held(snapshot(world.root)))]).toEqual([after, []]);
          world.mend("work");
          expect([after, lost(before, held(snapshot(world.root)))]).toEqual([after, []]);
          expect([after, world.unfinished()]).toEqual([after, []]);
          expect([after, names(world.home.staging)]).toEqual([after, []]);
          const session = world.own("work", "-p", S);
          expect(fs.statSync(join(session, "frozen")).mode & 0o777).toBe(0o500);
          expect(fs.statSync(join(session, "frozen", "in")).mode & 0o777).toBe(0o555);
          expect(fs.statSync(join(session, "tool-results", "1.txt")).mode & 0o777).toBe(0o444);
          expect(text(join(session, "frozen", "in", "2.txt"))).toBe("2");
          expect(fs.statSync(world.own("work", "-p", `${S}.jsonl`)).mode & 0o777).toBe(0o400);
          return !broken;
        });
        if (finished) break;
      }
    });
  }

  test("a read-only transcript gets its tail, forks, and gives way like any other", () => {
    using world = new World();
    asOrdinaryUser(world, () => {
      world.accounts("work", "home");
      const U = S.replace("1", "8");
      put(world.own("home", "-p", `${S}.jsonl`), chain(S, ["a", "b"]), 0o400);
      put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["a", "h"]), 0o400);
      put(world.own("home", "-p", `${U}.jsonl`), chain(U, ["a"]), 0o400);
      put(world.own("work", "-p", `${S}.jsonl`), turn("c", "b", S), 0o400);
      put(world.own("work", "-p", `${T}.jsonl`), chain(T, ["a", "w"]), 0o400);
      put(world.own("work", "-p", `${U}.jsonl`), chain(U, ["a", "b"]), 0o400);
      world.join("home");
      const before = held(snapshot(world.root));
      const [fork] = world.join("work").summary.forks;
      expect(lost(before, held(snapshot(world.root)))).toEqual([]);
      expect(text(world.shared("team", "-p", `${S}.jsonl`))).toBe(chain(S, ["a", "b", "c"]));
      expect(text(world.shared("team", "-p", `${U}.jsonl`))).toBe(chain(U, ["a", "b"]));
      expect(fs.existsSync(world.shared("team", "-p", `${fork?.as}.jsonl`))).toBe(true);
      expect(world.unfinished()).toEqual([]);
    });
  });
});

/** What a client leaves that was once started with sudo. */
function ofSuperuser(root: string, session: string): void {
  put(join(root, `${session}.jsonl`), chain(session, ["a"]), 0o600);
  put(join(root, session, "tool-results", "1.txt"), "1", 0o600);
}

// Needs the superuser: only it can make what belongs to somebody else.
describe.skipIf(!superuser)("what belongs to somebody else, because a client was once started with sudo", () => {
  function everythingOf(world: World): Held {
    return held(snapshot(world.root));
  }

  for (const [what, groupHas] of [
    ["the group has nothing", null],
    ["the group has the same project", "-p"],
    ["the group has another project", "-other"],
  ] as const) {
    test(`joining where ${what}: done, or refused before anything changes; never half a change`, () => {
      using world = new World();
      asOrdinaryUser(world, () => {
        world.accounts("work", "home");
        if (groupHas !== null) put(world.own("home", groupHas, "x"), "x");
        world.join("home");
        put(world.own("work", "-p", `${T}.jsonl`), chain(T, ["a"]));
        fs.mkdirSync(world.own("work", "-s"));
      });
      ofSuperuser(world.own("work", "-p"), S);
      ofSuperuser(world.own("work", "-root"), S.replace("1", "7"));
      const before = everythingOf(world);
      const instance = snapshot(world.instance("work"));
      asOrdinaryUser(world, () => {
        try {
          world.join("work");
        } catch (error) {
          if (!(error instanceof ccs.CcsError)) throw error;
          expect(error.code).toBe("refused");
          expect(error.hint).toContain("chown");
          expect(world.policy("work")).toEqual(ISOLATED);
        }
        expect(world.unfinished()).toEqual([]);
      });
      if (asOrdinaryUser(world, () => world.policy("work"))?.mode === "isolated") {
        expect(differences(instance, snapshot(world.instance("work")))).toEqual([]);
      }
      expect(lost(before, everythingOf(world))).toEqual([]);
    });
  }

  test("leaving with a session that cannot be read: done with it said, or refused before anything changes; never half a change", () => {
    using world = new World();
    asOrdinaryUser(world, () => {
      world.accounts("work");
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
      world.join("work");
    });
    put(world.shared("team", "-p", S, "tool-results", "1.txt"), "1", 0o600);
    fs.chmodSync(world.shared("team", "-p", S), 0o700);
    const before = everythingOf(world);
    asOrdinaryUser(world, () => {
      try {
        world.leave("work");
        expect(fs.lstatSync(world.own("work")).isDirectory()).toBe(true);
      } catch (error) {
        if (!(error instanceof ccs.CcsError)) throw error;
        expect(error.code).toBe("refused");
        expect(world.policy("work")).toEqual(standard("team"));
      }
      expect(world.unfinished()).toEqual([]);
    });
    expect(lost(before, everythingOf(world))).toEqual([]);
  });

  test("one account's change that fails does not keep another account from its own", () => {
    using world = new World();
    asOrdinaryUser(world, () => {
      world.accounts("work", "home", "third");
      put(world.own("home", "-p", "x"), "x");
      world.join("home");
      put(world.own("work", "-p", "y"), "y");
      expect(world.interrupt("work", standard("team"), 3)).toBe(true);
    });
    fs.chownSync(world.shared("team", "-p"), 0, 0);
    fs.chownSync(world.shared("team"), 0, 0);
    asOrdinaryUser(world, () => {
      world.change("third", standard("other"));
      expect(fs.readlinkSync(world.own("third"))).toBe(world.shared("other"));
    });
  });
});

describe("what ccs makes", () => {
  test("is for its owner alone: instances, groups, records, intents, set-aside", () => {
    using world = new World();
    const umask = process.umask(0);
    try {
      world.accounts("work", "home");
      for (const account of ["work", "home"]) put(world.own(account, "-p", `${S}.jsonl`), chain(S, ["a", account]));
      for (const account of ["work", "home"]) world.change(account, deeper("team"));
      world.leave("home");
      expect(world.interrupt("home", standard("team"), 3)).toBe(true);
    } finally {
      process.umask(umask);
    }
    const open: string[] = [];
    for (const [path, seen] of snapshot(world.home.root)) {
      const theirs = path.includes("/-p") || /(^|\/)projects(\.|$)/.test(path);
      if (seen.kind !== "link" && !theirs && (seen.mode & 0o077) !== 0) open.push(`${path}: ${seen.mode.toString(8)}`);
    }
    expect(open).toEqual([]);
  });
});
