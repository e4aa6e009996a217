import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import * as ccs from "../../shared/index.ts";
import { runClient } from "./support/client.ts";
import { chain, linesOf, S, T, turn, U } from "./support/sessions.ts";
import { differences, held, lost, snapshot } from "./support/snapshot.ts";
import { blocker, deeper, ISOLATED, names, put, refusal, standard, text, World } from "./support/world.ts";

function shared(world: World, policy = standard("team")): void {
  world.accounts("work", "home");
  put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
  put(world.instance("work", "file-history", S, "x@v1"), "v1");
  world.change("work", policy);
}

describe("while a client of the account runs", () => {
  for (const [what, from, to] of [
    ["leaving", standard("team"), ISOLATED],
    ["going from deeper to standard", deeper("team"), standard("team")],
    ["going to another group", standard("team"), standard("other")],
    ["leaving deeper", deeper("team"), ISOLATED],
  ] as const) {
    test(`${what} answers 75, says which client, and leaves everything as it is`, () => {
      using world = new World();
      shared(world, from);
      using client = runClient(world.home, "work", S);
      const before = snapshot(world.root);
      const preview = world.preview("work", to);
      expect(blocker(preview).code).toBe("busy");
      expect(blocker(preview).message).toContain(`process ${client.pid}`);
      expect(blocker(preview).message).toContain("/home/me/task");
      const error = refusal(() => ccs.applyChange(world.home, preview, { approved: true }));
      expect(error.exit).toBe(75);
      expect(error.untouched).toBe("Nothing was changed.");
      expect(differences(before, snapshot(world.root), ["ccs/state"])).toEqual([]);
    });
  }

  test("a client that has ended leaves its file behind and is no reason to wait", () => {
    using world = new World();
    shared(world);
    const gone = Bun.spawnSync(["true"]);
    put(world.instance("work", "sessions", `${gone.pid}.json`), JSON.stringify({ pid: gone.pid, procStart: "1" }));
    put(world.instance("work", "sessions", `${process.pid}.json`), JSON.stringify({ pid: process.pid, procStart: "1" }));
    world.leave("work");
    expect(names(world.own("work", "-p"))).toEqual([`${S}.jsonl`]);
  });

  test("a client of another account does not keep this one", () => {
    using world = new World();
    shared(world);
    world.join("home");
    using _client = runClient(world.home, "home", S);
    world.leave("work");
    expect(world.policy("work")).toEqual(ISOLATED);
  });

  test("standard to deeper goes on", () => {
    using world = new World();
    shared(world);
    using _client = runClient(world.home, "work", S);
    world.change("work", deeper("team"));
    expect(text(world.deep("team", "file-history", S, "x@v1"))).toBe("v1");
  });

  test("joining goes on, link first: at no step is a line of an open session out of its reach", () => {
    for (let after = 1; ; after++) {
      using world = new World();
      world.accounts("work", "home");
      put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["x"]));
      put(world.own("home", "-p", `${U}.jsonl`), chain(U, ["u"]));
      put(world.own("home", "-p", "notes.md"), "of home");
      world.join("home");
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
      put(world.own("work", "-p", `${U}.jsonl`), chain(U, ["u", "v"]));
      put(world.own("work", "-p", "notes.md"), "of work");
      put(world.own("work", "-p", "memory", "M.md"), "m");
      put(world.own("work", "-q", "x"), "x");
      const before = held(snapshot(world.root));
      using _client = runClient(world.home, "work", S);
      if (!world.interrupt("work", standard("team"), after)) break;
      // The client goes on by path, as it does: directories made where missing, the file opened anew.
      fs.mkdirSync(world.own("work", "-p"), { recursive: true });
      fs.appendFileSync(world.own("work", "-p", `${S}.jsonl`), turn("b", "a", S));
      world.mend("work");
      expect([after, linesOf(text(world.own("work", "-p", `${S}.jsonl`)))]).toEqual([after, linesOf(chain(S, ["a", "b"]))]);
      expect([after, lost(before, held(snapshot(world.root)))]).toEqual([after, []]);
      expect([after, world.unfinished()]).toEqual([after, []]);
    }
  });

  for (const [what, inGroup, own] of [
    ["the group has nothing of it", null, ["a", "b"]],
    ["the group has its beginning", ["a"], ["a", "b"]],
    ["the group has all of it", ["a", "b"], ["a", "b"]],
    ["the group has more of it", ["a", "b", "c"], ["a", "b"]],
  ] as const) {
    test(`a session it has open, where ${what}: what it writes at any step follows in the same session, complete`, () => {
      for (let after = 1; ; after++) {
        using world = new World();
        world.accounts("work", "home");
        if (inGroup !== null) put(world.own("home", "-p", `${S}.jsonl`), chain(S, inGroup));
        else put(world.own("home", "-p", "x"), "x");
        world.join("home");
        put(world.own("work", "-p", `${S}.jsonl`), chain(S, own));
        using _client = runClient(world.home, "work", S);
        const broken = world.interrupt("work", standard("team"), after);
        fs.mkdirSync(world.own("work", "-p"), { recursive: true });
        fs.appendFileSync(world.own("work", "-p", `${S}.jsonl`), turn("live", own.at(-1) as string, S));
        world.mend("work");
        const expected = [
          ...new Set([...linesOf(chain(S, inGroup ?? [])), ...linesOf(chain(S, own)), ...linesOf(turn("live", own.at(-1) as string, S))]),
        ];
        const got = linesOf(text(world.own("work", "-p", `${S}.jsonl`)));
        expect([after, [...got].sort()]).toEqual([after, expected.sort()]);
        if (!broken) break;
      }
    });
  }

  test("joining with an open session that diverged from the group's waits", () => {
    using world = new World();
    world.accounts("work", "home");
    put(world.own("home", "-p", `${S}.jsonl`), chain(S, ["a", "h"]));
    world.join("home");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a", "w"]));
    {
      using _client = runClient(world.home, "work", S);
      expect(blocker(world.preview("work", standard("team"))).code).toBe("busy");
    }
    using _other = runClient(world.home, "work", T);
    expect(world.join("work").summary.forks).toHaveLength(1);
  });

  test("a mend waits where a client started after the change was broken off between two filesystems or on leaving", () => {
    using world = new World();
    shared(world);
    expect(world.interrupt("work", ISOLATED, 1)).toBe(true);
    using client = runClient(world.home, "work", S);
    const error = refusal(() => world.mend("work"));
    expect(error.exit).toBe(75);
    expect(error.message).toContain(String(client.pid));
    expect(fs.readlinkSync(world.own("work"))).toBe(world.shared("team"));
  });
});
