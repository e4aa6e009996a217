import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { headLines, linesOf, readTail } from "../../../shared/claude/lines.ts";
import { put, scratch } from "./scratch.ts";

const root = scratch();
const tailLines = (file: string, bytes: number) => linesOf(readTail(file, bytes));

describe("lines from the beginning", () => {
  test("lines of any length come whole, and no more than the limit is begun", () => {
    const long = "é".repeat(300_000);
    const file = put(join(root, "head"), `a\n\n${long}\nlast`);
    expect([...headLines(file)]).toEqual(["a", "", long, "last"]);
    expect([...headLines(file, 1)].slice(0, 2)).toEqual(["a", ""]);
    expect([...headLines(file, 1)]).not.toContain("last");
  });

  test("a file may be stopped at any line and is read from its beginning the next time", () => {
    const file = put(join(root, "stop"), "a\nb\n");
    for (const line of headLines(file)) {
      expect(line).toBe("a");
      break;
    }
    expect([...headLines(file)]).toEqual(["a", "b"]);
  });
});

describe("lines from the end", () => {
  test("a line that began before what is read is left out", () => {
    const file = put(join(root, "tail"), "first\nsecond\nthird\n");
    expect(tailLines(file, 100)).toEqual(["first", "second", "third"]);
    expect(tailLines(file, 10)).toEqual(["third"]);
    expect(tailLines(file, 3)).toEqual([]);
  });

  test("a last line without its newline is told", () => {
    expect(tailLines(put(join(root, "torn"), "first\nsec"), 100)).toEqual(["first", "sec"]);
  });

  test("an empty file and one that is not there have none", () => {
    expect(tailLines(put(join(root, "empty"), ""), 100)).toEqual([]);
    expect(tailLines(join(root, "gone"), 100)).toEqual([]);
  });
});
