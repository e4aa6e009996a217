import { describe, expect, test } from "bun:test";
import { nearest } from "../../cli/arguments/suggest.ts";
import { writeAll } from "../../cli/output.ts";
import { checkLines } from "../../cli/render/doctor.ts";
import { errorText } from "../../cli/render/error.ts";
import { progressLine } from "../../cli/render/progress.ts";
import { hasColour, paint } from "../../cli/render/style.ts";
import { table } from "../../cli/render/table.ts";
import { ago, moment } from "../../cli/render/time.ts";
import { listed } from "../../cli/render/words.ts";
import { hanging, plain, widthOfText, wrap } from "../../cli/render/wrap.ts";
import { CcsError, type CheckResult } from "../../shared/index.ts";

const cells = (...texts: string[]) => texts.map((text) => ({ text }));
const linesOf = (text: string) => text.replace(/\n$/, "").split("\n");

describe("a table", () => {
  const titles = cells("Account", "Login");

  test("aligns its columns by what a terminal shows, not by characters", () => {
    const lines = linesOf(table(titles, [cells("日本語", "x"), cells("e\u0301te\u0301", "x"), cells("👩‍👩‍👧", "x")], null));
    expect(lines.map((line) => widthOfText(line.slice(0, line.lastIndexOf(line.endsWith("x") ? "x" : "L"))))).toEqual([9, 9, 9, 9]);
  });

  test("keeps a row on one line where there is no terminal", () => {
    const wide = "a word ".repeat(50).trim();
    expect(linesOf(table(titles, [cells("work", wide)], null))).toEqual([`Account  Login`, `work     ${wide}`]);
  });

  test("is never wider than the terminal, and loses nothing", () => {
    const row = cells("work-with-a-long-name", "somebody.with.a.long.name@example-organization.invalid until 2026-12-24");
    for (const width of [80, 60, 40, 30, 20]) {
      const lines = linesOf(table(titles, [row], width));
      expect(Math.max(...lines.map(widthOfText))).toBeLessThanOrEqual(width);
      const shown = lines.slice(1).join("").replace(/\s/g, "");
      for (const { text } of row) expect([...text.replace(/\s/g, "")].every((letter) => shown.includes(letter))).toBe(true);
      expect(shown.length).toBe(row.map(({ text }) => text.replace(/\s/g, "")).join("").length);
    }
  });

  test("paints what it has measured before", () => {
    const red = paint(true).red;
    const lines = linesOf(table(titles, [[{ text: "work", paint: red }, { text: "x" }]], null));
    expect(lines[1]).toBe("\x1b[31mwork\x1b[39m     x");
  });
});

describe("text", () => {
  test("is broken at spaces, and a word too wide behind a sign where it can be", () => {
    expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrap("somebody@example.invalid", 10)).toEqual(["somebody@", "example.", "invalid"]);
    expect(wrap("abcdefgh", 3)).toEqual(["abc", "def", "gh"]);
    expect(wrap("日本語", 3)).toEqual(["日", "本", "語"]);
  });

  test("is not broken where something holds it together, and that something is a plain space in the end", () => {
    expect(wrap("shared\u00a0(team), deeper", 14)).toEqual(["shared (team),", "deeper"]);
  });

  test("hangs below its first line", () => {
    expect(hanging("  - ", "one two three four five six", 24)).toBe("  - one two three four\n    five six");
  });

  test("keeps a path in one piece where it hangs", () => {
    expect(hanging("at ", "see /a/path/that/is/longer/than/a/line for it", 24)).toBe(
      "at see\n   /a/path/that/is/longer/than/a/line\n   for it",
    );
  });

  test("cannot steer the terminal", () => {
    expect(plain("a\x1b[2Jb\x07\r\u009bc")).toBe("a?[2Jb???c");
  });

  test("lists words as a sentence does", () => {
    expect([listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])]).toEqual(["", "a", "a and b", "a, b and c"]);
  });
});

describe("times", () => {
  const now = Date.parse("2026-12-24T12:00:00Z");
  const before = (seconds: number) => new Date(now - seconds * 1000).toISOString();

  test("are told as a person would", () => {
    const told = [0, 59, 60, 3599, 3600, 86_399, 86_400, 29 * 86_400].map((seconds) => ago(before(seconds), now));
    expect(told).toEqual(["just now", "just now", "1 min ago", "59 min ago", "1 h ago", "23 h ago", "1 d ago", "29 d ago"]);
  });

  test("are dates where they are long ago, or ahead", () => {
    expect(ago(before(40 * 86_400), now)).toMatch(/^2026-11-1\d$/);
    expect(ago(before(-86_400 * 3), now)).toMatch(/^2026-12-2\d$/);
  });

  test("are never where there is none, or none that can be read", () => {
    expect([ago(null, now), ago("yesterday", now)]).toEqual(["never", "never"]);
  });

  test("close by have a clock, and a day where it is another", () => {
    expect(moment(now, now)).toMatch(/^\d\d:\d\d$/);
    expect(moment(now + 2 * 86_400_000, now)).toMatch(/^(Fri|Sat|Sun) \d\d:\d\d$/);
    expect(moment(now + 20 * 86_400_000, now)).toMatch(/^2027-01-1\d \d\d:\d\d$/);
  });
});

