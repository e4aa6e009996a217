import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import * as ccs from "../../shared/index.ts";
import { chain, S } from "./support/sessions.ts";
import { shape } from "./support/snapshot.ts";
import { ISOLATED, put, refusal, standard, text, World } from "./support/world.ts";

describe("an account that is made", () => {
  for (const to of [ISOLATED, standard("team")]) {
    test(`is refused where its name is taken between the look and the lock, and nothing is changed (${to.mode})`, () => {
      using world = new World();
      world.accounts("work");
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
      world.remove("work", { keepLogin: true });
      // Begun and broken off: whoever has the lock next finishes it, and the name is taken.
      expect(world.interruptMove(ccs.previewRestore(world.home, "work", null), 1)).toBe(true);
      expect(refusal(() => world.create("work", to))).toMatchObject({ code: "exists", where: world.home.config });
      expect(world.policy("work")).toEqual(ISOLATED);
      expect(text(world.own("work", "-p", `${S}.jsonl`))).toBe(chain(S, ["a"]));
      expect(fs.existsSync(ccs.groupOf(world.home, "team"))).toBe(false);
    });
  }

  const USES: readonly (readonly [what: string, use: (world: World) => void, said: string])[] = [
    ["has a session by now", (world) => put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"])), "has a history"],
    ["has prompts typed into it", (world) => put(world.instance("work", "history.jsonl"), "{}\n"), "has a history"],
    [
      "is logged in by now",
      (world) => put(world.instance("work", ".credentials.json"), '{"claudeAiOauth":{"accessToken":"t","scopes":["user:inference"]}}\n'),
      "logged in",
    ],
    [
      "has a client running",
      (world) => put(world.instance("work", "sessions", `${process.pid}.json`), JSON.stringify({ pid: process.pid })),
      "running",
    ],
    ["has another name by now", (world) => world.rename("work", "office"), "renamed, removed or made anew"],
    [
      "was removed and made anew",
      (world) => {
        world.remove("work");
        world.accounts("work");
        put(world.instance("work", "CLAUDE.md"), "of another");
      },
      "renamed, removed or made anew",
    ],
  ];
  for (const [what, use, said] of USES) {
    test(`is not taken away again where it ${what}`, () => {
      using world = new World();
      const created = world.create("work", ISOLATED);
      use(world);
      const before = shape(world.root);
      expect(refusal(() => created.undo()).message).toContain(said);
      expect(shape(world.root)).toEqual(before);
    });
  }

  test("is taken away again where a login left nothing but its settings and empty directories", () => {
    using world = new World();
    world.accounts("home");
    const before = shape(world.home.instances);
    const created = world.create("work", standard("team"));
    put(world.instance("work", ".claude.json"), '{"userID":"u"}\n');
    put(world.instance("work", "backups", ".claude.json.backup.1"), "{}");
    fs.mkdirSync(world.instance("work", "todos"));
    created.undo();
    expect(shape(world.home.instances)).toEqual(before);
    expect(world.policy("work")).toBeUndefined();
  });
});
