import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { checkAccountName, foldName, NAME_LENGTH, normaliseGroup, RESERVED_NAMES } from "../../../shared/policy/index.ts";

// Many small runs: on a busy machine they take longer than the five seconds a test has by default.
setDefaultTimeout(120_000);

const message = (result: { ok: boolean; message?: string }) => (result.ok ? "accepted" : (result.message ?? ""));

describe("a context group", () => {
  test.each([
    ["team-alpha", "team-alpha"],
    ["Team-Alpha", "team-alpha"],
    ["  team  ", "team"],
    ["team alpha", "team-alpha"],
    ["team \t alpha", "team-alpha"],
    ["\u00a0team\u2003alpha\ufeff", "team-alpha"],
    ["a", "a"],
    ["a_1-b", "a_1-b"],
    ["a-", "a-"],
    ["x".repeat(64), "x".repeat(64)],
    [` ${"x".repeat(31)}${" ".repeat(50)}${"x".repeat(32)} `, `${"x".repeat(31)}-${"x".repeat(32)}`],
  ])("%j is kept as %j", (raw, name) => {
    expect(normaliseGroup(raw)).toEqual({ ok: true, name });
  });

  test.each([
    ["", "is empty"],
    [" \n ", "is empty"],
    ["1team", "start with a letter"],
    ["-team", "start with a letter"],
    ["_team", "start with a letter"],
    ["élan", "start with a letter"],
    ["tëam", "only letters, digits"],
    ["a/b", "only letters, digits"],
    ["a.b", "only letters, digits"],
    ["..", "start with a letter"],
    ["a\0b", "only letters, digits"],
    ["x".repeat(65), "is 65 characters long; at most 64"],
    ["İstanbul", "start with a letter"],
  ])("%j is refused: it %s", (raw, why) => {
    expect(message(normaliseGroup(raw))).toContain(why);
  });

  test("a letter that only becomes one of a-z by lowering it is refused", () => {
    expect("\u212a".toLowerCase()).toBe("k");
    expect(message(normaliseGroup("\u212aiwi"))).toContain("start with a letter");
    expect(message(normaliseGroup("wi\u212ai"))).toContain("only letters, digits");
  });

  test("what is refused is shown with its invisible characters escaped", () => {
    expect(message(normaliseGroup("a\u001b[31m\u202eb\u009b"))).toContain('"a\\u001b[31m\\u202eb\\u009b"');
  });

  test("is normalised once and for all, whatever is given", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.stringMatching(/^[ A-Za-z0-9_-]{0,70}$/)), (raw) => {
        const first = normaliseGroup(raw);
        if (!first.ok) return;
        expect(first.name).toMatch(/^[a-z][a-z0-9_-]{0,63}$/);
        expect(normaliseGroup(first.name)).toEqual(first);
      }),
    );
  });
});

describe("an account's name", () => {
  test.each([["work"], ["Work2"], ["7"], ["a.b_c-d"], ["x".repeat(64)], ["console"], ["com10"], ["authx"], ["null"], ["constructor"]])(
    "%j is accepted as it is",
    (name) => {
      expect(checkAccountName(name)).toEqual({ ok: true, name });
    },
  );

  test.each([
    ["", "needs a name"],
    [".hidden", "start with a letter or a digit"],
    ["-x", "start with a letter or a digit"],
    ["_x", "start with a letter or a digit"],
    ["..", "start with a letter or a digit"],
    ["__proto__", "start with a letter or a digit"],
    ["a b", "may hold only"],
    ["a/b", "may hold only"],
    ["a\\b", "may hold only"],
    ["a:b", "may hold only"],
    ["a\n", "may hold only"],
    ["café", "may hold only"],
    ["x".repeat(65), "is 65 characters long; at most 64"],
    ["work.", "must not end with a dot"],
  ])("%j is refused: %s", (name, why) => {
    expect(message(checkAccountName(name))).toContain(why);
  });

  test.each(RESERVED_NAMES.map((name) => [name]))("%s is a command, in any case", (name) => {
    expect(message(checkAccountName(name))).toContain("is a command of ccs");
    expect(message(checkAccountName(name.toUpperCase()))).toContain("is a command of ccs");
  });

  test("the reserved names are those of the design", () => {
    expect([...RESERVED_NAMES]).toEqual([
      ...["auth", "config", "cliproxy", "completions", "default", "doctor", "env", "group", "help", "install", "next"],
      ...["sessions", "statusline", "sync", "undo", "uninstall", "use", "version", "which"],
    ]);
  });

  test.each([["con"], ["CON"], ["prn"], ["aux"], ["nul"], ["Nul.txt"], ["com1"], ["COM9.log.txt"], ["lpt0"], ["con."]])(
    "%s is a device on Windows",
    (name) => {
      expect(message(checkAccountName(name))).toContain("device name on Windows");
    },
  );

  test("is taken by an account that differs only in case", () => {
    expect(message(checkAccountName("WORK", ["home", "Work"]))).toBe('there is an account "Work" already');
    expect(checkAccountName("works", ["home", "Work"]).ok).toBe(true);
  });

  test("that is accepted is a plain file name", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z0-9._-]{0,66}$/)), (name) => {
        if (checkAccountName(name).ok) expect(name).toMatch(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?$/);
      }),
    );
  });

  test("as long as a name may be is what the design says", () => {
    expect(NAME_LENGTH).toBe(64);
  });
});

describe("two names", () => {
  test("are compared ignoring case and Unicode form", () => {
    expect(foldName("Café")).toBe(foldName("CAFE\u0301"));
    expect(foldName("\u212a")).toBe(foldName("k"));
    expect(foldName("cafe")).not.toBe(foldName("café"));
  });
});
