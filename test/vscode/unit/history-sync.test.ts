import { describe, expect, test } from "bun:test";
import { changeOf, syncDialogue } from "../../../extension/sync/model.ts";
import { choices, NAMES } from "./support/choices.ts";
import { shared } from "./support/rows.ts";
import { offered, questionAfter, walk } from "./support/walk.ts";

const ISOLATED = { mode: "isolated" } as const;
const dialogue = (...of: Parameters<typeof choices>) => syncDialogue("work", choices(...of), NAMES);

describe("Edit History Sync asks", () => {
  test("first whose history, and marks how it is now", () => {
    const question = questionAfter(dialogue(ISOLATED));
    expect(question.kind === "pick" && question.placeholder).toBe("Whose history does work see? It is isolated.");
    expect(offered(question).map((words) => words.split(" | ")[0])).toEqual(["isolated", "shared"]);
    expect(offered(question)[0]).toEndWith("(now)");
    expect(offered(question)[1]).not.toEndWith("(now)");
  });

  test("then which group, each with its members and its size, and a new one last", () => {
    expect(offered(questionAfter(dialogue(shared("other")), "shared"))).toEqual([
      "team-alpha | work, spare (deeper); 412 sessions",
      "other | home; 1 session | (now)",
      "New group...",
    ]);
  });

  test("for the name of a new group, looked at while it is typed", async () => {
    const question = questionAfter(dialogue(ISOLATED), "shared", "+");
    expect(question.kind).toBe("text");
    expect(question.kind === "text" && (await question.check(""))).toBe("The name is empty");
  });

  test("for that name at once where there is no group to choose from", () => {
    expect(questionAfter(dialogue(ISOLATED, []), "shared").kind).toBe("text");
  });

  test("then how much, with what that means for /rewind", () => {
    const question = questionAfter(dialogue(ISOLATED), "shared", "team-alpha");
    expect(question.kind === "pick" && question.placeholder).toContain("/rewind");
    expect(offered(question).map((words) => words.split(" | ")[0])).toEqual(["standard", "deeper"]);
  });

  test("on leaving, what comes along, each with its count", () => {
    for (const answers of [["isolated"], ["shared", "other", "standard"]]) {
      const question = questionAfter(dialogue(shared("team-alpha")), ...answers);
      expect(offered(question)).toEqual([
        "its own sessions | 7 of 412; you continued 3 of the others",
        "all sessions | 412, also those of the other accounts",
        "nothing | the group keeps everything",
      ]);
    }
  });

  test("what comes along also where deeper becomes standard, and not where nothing is left behind", () => {
    expect(walk(dialogue(shared("team-alpha", "deeper")), "shared", "team-alpha", "standard").whole).toBe(false);
    expect(walk(dialogue(shared("team-alpha")), "shared", "team-alpha", "deeper").whole).toBe(true);
    expect(walk(dialogue(ISOLATED), "shared", "team-alpha", "standard").whole).toBe(true);
  });
});

describe("a question says where it stands", () => {
  const places = (...[of, answers]: [ReturnType<typeof dialogue>, readonly string[]]) =>
    walk(of, ...answers).asked.map(({ step, of }) => `${step}/${of}`);

  test("the plan is the last step", () => {
    expect(places(dialogue(ISOLATED), ["shared", "team-alpha", "standard"])).toEqual(["1/2", "2/4", "3/4"]);
    expect(places(dialogue(shared("team-alpha")), ["isolated", "mine"])).toEqual(["1/3", "2/3"]);
    expect(places(dialogue(shared("team-alpha")), ["shared", "other", "standard", "mine"]).at(-1)).toBe("4/5");
  });

  test("typing a new group's name is the same step as choosing one", () => {
    expect(places(dialogue(ISOLATED), ["shared", "+", "sprint", "deeper"])).toEqual(["1/2", "2/4", "2/4", "3/4"]);
  });
});

describe("the answers come to a change", () => {
  const change = (of: ReturnType<typeof dialogue>, answers: readonly string[], name: string | null = null) =>
    changeOf("work", walk(of, ...answers).state, name);

  test("of joining a group there is", () => {
    expect(change(dialogue(ISOLATED), ["shared", "team-alpha", "deeper"])).toEqual({
      account: "work",
      to: shared("team-alpha", "deeper"),
      take: "mine",
      takeSessions: [],
      copySettings: false,
    });
  });

  test("of a new group by the name it is kept under", () => {
    expect(change(dialogue(ISOLATED), ["shared", "+", "Sprint A", "standard"], "sprint-a").to).toEqual(shared("sprint-a"));
  });

  test("of leaving with what was chosen", () => {
    expect(change(dialogue(shared("team-alpha")), ["isolated", "none"])).toMatchObject({ to: ISOLATED, take: "none" });
  });
});

test("an account whose policy does not parse can be given another", () => {
  const question = questionAfter(dialogue(null));
  expect(question.kind === "pick" && question.placeholder).toBe("Whose history does work see?");
  expect(walk(dialogue(null), "isolated").whole).toBe(true);
});
