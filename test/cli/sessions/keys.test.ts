import { describe, expect, test } from "bun:test";
import { closeness } from "../../../cli/sessions/fuzzy.ts";
import { Keys } from "../../../cli/sessions/keys.ts";

const fed = (...pieces: readonly string[]) => {
  const keys = new Keys();
  return pieces.flatMap((piece) => keys.feed(Buffer.from(piece, "latin1"))).map((key) => (key.key === "text" ? `"${key.text}"` : key.key));
};

describe("what a terminal sends", () => {
  test("becomes keys, also where several come at once", () => {
    expect(fed("\x1b[A\x1bOB\x1b[5~ab\x7f\r")).toEqual(["up", "down", "page-up", '"ab"', "backspace", "enter"]);
  });

  test("becomes the same keys where it comes byte by byte", () => {
    expect(fed(..."\x1b[B")).toEqual(["down"]);
    expect(fed(..."\xc3\xa9")).toEqual(['"é"']);
    expect(fed(..."\x1b[200~a\rb\x1b[201~")).toEqual(['"a b"']);
  });

  test("that means nothing here does nothing", () => {
    expect(fed("\x1b[1;5C\x1b[M\x01\x1a")).toEqual([]);
  });

  test("is an Escape only when nothing follows", () => {
    const keys = new Keys();
    expect(keys.feed(Buffer.from("\x1b"))).toEqual([]);
    expect(keys.isOpen).toBe(true);
    expect(keys.settle()).toEqual([{ key: "escape" }]);
    expect(keys.isOpen).toBe(false);
  });
});

describe("what was typed fits a line", () => {
  test("best at the beginning of a word, then inside one, then with its letters close together", () => {
    const line = "/home/me/audit look for leaks";
    expect(closeness("audit", line)).toBeGreaterThan(closeness("udit", line));
    expect(closeness("udit", line)).toBeGreaterThan(closeness("adt", line));
    expect(closeness("adt", line)).toBeGreaterThan(0);
  });

  test("only with every word of it, and not with letters from all over the line", () => {
    expect(closeness("audit nothing", "audit look for leaks")).toBe(0);
    expect(closeness("leaks audit", "audit look for leaks")).toBeGreaterThan(0);
    expect(closeness("vks", "a very long line which goes on and keeps going somewhere")).toBe(0);
  });
});