describe("colour", () => {
  const cases: readonly [boolean, Record<string, string>, boolean][] = [
    [true, {}, true],
    [false, {}, false],
    [true, { TERM: "dumb" }, false],
    [true, { NO_COLOR: "1" }, false],
    [true, { NO_COLOR: "" }, true],
    [false, { FORCE_COLOR: "1" }, true],
    [true, { FORCE_COLOR: "0" }, false],
    [false, { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
  ];
  for (const [terminal, env, expected] of cases) {
    test(`is ${expected ? "on" : "off"} ${terminal ? "on a terminal" : "elsewhere"} with ${JSON.stringify(env)}`, () => {
      expect(hasColour(terminal, env)).toBe(expected);
    });
  }
});

describe("a suggestion", () => {
  test("is what is close, and nothing is where nothing is", () => {
    expect(nearest("lst", ["list", "show"])).toBe("list");
    expect(nearest("LIST", ["list", "show"])).toBe("list");
    expect(nearest("frobnicate", ["list", "show"])).toBeUndefined();
    expect(nearest("x", [])).toBeUndefined();
  });
});

describe("writing", () => {
  const failing = (code: string) => Object.assign(new Error(code), { code });

  test("goes on where a call takes less than it is given, or nothing for now", () => {
    const taken: number[] = [];
    let calls = 0;
    const alive = writeAll(new TextEncoder().encode("a long text"), (bytes) => {
      calls += 1;
      if (calls % 2 === 0) throw failing("EAGAIN");
      const part = bytes.subarray(0, 3);
      taken.push(...part);
      return part.length;
    });
    expect(alive).toBe(true);
    expect(new TextDecoder().decode(new Uint8Array(taken))).toBe("a long text");
  });

  test("ends quietly where the reader has gone, and loudly where anything else is wrong", () => {
    const bytes = new TextEncoder().encode("text");
    const gone = writeAll(bytes, () => {
      throw failing("EPIPE");
    });
    expect(gone).toBe(false);
    expect(() =>
      writeAll(bytes, () => {
        throw failing("ENOSPC");
      }),
    ).toThrow("ENOSPC");
  });
});

describe("progress", () => {
  /** Reports every 50 ms for `seconds`, and answers what was said. */
  const said = (terminal: boolean, seconds: number) => {
    let time = 0;
    const words: string[] = [];
    const line = progressLine("Changing", { terminal, now: () => time, say: (text) => words.push(text) });
    for (; time <= seconds * 1000; time += 50) line.report({ done: time, total: 5000 });
    line.clear();
    return words;
  };

  test("says nothing about what is done within a second", () => {
    expect(said(true, 0.95)).toEqual([]);
  });

  test("counts from the first second on, at most ten times a second, and leaves nothing behind", () => {
    const words = said(true, 2);
    expect(words[0]).toBe("\r\x1b[KChanging: 1000 of 5000");
    expect(words).toHaveLength(12);
    expect(words.at(-1)).toBe("\r\x1b[K");
  });

  test("is for a terminal only", () => {
    expect(said(false, 5)).toEqual([]);
  });
});

describe("an error", () => {
  const none = paint(false);

  test("says what is wrong, where, what was left as it was and what to do, each once", () => {
    const error = new CcsError("refused", "projects is a link of yours", {
      where: "/a/projects",
      untouched: "Nothing was changed.",
      hint: "Remove it.",
    });
    expect(errorText(error, none)).toBe("ccs: projects is a link of yours\n  at /a/projects\n  Nothing was changed.\n  Remove it.\n");
    const placed = new CcsError("failed", "/a/projects cannot be read", { where: "/a/projects" });
    expect(errorText(placed, none)).toBe("ccs: /a/projects cannot be read\n");
  });

  test("that is a failed system call is not called a bug, and says what helps", () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", path: "/a/b" });
    expect(errorText(full, none)).toBe("ccs: ENOSPC: no space left on device, write\n  at /a/b\n  Make room, and run the command again.\n");
  });

  test("that nobody expected is called a bug of ccs, without a stack", () => {
    const text = errorText(new TypeError("x is not a function"), none);
    expect(text).toStartWith("ccs: x is not a function\n  This is a bug of ccs.");
    expect(text).not.toContain(" at ");
  });
});

test("what doctor says of an account and of a group of the same name stands apart", () => {
  const said = (about: "account" | "group", message: string): CheckResult => {
    return { id: `a ${about} team`, name: "a", subject: "team", about, result: "info", message, where: null, fix: null };
  };
  const lines = checkLines([said("account", "one"), said("group", "two"), said("account", "three")], paint(false), null);
  expect(linesOf(lines)).toEqual(["team", "  info     a  one", "  info     a  three", "", "team (group)", "  info     a  two"]);
});
