import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { chain, S, turn } from "./support/sessions.ts";
import { held, lost, snapshot } from "./support/snapshot.ts";
import { deeper, ISOLATED, names, put, standard, text, World } from "./support/world.ts";

const PER_SESSION = ["session-env", "file-history", "todos", "tasks"] as const;

/** Work and home went on with S apart; work is in the group. @returns the id home's got when it joined */
function diverged(world: World, policy = standard("team")): string {
  world.accounts("work", "home");
  for (const account of ["work", "home"]) {
    put(world.own(account, "-p", `${S}.jsonl`), chain(S, ["a", account]));
    put(world.own(account, "-p", S, "tool-results", "1.txt"), `of ${account}`);
    for (const artifact of PER_SESSION) put(world.instance(account, artifact, S, "x@v1"), `${artifact} of ${account}`);
  }
  world.change("work", deeper("team"));
  const [fork] = world.change("home", policy).summary.forks;
  if (fork === undefined) throw new Error("no fork was reported");
  return fork.as;
}

describe("a fork and what belongs to it", () => {
  test("joining deeper: its files of every kind are under its new id", () => {
    using world = new World();
    const as = diverged(world, deeper("team"));
    for (const artifact of PER_SESSION) {
      expect(text(world.deep("team", artifact, as, "x@v1"))).toBe(`${artifact} of home`);
      expect(text(world.deep("team", artifact, S, "x@v1"))).toBe(`${artifact} of work`);
      expect(names(world.deep("team", artifact, S))).toEqual(["x@v1"]);
    }
  });

  test("joining standard, months later deeper: the checkpoints go to the fork", () => {
    using world = new World();
    const as = diverged(world);
    expect(text(world.instance("home", "file-history", S, "x@v1"))).toBe("file-history of home");
    world.change("home", deeper("team"));
    for (const artifact of PER_SESSION) {
      expect(text(world.deep("team", artifact, as, "x@v1"))).toBe(`${artifact} of home`);
      expect(names(world.deep("team", artifact, S))).toEqual(["x@v1"]);
    }
  });

  test("joining standard, going on with the fork, later deeper: old and new checkpoints are together", () => {
    using world = new World();
    const as = diverged(world);
    put(world.instance("home", "file-history", as, "x@v2"), "made in the fork");
    world.change("home", deeper("team"));
    expect(names(world.deep("team", "file-history", as))).toEqual(["x@v1", "x@v2"]);
  });

  test("names that begin with the session's id follow it too", () => {
    using world = new World();
    world.accounts("work", "home");
    for (const account of ["work", "home"]) {
      put(world.own(account, "-p", `${S}.jsonl`), chain(S, ["a", account]));
      put(world.instance(account, "todos", `${S}-agent-${S}.json`), account);
    }
    world.change("work", deeper("team"));
    const as = world.change("home", deeper("team")).summary.forks[0]?.as ?? "none";
    expect(names(world.deep("team", "todos"))).toEqual([`${S}-agent-${S}.json`, `${as}-agent-${as}.json`].sort());
    expect(text(world.deep("team", "todos", `${as}-agent-${as}.json`))).toBe("home");
  });

  test("the other's checkpoints, arriving later, stay with the session that kept the id", () => {
    using world = new World();
    world.accounts("work", "home");
    for (const account of ["work", "home"]) {
      put(world.own(account, "-p", `${S}.jsonl`), chain(S, ["a", account]));
      put(world.instance(account, "file-history", S, "x@v1"), account);
    }
    world.join("work");
    const as = world.join("home").summary.forks[0]?.as ?? "none";
    world.change("home", deeper("team"));
    world.change("work", deeper("team"));
    expect(text(world.deep("team", "file-history", S, "x@v1"))).toBe("work");
    expect(text(world.deep("team", "file-history", as, "x@v1"))).toBe("home");
  });

  test("an account that took the other's session along and comes back does not mix its files into the fork's", () => {
    using world = new World();
    const as = diverged(world, deeper("team"));
    world.leave("home", { take: "all" });
    expect(text(world.own("home", "-p", S, "tool-results", "1.txt"))).toBe("of work");
    world.change("home", deeper("team"));
    expect(names(world.shared("team", "-p", as, "tool-results"))).toEqual(["1.txt"]);
    expect(names(world.shared("team", "-p", S, "tool-results"))).toEqual(["1.txt"]);
    for (const artifact of PER_SESSION) {
      expect(names(world.deep("team", artifact, as))).toEqual(["x@v1"]);
      expect(names(world.deep("team", artifact, S))).toEqual(["x@v1"]);
    }
  });

  test("an account that took the other's session along, went on with it and comes back: its checkpoints stay with it", () => {
    using world = new World();
    const as = diverged(world, deeper("team"));
    world.leave("home", { take: "all" });
    fs.appendFileSync(world.own("home", "-p", `${S}.jsonl`), turn("more", "work", S));
    put(world.own("home", "-p", S, "tool-results", "2.txt"), "more");
    put(world.instance("home", "file-history", S, "x@v2"), "more");
    world.change("home", deeper("team"));
    expect(text(world.shared("team", "-p", `${S}.jsonl`))).toContain('"more"');
    expect(names(world.shared("team", "-p", S, "tool-results"))).toEqual(["1.txt", "2.txt"]);
    expect(names(world.deep("team", "file-history", S))).toEqual(["x@v1", "x@v2"]);
    expect(names(world.deep("team", "file-history", as))).toEqual(["x@v1"]);
  });

  test("in another group the same session is no fork", () => {
    using world = new World();
    const as = diverged(world, deeper("team"));
    world.leave("home", { take: "none", takeSessions: [S] });
    put(world.instance("home", "file-history", S, "x@v3"), "v3");
    world.change("home", deeper("other"));
    expect(names(world.shared("other", "-p"))).toEqual([S, `${S}.jsonl`]);
    expect(names(world.deep("other", "file-history"))).toEqual([S]);
    expect(names(world.deep("other", "file-history"))).not.toContain(as);
  });

  test("the id is fixed before anything is written: a join broken off anywhere ends with one fork, complete", () => {
    let ids: string | undefined;
    for (let after = 1; ; after++) {
      using world = new World();
      world.accounts("work", "home");
      for (const account of ["work", "home"]) {
        put(world.own(account, "-p", `${S}.jsonl`), chain(S, ["a", account]));
        put(world.own(account, "-p", S, "tool-results", "1.txt"), `of ${account}`);
        put(world.instance(account, "file-history", S, "x@v1"), account);
      }
      world.change("work", deeper("team"));
      const before = held(snapshot(world.root));
      if (!world.interrupt("home", deeper("team"), after)) break;
      expect([after, lost(before, held(snapshot(world.root)))]).toEqual([after, []]);
      world.mend("home");
      expect([after, lost(before, held(snapshot(world.root)))]).toEqual([after, []]);
      const sessions = names(world.shared("team", "-p")).filter((name) => name.endsWith(".jsonl"));
      expect([after, sessions.length]).toEqual([after, 2]);
      const as = sessions.find((name) => name !== `${S}.jsonl`)?.slice(0, 36) as string;
      expect(text(world.shared("team", "-p", as, "tool-results", "1.txt"))).toBe("of home");
      expect(text(world.deep("team", "file-history", as, "x@v1"))).toBe("home");
      expect(names(world.deep("team", "file-history"))).toEqual([S, as].sort());
      expect(names(world.home.staging)).toEqual([]);
      ids = as;
    }
    expect(ids).toBeDefined();
  });

  test("a leaving that takes over a broken-off joining, broken off anywhere itself, ends with one fork of what both sides hold", () => {
    let last = 0;
    for (let after = 1; ; after++) {
      using world = new World();
      world.accounts("work", "home");
      for (const account of ["work", "home"]) {
        put(world.own(account, "-p", `${S}.jsonl`), chain(S, ["a", account]));
        put(world.own(account, "-q", `${S}.jsonl`), chain(S, ["b", account]));
      }
      world.join("work");
      const before = held(snapshot(world.root));
      expect(world.interrupt("home", standard("team"), 6)).toBe(true);
      expect(names(world.home.staging)).not.toEqual([]);
      if (!world.interrupt("home", ISOLATED, after, { take: "all" })) break;
      world.mend("home");
      expect([after, lost(before, held(snapshot(world.root)))]).toEqual([after, []]);
      const sessions = ["-p", "-q"].map((project) => names(world.own("home", project)).filter((name) => name.endsWith(".jsonl")).length);
      expect([after, sessions, world.unfinished(), names(world.home.staging)]).toEqual([after, [2, 2], [], []]);
      last = after;
    }
    expect(last).toBeGreaterThan(8);
  });

  test("a fork's session fields name it, text that only mentions the old id does not change", () => {
    using world = new World();
    world.accounts("work", "home");
    const mention = `${JSON.stringify({ type: "user", uuid: "h", parentUuid: "a", sessionId: S, message: `see ${S}`, nested: { sessionId: S } })}\n`;
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a", "w"]));
    put(world.own("home", "-p", `${S}.jsonl`), chain(S, ["a"]) + mention);
    world.join("work");
    const as = world.join("home").summary.forks[0]?.as ?? "none";
    const written = text(world.shared("team", "-p", `${as}.jsonl`)).split("\n");
    expect(JSON.parse(written[1] as string)).toEqual({
      type: "user",
      uuid: "h",
      parentUuid: "a",
      sessionId: as,
      message: `see ${S}`,
      nested: { sessionId: as },
    });
    expect(world.policy("home")).not.toEqual(ISOLATED);
  });

  test("a transcript that is not UTF-8 all through forks byte for byte", () => {
    using world = new World();
    world.accounts("work", "home");
    const odd = Buffer.concat([Buffer.from(chain(S, ["a", "h"])), Buffer.from([0xff, 0x00, 0xc3, 0x28, 0x0a])]);
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a", "w"]));
    put(world.own("home", "-p", `${S}.jsonl`), odd);
    world.join("work");
    const as = world.join("home").summary.forks[0]?.as ?? "none";
    const expected = Buffer.from(odd.toString("latin1").replaceAll(`"sessionId":"${S}"`, `"sessionId":"${as}"`), "latin1");
    expect(fs.readFileSync(world.shared("team", "-p", `${as}.jsonl`)).equals(expected)).toBe(true);
  });
});
