import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import * as ccs from "../../shared/index.ts";
import { chain, S, T, turn, U } from "./support/sessions.ts";
import { differences, snapshot } from "./support/snapshot.ts";
import { deeper, ISOLATED, names, put, refusal, standard, text, World } from "./support/world.ts";

const POLICIES: ccs.ContextPolicy[] = [ISOLATED, standard("team"), deeper("team"), standard("other"), deeper("other")];

function scene(world: World): void {
  world.accounts("work", "home");
  put(world.own("home", "-p", `${S}.jsonl`), chain(S, ["a", "h"]));
  put(world.own("home", "-p", "notes.md"), "of home");
  world.change("home", deeper("team"));
  put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a", "w"]));
  put(world.own("work", "-p", `${T}.jsonl`), chain(T, ["x"]));
  put(world.own("work", "-p", "notes.md"), "of work");
  put(world.own("work", "-p", "memory", "M.md"), "m");
  put(world.instance("work", "file-history", T, "x@v1"), "v1");
}

describe("a plan", () => {
  test("looked at changes nothing at all on disk, whatever it is for", () => {
    using world = new World();
    scene(world);
    for (const from of POLICIES) {
      world.change("work", from);
      const before = snapshot(world.root);
      for (const to of POLICIES) {
        for (const take of ["mine", "all", "none"] as const) world.preview("work", to, { take });
        world.preview("home", to);
      }
      ccs.listAccounts(world.home, Date.now());
      ccs.listGroups(world.home);
      for (const group of ccs.listGroups(world.home)) ccs.showGroup(world.home, group.name);
      ccs.takeChoices(world.home, "work");
      expect(differences(before, snapshot(world.root))).toEqual([]);
    }
  });

  test("looked at for the first account ever changes nothing either", () => {
    using world = new World();
    put(world.home.config, 'accounts:\n  work:\n    context_mode: "isolated"\n', 0o600);
    const before = snapshot(world.root);
    world.preview("work", standard("team"));
    ccs.listAccounts(world.home, 0);
    expect(differences(before, snapshot(world.root))).toEqual([]);
  });

  test("of an applied state is empty, and a launch then changes nothing", () => {
    using world = new World();
    scene(world);
    for (const policy of [...POLICIES, ...POLICIES.toReversed()]) {
      world.change("work", policy);
      const again = world.preview("work", policy);
      expect([policy, again.plan.operations]).toEqual([policy, []]);
      expect([policy, again.sentences]).toEqual([policy, []]);
      const before = snapshot(world.root);
      world.mend("work");
      world.mend("home");
      expect(differences(before, snapshot(world.root), ["ccs/state"])).toEqual([]);
    }
  });

  test("says what it will do, and does what it says", () => {
    using world = new World();
    scene(world);
    const preview = world.preview("work", standard("team"));
    const report = ccs.applyChange(world.home, preview, { approved: true });
    expect(report.sentences).toEqual(preview.sentences);
    expect(report.summary).toEqual(preview.plan.summary);
    expect(preview.plan.summary).toMatchObject({ sessionsIn: 1, sessionsOut: 0 });
    expect(names(world.shared("team", "-p"))).toContain(`${preview.plan.summary.forks[0]?.as}.jsonl`);
    for (const conflict of preview.plan.summary.conflicts) expect(fs.existsSync(conflict.as)).toBe(true);
  });

  for (const [what, meanwhile] of [
    ["another file of the same name came into the group", (w: World) => put(w.shared("team", "-p", `${T}.jsonl`), chain(T, ["other"]))],
    ["the account's own file went", (w: World) => fs.unlinkSync(w.own("work", "-p", "notes.md"))],
    ["the account's settings got a longer retention", (w: World) => put(w.instance("work", "settings.json"), '{"cleanupPeriodDays": 99}')],
    [
      "another account joined with a longer retention",
      (w: World) => {
        w.accounts("third");
        put(w.instance("third", "settings.json"), '{"cleanupPeriodDays": 400}');
        w.join("third");
      },
    ],
    ["the account was changed by somebody else", (w: World) => w.join("work", "other")],
  ] as const) {
    test(`that was approved is stale when ${what}: refused, nothing changed, and made anew it is applied`, () => {
      using world = new World();
      scene(world);
      const approved = world.preview("work", standard("team"));
      meanwhile(world);
      const before = snapshot(world.root);
      const error = refusal(() => ccs.applyChange(world.home, approved, { approved: true }));
      expect(error.code).toBe("stale");
      expect(error.exit).toBe(75);
      expect(differences(before, snapshot(world.root), ["ccs/state"])).toEqual([]);
      world.join("work");
      expect(world.policy("work")).toEqual(standard("team"));
    });
  }

  test("for leaving that was approved is stale when another session of its own came meanwhile", () => {
    using world = new World();
    scene(world);
    world.join("work");
    const approved = world.preview("work", ISOLATED);
    world.leave("home");
    put(world.own("work", "-p", `${U}.jsonl`), chain(U, ["u"]));
    expect(refusal(() => ccs.applyChange(world.home, approved, { approved: true })).code).toBe("stale");
  });

  test("for joining that was approved is stale when a session more would come along than was said", () => {
    using world = new World();
    world.accounts("work");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    const approved = world.preview("work", standard("team"));
    expect(approved.plan.summary.sessionsIn).toBe(1);
    put(world.own("work", "-p", `${T}.jsonl`), chain(T, ["a"]));
    expect(refusal(() => ccs.applyChange(world.home, approved, { approved: true })).code).toBe("stale");
  });

  test("that nobody saw is made anew and applied", () => {
    using world = new World();
    scene(world);
    const unseen = world.preview("work", standard("team"));
    put(world.shared("team", "-p", `${T}.jsonl`), chain(T, ["other"]));
    const report = ccs.applyChange(world.home, unseen, { approved: false });
    expect(report.summary.forks.map((fork) => fork.session).sort()).toEqual([S, T].sort());
  });

  test("is not stale because a session it moves got longer", () => {
    using world = new World();
    scene(world);
    const approved = world.preview("work", standard("team"));
    fs.appendFileSync(world.own("work", "-p", `${T}.jsonl`), turn("y", "x", T));
    ccs.applyChange(world.home, approved, { approved: true });
    expect(text(world.shared("team", "-p", `${T}.jsonl`))).toBe(chain(T, ["x", "y"]));
  });

  test("names an account that is not there with the nearest there is", () => {
    using world = new World();
    scene(world);
    const error = refusal(() => world.preview("wrok", ISOLATED));
    expect(error.code).toBe("not-found");
    expect(error.hint).toContain('"work"');
  });

  test("reaches nothing in an instance but artifacts and settings.json", () => {
    using world = new World();
    scene(world);
    const kept = [".credentials.json", ".claude.json", ".anthropic/x", "plans/p.md", "sessions/1.key", "plugins/x", "history.jsonl"];
    for (const path of kept) put(world.instance("work", ...path.split("/")), `secret ${path}`, 0o600);
    const before = snapshot(world.instance("work"));
    for (const policy of [...POLICIES, ISOLATED]) world.change("work", policy);
    const changed = differences(before, snapshot(world.instance("work")), [""]).filter((line) =>
      kept.some((path) => line.startsWith(`${path.split("/")[0]}`)),
    );
    expect(changed).toEqual([]);
    const out = [
      ...snapshot(world.home.shared).values(),
      ...snapshot(world.home.setAside).values(),
      ...snapshot(world.home.state).values(),
    ];
    expect(out.filter((seen) => seen.content.includes("secret"))).toEqual([]);
  });
});
