import { describe, expect, test } from "bun:test";
import { isLaunch, PREVIOUS, requestOf } from "../../../cli/launch/request.ts";
import { RESERVED_NAMES } from "../../../shared/index.ts";

describe("whose command line it is", () => {
  test("our own first words are ours, today's and those we may need", () => {
    for (const word of [...RESERVED_NAMES, "auth", "group", "doctor", "help", "completions"]) expect(isLaunch([word, "x"])).toBe(false);
  });

  test("--help, -h and --version are ours only as the very first word", () => {
    for (const flag of ["--help", "-h", "--version"]) {
      expect(isLaunch([flag])).toBe(false);
      expect(isLaunch([flag, "work"])).toBe(false);
      expect(isLaunch(["work", flag])).toBe(true);
      expect(isLaunch(["-p", flag])).toBe(true);
    }
  });

  test("nothing at all, any other flag, and any other word start a client", () => {
    for (const argv of [[], ["-c"], ["-v"], ["--"], ["-"], ["--resume", "id"], ["work"], ["Auth"], [""]]) expect(isLaunch(argv)).toBe(true);
  });
});

describe("what is asked for", () => {
  test("the first word is the account and the rest is the client's, untouched and in order", () => {
    expect(requestOf(["work", "--", "-h", "work", "", "--version", "a\nb"])).toEqual({
      account: "work",
      args: ["--", "-h", "work", "", "--version", "a\nb"],
    });
  });

  test("a dash where the account would stand means the default, and stays with the rest", () => {
    expect(requestOf(["-c", "work"])).toEqual({ account: null, args: ["-c", "work"] });
    expect(requestOf(["--", "work"])).toEqual({ account: null, args: ["--", "work"] });
    expect(requestOf([])).toEqual({ account: null, args: [] });
  });

  test("a dash alone is the account used before, and the rest is the client's", () => {
    expect(requestOf(["-", "-c", "-"])).toEqual({ account: PREVIOUS, args: ["-c", "-"] });
    expect(requestOf(["-"])).toEqual({ account: PREVIOUS, args: [] });
  });

  test("an empty word is a name, of no account", () => {
    expect(requestOf(["", "x"])).toEqual({ account: "", args: ["x"] });
  });
});
