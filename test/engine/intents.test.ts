import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import * as ccs from "../../shared/index.ts";
import { chain, S, T } from "./support/sessions.ts";
import { type Held, held, lost, shape, snapshot } from "./support/snapshot.ts";
import { deeper, ISOLATED, names, put, refusal, standard, text, World } from "./support/world.ts";

/** Two accounts that have something of everything to merge; home is in the group. */
function scene(world: World): Held {
  world.accounts("work", "home");
  put(world.own("home", "-p", `${S}.jsonl`), chain(S, ["a", "b"]));
  put(world.own("home", "-p", "notes.md"), "of home");
  put(world.own("home", "-p", "same.md"), "same");
  put(world.own("home", "-p", "kind"), "file");
  world.change("home", deeper("team"));
  put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a", "b", "c"]));
  put(world.own("work", "-p", `${T}.jsonl`), chain(T, ["x"]));
  put(world.own("work", "-p", "notes.md"), "of work");
  put(world.own("work", "-p", "same.md"), "same");
  put(world.own("work", "-p", "kind", "in"), "directory");
  put(world.own("work", "-q", "memory", "M.md"), "m");
  put(world.instance("work", "file-history", T, "x@v1"), "v1");
  return held(snapshot(world.root));
}

/** What is on disk apart from times, set-aside and our own records: those name the change. */
function outcome(world: World): Record<string, string> {
  const all = shape(world.root);
  const created = /created: ".*?"/g;
  return Object.fromEntries(
    Object.entries(all)
      .filter(([path]) => !/^ccs\/(state|set-aside|staging)(\/|$)/.test(path))
      .map(([path, seen]) => [path, seen.replaceAll(world.root, "ROOT").replaceAll(created, "created")]),
  );
}

/** How many operations further each time; every one for the two that everything else is made of. */
const STEPS: [what: string, prepare: (world: World) => void, to: ccs.ContextPolicy, stride: number][] = [
  ["joining", () => undefined, standard("team"), 1],
  ["joining deeper", () => undefined, deeper("team"), 4],
  ["leaving", (world) => void world.change("work", deeper("team")), ISOLATED, 1],
  ["deeper to standard", (world) => void world.change("work", deeper("team")), standard("team"), 4],
  ["standard to deeper", (world) => void world.join("work"), deeper("team"), 4],
  ["going to another group", (world) => void world.change("work", deeper("team")), deeper("other"), 4],
];

describe("a change broken off after any operation", () => {
  for (const [what, prepare, to, stride] of STEPS) {
    test(`${what}: nothing is gone, and the next launch finishes it as if nothing had happened`, () => {
      using whole = new World();
      scene(whole);
      prepare(whole);
      whole.change("work", to);
      const wanted = outcome(whole);
      let last = 0;
      for (let after = 1; ; after += stride) {
        using world = new World();
        const before = scene(world);
        prepare(world);
        if (!world.interrupt("work", to, after)) break;
        expect([after, lost(before, held(snapshot(world.root)))]).toEqual([after, []]);
        expect([after, world.unfinished()]).toEqual([after, ["work.json"]]);
        expect(ccs.showAccount(world.home, "work", 0).health).toBe("error");
        world.mend("work");
        expect([after, outcome(world)]).toEqual([after, wanted]);
        expect([after, names(world.home.staging)]).toEqual([after, []]);
        expect([after, world.unfinished()]).toEqual([after, []]);
        last = after;
      }
      expect(last).toBeGreaterThan(3);
    });
  }

  test("is finished by the change of another account", () => {
    using world = new World();
    const before = scene(world);
    world.accounts("third");
    expect(world.interrupt("work", standard("team"), 3)).toBe(true);
    world.join("third");
    expect(world.unfinished()).toEqual([]);
    expect(fs.readlinkSync(world.own("work"))).toBe(world.shared("team"));
    expect(lost(before, held(snapshot(world.root)))).toEqual([]);
  });

  test("is taken over by another change of the account", () => {
    using world = new World();
    const before = scene(world);
    expect(world.interrupt("work", standard("team"), 3)).toBe(true);
    world.leave("work");
    expect(world.unfinished()).toEqual([]);
    expect(world.policy("work")).toEqual(ISOLATED);
    expect(names(world.own("work", "-p"))).toContain(`${T}.jsonl`);
    expect(lost(before, held(snapshot(world.root)))).toEqual([]);
  });

  for (const [what, prepare, to] of STEPS.filter(([name]) => name === "joining" || name === "leaving")) {
    test(`${what}, and asked for again instead of mended: it is finished, and nothing is left to do or to say`, () => {
      for (let after = 1; ; after++) {
        using world = new World();
        scene(world);
        prepare(world);
        if (!world.interrupt("work", to, after)) break;
        world.change("work", to);
        expect([after, world.unfinished()]).toEqual([after, []]);
        const again = world.preview("work", to);
        expect([after, again.plan.operations, again.sentences]).toEqual([after, [], []]);
      }
    });
  }

  test("again and again, a step further each time, ends like one that was not", () => {
    using whole = new World();
    scene(whole);
    whole.change("work", deeper("team"));
    using world = new World();
    const before = scene(world);
    let broken = world.interrupt("work", deeper("team"), 1);
    for (let after = 2; broken; after++) {
      // A launch reports no progress: the same change once more begins with finishing the first, and is broken off there.
      try {
        broken = world.interrupt("work", deeper("team"), after);
      } catch (error) {
        if (!(error instanceof ccs.CcsError) || error.code !== "stale") throw error;
        broken = false;
      }
      expect(lost(before, held(snapshot(world.root)))).toEqual([]);
    }
    expect(world.unfinished()).toEqual([]);
    expect(outcome(world)).toEqual(outcome(whole));
  });
});

