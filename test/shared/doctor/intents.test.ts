import { expect, test } from "bun:test";
import { existsSync, lstatSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeIntent } from "../../../shared/context/intents.ts";
import { planMend } from "../../../shared/context/preview.ts";
import { groupOf, ISOLATED, runDoctor } from "../../../shared/index.ts";
import { put, World } from "../../engine/support/world.ts";
import { healthy, type Stand, session, TEAM, transcript } from "./scratch.ts";

/** An account that is to join, and was killed right after its intent was written. */
function interrupted(): Stand {
  const stand = healthy();
  stand.account("late");
  stand.put(stand.at("late", "projects", "-p", `${session("d")}.jsonl`), transcript(session("d"), 2));
  const { intent } = planMend(stand.home, "late");
  writeIntent(stand.home, { ...intent, from: ISOLATED, to: TEAM });
  return stand;
}

test("a change that was begun and not finished is an error with its plan, and is finished", () => {
  const stand = interrupted();
  const said = stand.said("intents");
  expect(said).toMatchObject([{ result: "error", subject: "late", where: join(stand.home.intents, "late.json") }]);
  expect(said[0]?.fix?.describes.slice(1, 3)).toEqual(["late becomes shared (team) (it was isolated).", "1 session moves into team."]);
  const { fixed } = stand.fix();
  expect(fixed).toContain("1 session moves into team.");
  expect(lstatSync(stand.at("late", "projects")).isSymbolicLink()).toBe(true);
  expect(existsSync(join(groupOf(stand.home, "team"), "projects", "-p", `${session("d")}.jsonl`))).toBe(true);
  expect(readFileSync(stand.home.config, "utf8")).toMatch(/late:[\s\S]*context_group: "?team/);
  expect(stand.problems()).toEqual([]);
});

test("a change that cannot be finished now says why, and what it waits for", () => {
  const stand = interrupted();
  stand.put(stand.at("late", "settings.json"), "{ broken");
  const said = stand.said("intents");
  expect(said).toMatchObject([{ result: "error", subject: "late", fix: { describes: [] } }]);
  expect(said[0]?.message).toContain("settings.json");
  expect(stand.fix().fixed).toEqual([]);
  expect(existsSync(join(stand.home.intents, "late.json"))).toBe(true);
});

test("the record another version made of a change is an error, and the other changes are finished", () => {
  const stand = interrupted();
  stand.put(join(stand.home.intents, "work.json"), '{"version": 2}');
  expect(stand.said("intents").map((c) => [c.subject, c.result])).toEqual([
    ["late", "error"],
    ["work", "error"],
  ]);
  stand.fix();
  expect(stand.said("intents").map((c) => c.subject)).toEqual(["work"]);
  expect(lstatSync(stand.at("late", "projects")).isSymbolicLink()).toBe(true);
});

test("what an unfinished change left undone is said once: finishing it puts the links in order", () => {
  const stand = interrupted();
  const text = readFileSync(stand.home.config, "utf8");
  const [head, late] = text.split("  late:") as [string, string];
  writeFileSync(
    stand.home.config,
    `${head}  late:${late.replace('context_mode: "isolated"', 'context_mode: "shared"\n    context_group: "team"')}`,
  );
  expect(stand.problems().map((problem) => problem.split(":")[0])).toEqual(["intents late"]);
  stand.fix();
  expect(stand.problems()).toEqual([]);
});

test("a change that a person took back in config.yaml is what config.yaml says by now: where that needs a choice, the command for it is named", () => {
  using world = new World();
  world.accounts("work");
  put(world.own("work", "-p", `${session("d")}.jsonl`), transcript(session("d"), 2));
  const before = readFileSync(world.home.config, "utf8");
  let after = 1;
  while (world.interrupt("work", TEAM, after) && lstatSync(world.own("work"), { throwIfNoEntry: false })?.isSymbolicLink() !== true) {
    world.mend("work");
    world.leave("work");
    after += 1;
  }
  writeFileSync(world.home.config, before);
  const found = () => runDoctor(world.home, { env: {}, now: Date.now() }).checks.filter((check) => check.name === "intents");
  expect(found()).toMatchObject([
    { result: "error", subject: "work", fix: { describes: [], command: expect.stringContaining("ccs auth edit work --isolated") } },
  ]);
  world.leave("work");
  expect(found()).toMatchObject([{ result: "ok" }]);
  expect(lstatSync(world.own("work")).isDirectory()).toBe(true);
});
