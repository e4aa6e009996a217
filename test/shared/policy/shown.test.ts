import { expect, test } from "bun:test";
import { allowed, shown } from "../../../shared/policy/index.ts";

test("a value is shown so that a person sees what was written", () => {
  expect(["deep", "", 'a"b', 7, true, null, undefined, [1], { a: 1 }, 5n].map(shown)).toEqual([
    '"deep"',
    '""',
    '"a\\"b"',
    "7",
    "true",
    "null",
    "undefined",
    "a list",
    "a map",
    "5",
  ]);
});

test("nothing a terminal would act on or hide reaches it", () => {
  expect(shown("\u001b[2J\n\u009b\u200b\u202e\u2066\ufeff")).toBe('"\\u001b[2J\\n\\u009b\\u200b\\u202e\\u2066\\ufeff"');
  expect(shown("Käse 日本 👍")).toBe('"Käse 日本 👍"');
});

test("allowed values are shown as they are written", () => {
  expect(allowed(["isolated", "shared"])).toBe('"isolated" or "shared"');
});
