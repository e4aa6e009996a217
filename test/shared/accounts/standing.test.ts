import { describe, expect, test } from "bun:test";
import { type AccountReport, ENDS_SOON, standingOf } from "../../../shared/index.ts";

const NOW = Date.parse("2026-03-01T12:00:00.000Z");

function report(over: Partial<AccountReport> = {}, login: Partial<AccountReport["identity"]> = {}): AccountReport {
  return {
    name: "work",
    isDefault: false,
    instance: "/instances/work",
    created: null,
    lastUsed: null,
    policy: { mode: "isolated" },
    context: "isolated",
    identity: {
      loggedIn: true,
      verified: true,
      email: null,
      organization: null,
      accountUuid: null,
      organizationUuid: null,
      plan: null,
      loginEnds: null,
      problem: null,
      ...login,
    },
    limitedUntil: null,
    running: 0,
    health: "ok",
    problems: [],
    ...over,
  };
}

describe("how an account stands", () => {
  test("signed in, until the login ends where that is known", () => {
    expect(standingOf(report(), NOW)).toEqual({ state: "signed-in", words: "signed in", until: null, attention: false });
    const ends = NOW + ENDS_SOON + 1;
    expect(standingOf(report({}, { loginEnds: ends }), NOW)).toMatchObject({ state: "signed-in", until: ends, attention: false });
  });

  test("a login that ends within three days wants attention, one that has ended is signed out", () => {
    expect(standingOf(report({}, { loginEnds: NOW + ENDS_SOON }), NOW)).toMatchObject({
      state: "ending",
      until: NOW + ENDS_SOON,
      attention: true,
    });
    expect(standingOf(report({}, { loginEnds: NOW }), NOW)).toMatchObject({
      state: "signed-out",
      words: "the login has ended",
      attention: true,
    });
  });

  test("a limit goes by itself, and hides that the login ends soon", () => {
    const limited = report({ limitedUntil: NOW + 5 }, { loginEnds: NOW + 10 });
    expect(standingOf(limited, NOW)).toEqual({ state: "limited", words: "usage limit reached", until: NOW + 5, attention: false });
  });

  test("signed out comes before a limit, and what the doctor has to mend before all", () => {
    const out = report({ limitedUntil: NOW + 5, health: "warning" }, { loggedIn: false });
    expect(standingOf(out, NOW)).toMatchObject({ state: "signed-out", attention: true });
    expect(standingOf({ ...out, health: "error" }, NOW)).toMatchObject({ state: "needs-doctor", attention: true });
  });
});
