import { describe, expect, test } from "bun:test";
import { descriptionAt, type Schema, suggestionsAt } from "../../../extension/config/model.ts";
import { configJsonSchema } from "../../../shared/index.ts";

const WORDS = { schema: configJsonSchema() as Schema, accounts: ["work", "home"], groups: ["team-alpha"] };

/** A text in which `|` is where the cursor stands. */
function at(text: string): [text: string, line: number, character: number] {
  const before = text.slice(0, text.indexOf("|")).split("\n");
  return [text.replace("|", ""), before.length - 1, before.at(-1)?.length ?? 0];
}
const suggested = (text: string) => suggestionsAt(...at(text), WORDS).map((suggestion) => suggestion.text);
const hovered = (text: string) => descriptionAt(...at(text), WORDS)?.key ?? null;

describe("in config.yaml is offered", () => {
  test("at its edge, what can stand there", () => {
    expect(suggested("|")).toEqual(["accounts", "default", "directories"]);
    expect(suggested("accounts:\n  work:\n    created: null\n|")).toEqual(["default", "directories"]);
  });

  test("in an account, the keys it does not have yet", () => {
    const keys = suggested("accounts:\n  work:\n    created: null\n    context_mode: shared\n    |\n  home:\n    last_used: null\n");
    expect(keys).toEqual(["last_used", "context_group", "continuity_mode"]);
  });

  test("behind a key, the values it may have", () => {
    expect(suggested("accounts:\n  work:\n    context_mode: |")).toEqual(["isolated", "shared"]);
    expect(suggested("accounts:\n  'work':\n    continuity_mode: |\n")).toEqual(["standard", "deeper"]);
    expect(suggested("accounts:\n  work:\n    context_group: |")).toEqual(["team-alpha"]);
    expect(suggested("default: |")).toEqual(["work", "home"]);
    expect(suggested("directories:\n  /home/person/api: |")).toEqual(["work", "home"]);
  });

  test("nothing in a comment, in sections of other tools, and where an account's name is written", () => {
    expect(suggested("# acc|")).toEqual([]);
    expect(suggested("cliproxy:\n  variants:\n    |")).toEqual([]);
    expect(suggested("accounts:\n  |")).toEqual([]);
  });

  test("the same in a file with Windows line ends", () => {
    expect(suggested("accounts:\r\n  work:\r\n    context_mode: |\r\n")).toEqual(["isolated", "shared"]);
  });
});

describe("a key tells what it means", () => {
  test("ours do, wherever they stand", () => {
    expect(hovered("acc|ounts:\n")).toBe("accounts");
    expect(hovered("accounts:\n  work:\n    continuity|_mode: deeper\n")).toBe("continuity_mode");
    expect(descriptionAt(...at("accounts:\n  work:\n    continuity_mode: dee|per\n"), WORDS)?.description).toContain("/rewind");
  });

  test("those of other tools do not", () => {
    expect(hovered("profiles:\n  fast|: x\n")).toBeNull();
    expect(hovered("accounts:\n  work:\n    nick|name: x\n")).toBeNull();
  });
});
