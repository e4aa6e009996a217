import { describe, expect, test } from "bun:test";
import { creationDialogue, importDialogue, removalDialogue } from "../../../extension/actions/model.ts";
import { choices, NAMES } from "./support/choices.ts";
import { shared } from "./support/rows.ts";
import { offered, questionAfter, walk } from "./support/walk.ts";

describe("Create Account", () => {
  const dialogue = creationDialogue(choices(null), NAMES, NAMES);

  test("asks for a name, then what Edit History Sync asks, and nothing to take along", () => {
    const { asked, state, whole } = walk(dialogue, "fresh", "shared", "team-alpha", "deeper");
    expect(whole).toBe(true);
    expect(asked.map(({ question }) => question.kind)).toEqual(["text", "pick", "pick", "pick"]);
    expect(asked.map(({ step, of }) => `${step}/${of}`)).toEqual(["1/2", "2/2", "3/4", "4/4"]);
    expect(state).toEqual({ name: "fresh", sync: { mode: "shared", group: "team-alpha", continuity: "deeper" } });
  });

  test("is done after two questions where the account is isolated", () => {
    expect(walk(dialogue, "fresh", "isolated").whole).toBe(true);
  });

  test("names the new account where its history is asked about", () => {
    const question = questionAfter(dialogue, "fresh");
    expect(question.kind === "pick" && question.placeholder).toBe("Whose history does fresh see?");
  });
});

describe("Remove Account", () => {
  test("asks a shared account what it takes a copy of, each with its count", () => {
    const dialogue = removalDialogue("work", choices(shared("team-alpha")));
    expect(offered(questionAfter(dialogue))[0]).toBe("its own sessions | 7 of 412; you continued 3 of the others");
    expect(walk(dialogue, "none").state).toEqual({ take: "none" });
  });

  test("asks an isolated one nothing before the plan", () => {
    expect(walk(removalDialogue("work", choices({ mode: "isolated" }))).whole).toBe(true);
  });
});

describe("Import", () => {
  const found = { account: "claude", from: "/home/person/.claude", secrets: [] as string[] };

  test("proposes a name, and asks about secrets only where there may be some", async () => {
    const question = questionAfter(importDialogue(found, NAMES));
    expect(question.kind === "text" && question.value).toBe("claude");
    expect(walk(importDialogue(found, NAMES), "home").whole).toBe(true);
  });

  test("leaves out what may be a secret unless somebody says otherwise, and names it", () => {
    const dialogue = importDialogue({ ...found, secrets: ["env.API_KEY"] }, NAMES);
    const options = offered(questionAfter(dialogue, "home"));
    expect(options[0]).toBe("leave them out | env.API_KEY");
    expect(walk(dialogue, "home", "without").state).toEqual({ name: "home", withSecrets: false });
    expect(walk(dialogue, "home", "with").state).toEqual({ name: "home", withSecrets: true });
    expect(walk(dialogue, "home", "with").asked.map(({ step, of }) => `${step}/${of}`)).toEqual(["1/3", "2/3"]);
  });
});
