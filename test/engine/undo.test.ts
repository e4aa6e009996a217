import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import * as ccs from "../../shared/index.ts";
import { chain, S, T, U } from "./support/sessions.ts";
import { type Held, held, lost, shape, snapshot } from "./support/snapshot.ts";
import { deeper, ISOLATED, names, put, refusal, standard, text, World } from "./support/world.ts";

/** `work` and `home`, each with a session; home is in the group. */
function scene(world: World): Held {
  world.accounts("work", "home");
  put(world.own("home", "-p", `${S}.jsonl`), chain(S, ["a"]));
  world.change("home", deeper("team"));
  put(world.own("work", "-p", `${T}.jsonl`), chain(T, ["x"]));
  put(world.own("work", "-p", "notes.md"), "of work");
  return held(snapshot(world.root));
}

function isIn(world: World, account: string, group: string): boolean {
  return fs.lstatSync(world.own(account)).isSymbolicLink() && fs.readlinkSync(world.own(account)) === world.shared(group);
}

describe("undo", () => {
  test("of a join leaves again: the account's own come along, what was made since too, and the group keeps everything", () => {
    using world = new World();
    const before = scene(world);
    world.change("work", standard("team"));
    put(world.own("work", "-p", `${U}.jsonl`), chain(U, ["since"]));
    const report = world.undo("work");
    expect(report.to).toEqual(ISOLATED);
    expect(world.policy("work")).toEqual(ISOLATED);
    expect(names(world.own("work", "-p"))).toContain(`${T}.jsonl`);
    expect(names(world.own("work", "-p"))).not.toContain(`${S}.jsonl`);
    expect(names(world.shared("team", "-p"))).toEqual(expect.arrayContaining([`${S}.jsonl`, `${T}.jsonl`, `${U}.jsonl`]));
    expect(lost(before, held(snapshot(world.root)))).toEqual([]);
  });

  test("of a leave joins again, and an undo of that leaves again", () => {
    using world = new World();
    scene(world);
    world.change("work", standard("team"));
    world.leave("work");
    world.undo("work");
    expect(world.policy("work")).toEqual(standard("team"));
    expect(isIn(world, "work", "team")).toBe(true);
    world.undo("work");
    expect(world.policy("work")).toEqual(ISOLATED);
    world.undo("work");
    expect(world.policy("work")).toEqual(standard("team"));
  });

  test("of deeper goes back to standard, of another group back to the first", () => {
    using world = new World();
    scene(world);
    world.change("work", standard("team"));
    world.change("work", deeper("team"));
    world.change("work", deeper("other"));
    world.undo("work");
    expect(world.policy("work")).toEqual(deeper("team"));
    expect(isIn(world, "work", "team")).toBe(true);
  });

  test("sets the keys back letter by letter: a key that was not there is taken out, a group keeps its spelling", () => {
    using world = new World();
    scene(world);
    world.editConfig((all) => all.replace(/(work:[\s\S]*?) {4}context_mode: "isolated"\n/, "$1"));
    const absent = text(world.home.config);
    expect(absent).not.toContain('"isolated"');
    world.change("work", standard("team"));
    world.undo("work");
    expect(text(world.home.config)).toBe(absent);
    world.editConfig((all) => all.replace('"team"', "Team   # ours"));
    world.change("home", ISOLATED);
    world.undo("home");
    expect(world.policy("home")).toEqual(deeper("team"));
    expect(text(world.home.config)).toContain('context_group: "Team"');
  });

  test("without an account takes back the change that was made last of all", () => {
    using world = new World();
    scene(world);
    world.change("work", standard("team"));
    world.change("home", standard("team"));
    expect(world.undo().account).toBe("home");
    expect(world.policy("home")).toEqual(deeper("team"));
    expect(world.policy("work")).toEqual(standard("team"));
  });

  test("is refused where nothing was changed yet, and where the last change made the account", () => {
    using world = new World();
    expect(refusal(() => ccs.undoing(world.home, null))).toMatchObject({ code: "refused", message: expect.stringContaining("no change") });
    world.accounts("work");
    for (const account of ["work", null])
      expect(refusal(() => ccs.undoing(world.home, account))).toMatchObject({
        code: "refused",
        message: expect.stringContaining("made the account work"),
      });
  });

  test("is refused where the keys were edited since, and says what config.yaml says", () => {
    using world = new World();
    scene(world);
    world.change("work", standard("team"));
    world.editConfig((all) => all.replace(/(work:[\s\S]*?)"standard"/, '$1"deeper"'));
    const before = shape(world.root);
    const error = refusal(() => ccs.undoing(world.home, "work"));
    expect(error.code).toBe("refused");
    expect(error.message).toContain("it says shared (team), deeper");
    expect(shape(world.root)).toEqual(before);
    world.mend("work");
    expect(refusal(() => ccs.undoing(world.home, "work")).message).toContain("edited since");
  });

  test("is refused where another change came between the look and the yes", () => {
    using world = new World();
    scene(world);
    world.change("work", standard("team"));
    const seen = ccs.previewChange(world.home, ccs.undoing(world.home, "work"));
    world.change("work", deeper("team"));
    const before = shape(world.root);
    expect(refusal(() => ccs.applyChange(world.home, seen, { approved: true })).message).toContain("changed since");
    expect(refusal(() => ccs.changeNow(world.home, seen.plan.intent)).message).toContain("changed since");
    expect(shape(world.root)).toEqual(before);
  });

  test("waits while a client of the account runs, where leaving would", () => {
    using world = new World();
    scene(world);
    world.change("work", standard("team"));
    put(world.instance("work", "sessions", `${process.pid}.json`), JSON.stringify({ pid: process.pid }));
    const before = shape(world.root);
    expect(refusal(() => world.undo("work")).code).toBe("busy");
    expect(shape(world.root)).toEqual(before);
  });

  test("does nothing with --dry-run's look, and its plan says what it becomes", () => {
    using world = new World();
    scene(world);
    world.change("work", standard("team"));
    const before = shape(world.root);
    const seen = ccs.previewChange(world.home, ccs.undoing(world.home, null));
    expect(seen.sentences[0]).toBe("work becomes isolated (it was shared (team)).");
    expect(shape(world.root)).toEqual(before);
  });
});

