import { describe, expect, test } from "bun:test";
import type { Which } from "../../../extension/engine/calls.ts";
import { statusOf } from "../../../extension/status/model.ts";

const WORK: Which = { account: "work", why: "default", rule: null, known: true, context: "isolated", names: ["work", "home"] };

describe("the status bar", () => {
  test("names the default account, and says that it is that", () => {
    expect(statusOf(WORK)).toMatchObject({
      text: "$(account) work",
      tooltip: "Claude Code account: work (isolated; the default account). Click to switch.",
      spoken: "Claude Code account of this folder: work",
    });
  });

  test("says which folder an account was set for", () => {
    expect(statusOf({ ...WORK, account: "home", why: "directory", rule: "/home/person/api" })?.tooltip).toContain(
      "set for /home/person/api",
    );
  });

  test("warns of an account that is not there", () => {
    const status = statusOf({ ...WORK, account: "gone", known: false, context: null });
    expect(status?.text).toBe("$(warning) gone");
    expect(status?.tooltip).toContain("there is no such account");
  });

  test("offers to choose where there is neither, and says nothing where there is no account at all", () => {
    expect(statusOf({ ...WORK, account: null, why: "none", context: null })?.text).toBe("$(account) no account");
    expect(statusOf({ ...WORK, account: null, why: "none", context: null, names: [] })).toBeNull();
  });

  test("draws no icon that a name asks for", () => {
    expect(statusOf({ ...WORK, account: "$(flame)" })?.text.slice("$(account) ".length)).not.toContain("$(");
  });
});
