import { expect, test } from "bun:test";
import { entryText, policyText } from "../../../shared/config/index.ts";

const TEXT = `accounts:
  work:   # pays
    created: "2026-02-24T00:00:00.000Z"
    last_used: null
    context_mode: shared
    context_group: Team Alpha
    colour: 'blue'
    quota: 3
    tags: [ a, b ]
  home: {}
`;

test("the keys of a policy are read letter by letter, and null where they are not there", () => {
  expect(policyText(TEXT, "work")).toEqual({ context_mode: "shared", context_group: "Team Alpha", continuity_mode: null });
  expect(policyText(TEXT, "home")).toEqual({ context_mode: null, context_group: null, continuity_mode: null });
  expect(policyText(TEXT, "gone")).toBe(null);
});

test("an entry is kept as what can be written again, what a person has to add, and as it stands", () => {
  const { keys, others, text } = entryText(TEXT, "work");
  expect(keys).toEqual({ created: "2026-02-24T00:00:00.000Z", last_used: null, colour: "blue" });
  expect(others).toEqual(["quota: 3", "tags: [ a, b ]"]);
  expect(TEXT).toContain(text);
  expect(text).toStartWith("  work:   # pays\n");
  expect(text.trimEnd()).toEndWith("tags: [ a, b ]");
  expect(entryText(TEXT, "gone")).toEqual({ keys: {}, others: [], text: "" });
});