describe("a change broken off after any operation", () => {
  for (const [what, to] of [
    ["a join", standard("team")],
    ["a deeper join", deeper("team")],
  ] as const) {
    test(`${what}: undo right away goes back, and nothing is gone`, () => {
      let reached = 0;
      for (let after = 1; ; after += 2) {
        using world = new World();
        const before = scene(world);
        if (!world.interrupt("work", to, after)) break;
        world.undo("work");
        expect([after, world.policy("work"), world.unfinished()]).toEqual([after, ISOLATED, []]);
        expect([after, fs.lstatSync(world.own("work")).isDirectory()]).toEqual([after, true]);
        expect([after, lost(before, held(snapshot(world.root)))]).toEqual([after, []]);
        world.undo("work");
        expect([after, world.policy("work")]).toEqual([after, to]);
        reached = after;
      }
      expect(reached).toBeGreaterThan(3);
    });

    test(`${what}, asked for again: undo goes back to what it was before the first time`, () => {
      for (let after = 1; ; after += 3) {
        using world = new World();
        scene(world);
        if (!world.interrupt("work", to, after)) break;
        world.change("work", to);
        world.undo("work");
        expect([after, world.policy("work")]).toEqual([after, ISOLATED]);
      }
    });

    test(`${what}, taken over by another: each is undone in its turn`, () => {
      for (let after = 1; ; after += 3) {
        using world = new World();
        scene(world);
        if (!world.interrupt("work", to, after)) break;
        world.change("work", standard("other"));
        world.undo("work");
        expect([after, world.policy("work")]).toEqual([after, to]);
      }
    });
  }

  test("an undo: the next launch finishes it, and it can be undone once, not twice", () => {
    let reached = 0;
    for (let after = 1; ; after++) {
      using world = new World();
      const before = scene(world);
      world.change("work", standard("team"));
      if (!world.interruptChange(ccs.undoing(world.home, "work"), after)) break;
      world.mend("work");
      expect([after, world.policy("work"), world.unfinished()]).toEqual([after, ISOLATED, []]);
      expect([after, lost(before, held(snapshot(world.root)))]).toEqual([after, []]);
      world.undo("work");
      expect([after, world.policy("work")]).toEqual([after, standard("team")]);
      reached = after;
    }
    expect(reached).toBeGreaterThan(3);
  });

  test("an undo, asked for again: it is gone on with, not undone", () => {
    for (let after = 1; ; after++) {
      using world = new World();
      scene(world);
      world.change("work", standard("team"));
      if (!world.interruptChange(ccs.undoing(world.home, "work"), after)) break;
      world.undo("work");
      expect([after, world.policy("work"), world.unfinished()]).toEqual([after, ISOLATED, []]);
    }
  });

  test("between the record and the end of its intent: it is remembered once", () => {
    using world = new World();
    scene(world);
    world.change("work", standard("team"));
    expect(world.interrupt("work", deeper("team"), 3)).toBe(true);
    const intent = text(`${world.home.intents}/work.json`);
    world.mend("work");
    const records = shape(`${world.home.records}/changes`);
    expect(names(`${world.home.records}/changes`)).toHaveLength(2);
    fs.writeFileSync(`${world.home.intents}/work.json`, intent);
    world.mend("work");
    expect(shape(`${world.home.records}/changes`)).toEqual(records);
    world.undo("work");
    expect(world.policy("work")).toEqual(standard("team"));
  });
});

test("what a person wrote into config.yaml while a change was unfinished is not the change's: undo is refused", () => {
  using world = new World();
  scene(world);
  expect(world.interrupt("work", standard("team"), 3)).toBe(true);
  world.editConfig((all) => all.replace(/(work:[\s\S]*?)context_group: "team"/, '$1context_group: "other"'));
  world.change("work", standard("other"));
  expect(refusal(() => ccs.undoing(world.home, "work")).message).toContain("edited since");
});
