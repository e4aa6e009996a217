import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  type ContextPolicy,
  describePolicy,
  ISOLATED,
  type PolicyKeys,
  parsePolicy,
  policyKeys,
  samePolicy,
  shown,
} from "../../../shared/policy/index.ts";

// Many small runs: on a busy machine they take longer than the five seconds a test has by default.
setDefaultTimeout(120_000);

const shared = (group: string, continuity: "standard" | "deeper"): ContextPolicy => ({ mode: "shared", group, continuity });

describe("a policy that parses", () => {
  test.each<[PolicyKeys, ContextPolicy]>([
    [{}, ISOLATED],
    [{ context_mode: "isolated" }, ISOLATED],
    [{ context_mode: "isolated", context_group: "left-over" }, ISOLATED],
    [{ context_mode: "isolated", context_group: null }, ISOLATED],
    [{ context_group: "left-over" }, ISOLATED],
    [{ context_mode: "shared", context_group: "Team Alpha" }, shared("team-alpha", "standard")],
    [{ context_mode: "shared", context_group: "a", continuity_mode: "standard" }, shared("a", "standard")],
    [{ context_mode: "shared", context_group: "a", continuity_mode: "deeper" }, shared("a", "deeper")],
  ])("%j", (keys, policy) => {
    expect(parsePolicy(keys)).toEqual({ ok: true, policy });
  });
});

describe("a policy that does not parse", () => {
  const ONLY_SHARED = 'continuity_mode is only valid with context_mode: "shared"';
  const REQUIRED = 'context_group is required with context_mode: "shared"';
  const MODE = 'allowed: "isolated" or "shared"';
  const CONTINUITY = 'allowed: "standard" or "deeper"';

  const cases: (readonly [PolicyKeys, (readonly [string, string])[]])[] = [
    [{ context_mode: "Shared", context_group: "a" }, [["context_mode", `context_mode is "Shared"; ${MODE}`]]],
    [{ context_mode: null }, [["context_mode", `context_mode is null; ${MODE}`]]],
    [{ context_mode: true }, [["context_mode", `context_mode is true; ${MODE}`]]],
    [{ context_mode: ["shared"] }, [["context_mode", `context_mode is a list; ${MODE}`]]],
    [{ context_mode: { shared: 1 } }, [["context_mode", `context_mode is a map; ${MODE}`]]],
    [{ context_mode: 10n }, [["context_mode", `context_mode is 10; ${MODE}`]]],
    [
      { context_mode: "shared", context_group: "a", continuity_mode: "deep" },
      [["continuity_mode", `continuity_mode is "deep"; ${CONTINUITY}`]],
    ],
    [
      { context_mode: "shared", context_group: "a", continuity_mode: null },
      [["continuity_mode", `continuity_mode is null; ${CONTINUITY}`]],
    ],
    [{ context_mode: "isolated", continuity_mode: "deeper" }, [["continuity_mode", ONLY_SHARED]]],
    [{ continuity_mode: "standard" }, [["continuity_mode", ONLY_SHARED]]],
    [{ context_mode: "shared" }, [["context_group", REQUIRED]]],
    [{ context_mode: "shared", context_group: null }, [["context_group", REQUIRED]]],
    [{ context_mode: "shared", context_group: 7 }, [["context_group", "context_group is 7; it has to be text"]]],
    [{ context_mode: "shared", context_group: "" }, [["context_group", "context_group is empty; it has to start with a letter"]]],
    [{ context_mode: "isolated", context_group: "1a" }, [["context_group", 'context_group is "1a"; it has to start with a letter (a-z)']]],
    [
      { context_mode: "Shared", context_group: "1a", continuity_mode: "deep" },
      [
        ["context_mode", `context_mode is "Shared"; ${MODE}`],
        ["continuity_mode", `continuity_mode is "deep"; ${CONTINUITY}`],
        ["context_group", 'context_group is "1a"; it has to start with a letter (a-z)'],
      ],
    ],
  ];
  for (const [keys, problems] of cases) {
    test(`${Object.values(keys).map(shown).join(", ")}: ${problems.map(([, message]) => message).join("; ")}`, () => {
      expect(parsePolicy(keys)).toEqual({ ok: false, problems: problems.map(([key, message]) => ({ key, message }) as never) });
    });
  }

  test("may hold a value that holds itself", () => {
    const list: unknown[] = [];
    list.push(list);
    expect(parsePolicy({ context_mode: list }).ok).toBe(false);
    expect(parsePolicy({ context_mode: "shared", context_group: list }).ok).toBe(false);
  });

  test("never becomes a policy: whatever the keys hold, unknown words are no default", () => {
    const word = fc.oneof(fc.string(), fc.constantFrom("shared", "isolated", "deeper", "standard", "team"), fc.anything());
    fc.assert(
      fc.property(word, word, word, (context_mode, context_group, continuity_mode) => {
        const parsed = parsePolicy({ context_mode, context_group, continuity_mode });
        if (!parsed.ok) return void expect(parsed.problems.length).toBeGreaterThan(0);
        expect([undefined, "isolated", "shared"]).toContain(context_mode as string);
        expect([undefined, "standard", "deeper"]).toContain(continuity_mode as string);
        expect(parsed.policy.mode).toBe(context_mode === "shared" ? "shared" : "isolated");
        if (parsed.policy.mode === "shared") expect(parsed.policy.continuity).toBe((continuity_mode ?? "standard") as "standard");
      }),
    );
  });
});

describe("a policy in words and in keys", () => {
  const policies = [ISOLATED, shared("team-alpha", "standard"), shared("team-alpha", "deeper"), shared("b", "deeper")];

  test("is described as every table shows it", () => {
    expect(policies.map(describePolicy)).toEqual(["isolated", "shared (team-alpha)", "shared (team-alpha), deeper", "shared (b), deeper"]);
  });

  test("is the same as itself and no other", () => {
    for (const a of policies) for (const b of policies) expect(samePolicy(a, { ...b })).toBe(a === b);
  });

  test("comes back from its keys, where null means the key is absent", () => {
    for (const policy of policies) {
      const keys = Object.fromEntries(Object.entries(policyKeys(policy)).filter(([, value]) => value !== null));
      expect(parsePolicy(keys)).toEqual({ ok: true, policy });
    }
    expect(policyKeys(ISOLATED)).toEqual({ context_mode: "isolated", context_group: null, continuity_mode: null });
  });
});