describe("config.yaml edited while a change is unfinished", () => {
  const edits: [what: string, edit: (text: string) => string, policy: ccs.ContextPolicy | undefined][] = [
    ["to another group", (all) => all.replace(/(work:[\s\S]*?)context_group: "team"/, '$1context_group: "other"'), standard("other")],
    ["to deeper", (all) => all.replace(/(work:[\s\S]*?)continuity_mode: "standard"/, '$1continuity_mode: "deeper"'), deeper("team")],
    ["back to isolated", (all) => all.replace(/(work:[\s\S]*?)context_mode: "shared"\n.*\n.*\n/, '$1context_mode: "isolated"\n'), ISOLATED],
  ];
  for (const [what, edit, policy] of edits) {
    for (const after of [1, 4, 8, 12]) {
      test(`${what}, after ${after} operations of a join: what the person wrote stands, or a choice is asked for and then made; nothing is gone`, () => {
        using world = new World();
        const before = scene(world);
        expect(world.interrupt("work", standard("team"), after)).toBe(true);
        const was = text(world.home.config);
        expect(world.editConfig(edit)).not.toBe(was);
        const nothingMoved = fs.existsSync(world.own("work", "-p", `${T}.jsonl`)) && !fs.lstatSync(world.own("work")).isSymbolicLink();
        try {
          world.mend("work");
        } catch (error) {
          if (!(error instanceof ccs.CcsError) || policy === undefined) throw error;
          expect(error.code).toBe("refused");
          expect(error.hint).toContain("ccs auth edit work");
          world.change("work", policy);
        }
        expect(world.policy("work")).toEqual(policy);
        expect(world.unfinished()).toEqual([]);
        expect(ccs.showAccount(world.home, "work", 0).problems.filter((p) => p.health === "error")).toEqual([]);
        expect(lost(before, held(snapshot(world.root)))).toEqual([]);
        expect(names(world.home.staging)).toEqual([]);
        const projects = policy?.mode === "shared" ? world.shared(policy.group) : world.own("work");
        expect(names(`${projects}/-p`)).toContain(`${T}.jsonl`);
        // A group the person thought better of in time never gets to see it.
        if (nothingMoved && projects !== world.shared("team")) expect(names(world.shared("team", "-p"))).not.toContain(`${T}.jsonl`);
      });
    }
  }

  test("into something that does not parse: links stay until it is mended, then the change is finished", () => {
    using world = new World();
    const before = scene(world);
    expect(world.interrupt("work", standard("team"), 4)).toBe(true);
    const good = text(world.home.config);
    world.editConfig((all) => all.replace('"standard"', "deep"));
    const broken = shape(world.home.instances);
    expect(refusal(() => world.mend("work")).code).toBe("config-invalid");
    expect(shape(world.home.instances)).toEqual(broken);
    fs.writeFileSync(world.home.config, good);
    world.mend("work");
    expect(world.unfinished()).toEqual([]);
    expect(lost(before, held(snapshot(world.root)))).toEqual([]);
  });

  test("the account taken out of it: its files are still put in order, nothing is gone", () => {
    for (const after of [1, 4, 8]) {
      using world = new World();
      const before = scene(world);
      expect(world.interrupt("work", standard("team"), after)).toBe(true);
      const was = text(world.home.config);
      expect(world.editConfig((all) => all.replace(/ {2}work:\n( {4}.*\n)+/, ""))).not.toBe(was);
      ccs.finishInterrupted(world.home);
      world.leave("home");
      expect(lost(before, held(snapshot(world.root)))).toEqual([]);
      expect(world.unfinished()).toEqual([]);
    }
  });

  test("before config.yaml could be written: an unwritable config leaves an intent that is finished or forgotten, never half a change", () => {
    using world = new World();
    const before = scene(world);
    const config = text(world.home.config);
    fs.mkdirSync(`${world.home.config}.ccs-new`);
    try {
      world.join("work");
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
    fs.rmdirSync(`${world.home.config}.ccs-new`);
    if (world.unfinished().length > 0) world.mend("work");
    const policy = world.policy("work");
    expect(policy?.mode === "shared" ? fs.readlinkSync(world.own("work")) : text(world.home.config)).toBe(
      policy?.mode === "shared" ? world.shared("team") : config,
    );
    expect(lost(before, held(snapshot(world.root)))).toEqual([]);
  });
});

describe("a creation broken off before config.yaml was written", () => {
  for (const meanwhile of [false, true]) {
    test(`${meanwhile ? "and config.yaml used by others since" : "and nothing else since"}: the account is there whole or not at all, and can be made`, () => {
      using world = new World();
      world.accounts("work");
      world.join("work");
      fs.mkdirSync(`${world.home.config}.ccs-new`);
      expect(() => world.create("home", standard("team"))).toThrow();
      fs.rmdirSync(`${world.home.config}.ccs-new`);
      if (meanwhile) expect(ccs.touchLastUsed(world.home, "work", new Date())).toBe(true);
      world.change("work", deeper("team"));
      expect(world.unfinished()).toEqual([]);
      if (world.policy("home") === undefined) world.create("home", standard("team"));
      expect(world.policy("home")).toEqual(standard("team"));
      expect(fs.readlinkSync(world.own("home"))).toBe(world.shared("team"));
    });
  }
});

describe("what is set aside twice", () => {
  test("under one name of 255 bytes, in two attempts of one change, is kept twice", () => {
    const long = "n".repeat(255);
    for (let after = 1; ; after++) {
      using world = new World();
      world.accounts("work", "home");
      put(world.own("home", "-p", long), "of home");
      world.join("home");
      put(world.own("work", "-p", long), "first");
      const before = held(snapshot(world.root));
      expect(world.interrupt("work", standard("team"), after)).toBe(true);
      if (fs.existsSync(world.own("work")) && !fs.lstatSync(world.own("work")).isSymbolicLink()) continue;
      // Its own directory has been moved aside: a client makes it anew, with the same name in it.
      fs.rmSync(world.own("work"), { force: true });
      put(world.own("work", "-p", long), "second");
      world.mend("work");
      expect(world.unfinished()).toEqual([]);
      expect(lost(before, held(snapshot(world.root)))).toEqual([]);
      const kept = Object.values(shape(world.home.setAside));
      expect(kept).toContain("file first");
      expect(kept).toContain("file second");
      expect(text(world.shared("team", "-p", long))).toBe("of home");
      return;
    }
  });
});

describe("the record of an unfinished change", () => {
  test("that cannot be read is said with its path; links and files stay", () => {
    using world = new World();
    scene(world);
    expect(world.interrupt("work", standard("team"), 2)).toBe(true);
    const path = `${world.home.intents}/work.json`;
    fs.writeFileSync(path, '{"version": 2}');
    const before = shape(world.home.instances);
    const error = refusal(() => world.mend("work"));
    expect(error).toMatchObject({ code: "refused", where: path });
    expect(shape(world.home.instances)).toEqual(before);
  });

  test("of one account does not keep another account from its own change", () => {
    using world = new World();
    scene(world);
    world.accounts("third");
    expect(world.interrupt("work", standard("team"), 2)).toBe(true);
    fs.writeFileSync(`${world.home.intents}/work.json`, '{"version": 2}');
    world.join("third");
    expect(fs.readlinkSync(world.own("third"))).toBe(world.shared("team"));
  });
});
