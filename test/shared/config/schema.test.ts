import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { Check } from "typebox/value";
import { stringify } from "yaml";
import { CONFIG_SCHEMA, type ConfigFile, configJsonSchema, parseConfig } from "../../../shared/config/index.ts";
import { ACCOUNT_SCHEMA } from "../../../shared/config/schema.ts";
import { checkAccountName, normaliseGroup, parsePolicy, RESERVED_NAMES } from "../../../shared/policy/index.ts";

// Many small runs: on a busy machine they take longer than the five seconds a test has by default.
setDefaultTimeout(120_000);

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null;

/** Every schema in a schema that describes a key, with the keys that lead to it. */
function keysOf(schema: Json, path = ""): { path: string; schema: { [key: string]: Json } }[] {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return [];
  const children = { ...(schema["properties"] as object), ...(schema["patternProperties"] as object) } as { [key: string]: Json };
  return Object.entries(children).flatMap(([key, child]) => [
    { path: `${path}.${key}`, schema: child as { [key: string]: Json } },
    ...keysOf(child, `${path}.${key}`),
  ]);
}

describe("the published schema", () => {
  const published = configJsonSchema() as { [key: string]: Json };

  test("is the file in docs; after a change, run scripts/schema.ts", () => {
    const file = join(import.meta.dir, "..", "..", "..", "docs", "config.schema.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(published);
  });

  test("says which draft it is and needs nothing beside itself", () => {
    expect(published["$schema"]).toBe("https://json-schema.org/draft/2020-12/schema");
    expect(JSON.stringify(published)).not.toMatch(/"\$id"|"\$ref"/);
  });

  test("describes every key", () => {
    const keys = keysOf(published);
    expect(keys.map(({ path }) => path)).toContain(".accounts.^.*$.continuity_mode");
    expect(keys.filter(({ schema }) => typeof schema["description"] !== "string")).toEqual([]);
  });

  test("leaves room for other tools, beside our sections and in an account", () => {
    const foreign = { version: 12, profiles: { a: 1 }, accounts: { work: { shared_resource_mode: "x", bare: true } } };
    expect(Check(CONFIG_SCHEMA, foreign)).toBe(true);
    expect(JSON.stringify(published)).not.toContain('"additionalProperties":false');
  });

  test("types what it validates", () => {
    const config: ConfigFile = {
      accounts: {
        work: {
          created: "2026-02-24T00:00:00.000Z",
          last_used: null,
          context_mode: "shared",
          context_group: "a",
          continuity_mode: "deeper",
        },
        home: null,
      },
      default: null,
    };
    expect(Check(CONFIG_SCHEMA, config)).toBe(true);
    // @ts-expect-error: the type knows the modes
    const wrong: ConfigFile = { accounts: { work: { context_mode: "Shared" } } };
    expect(Check(CONFIG_SCHEMA, wrong)).toBe(false);
  });
});

const anyValue = fc.oneof(
  fc.string(),
  fc.constantFrom("shared", "isolated", "Shared", "standard", "deeper", "deep", "", " "),
  fc.constantFrom(null, true, 7, [], {}),
);
const anyGroup = fc.oneof(
  anyValue,
  fc.stringMatching(/^[ \tA-Za-z0-9_.-]{0,70}$/),
  fc.string({ unit: fc.constantFrom("a", "Z", "-", " ", "\u00a0", "\n", "\u212a", "é", "\u{10400}"), maxLength: 70 }),
  fc.tuple(fc.nat(40), fc.nat(70), fc.nat(70)).map(([a, gap, b]) => `${"a".repeat(a)}${" ".repeat(gap)}${"b".repeat(b)}`),
);

describe("the schema and the policy room agree", () => {
  test("on the keys of an account, whatever they hold", () => {
    const often = (...words: string[]) => fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: anyValue });
    const keys = fc.record(
      { context_mode: often("shared", "isolated"), context_group: anyGroup, continuity_mode: often("standard", "deeper") },
      { requiredKeys: [] },
    );
    let accepted = 0;
    fc.assert(
      fc.property(keys, (account) => {
        const { ok } = parsePolicy(account);
        expect(Check(ACCOUNT_SCHEMA, account)).toBe(ok);
        if (ok) accepted++;
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  test("on the name of a group", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), anyGroup), (context_group) => {
        if (typeof context_group !== "string") return;
        expect(Check(ACCOUNT_SCHEMA, { context_mode: "shared", context_group })).toBe(normaliseGroup(context_group).ok);
      }),
      { numRuns: 2000 },
    );
  });

  test("on the name of an account", () => {
    const hard = [
      ...RESERVED_NAMES,
      "con",
      "Nul.txt",
      "com1",
      "com10",
      "lpt9.",
      "auth.",
      "authx",
      "a.",
      "a..",
      "7",
      "x".repeat(64),
      "x".repeat(65),
    ];
    const cased = fc.constantFrom(...hard).chain((name) => fc.constantFrom(name, name.toUpperCase(), `${name}-`, `${name}.x`));
    fc.assert(
      fc.property(fc.oneof(cased, fc.string(), fc.stringMatching(/^[A-Za-z0-9._-]{1,66}$/)), (name) => {
        // An own property even where the name is __proto__.
        const accounts = Object.fromEntries([[name, null]]);
        expect(Check(CONFIG_SCHEMA, { accounts })).toBe(checkAccountName(name).ok);
      }),
      { numRuns: 2000 },
    );
  });

  test("on a whole file: what the schema accepts has no problem, and what it refuses has one", () => {
    const times = fc.constantFrom("2026-02-24T00:00:00.000Z", null, 7, []);
    const account = fc.oneof(
      {
        weight: 9,
        arbitrary: fc.record(
          { created: times, last_used: times, context_mode: anyValue, context_group: anyGroup, continuity_mode: anyValue },
          { requiredKeys: [] },
        ),
      },
      { weight: 1, arbitrary: fc.constantFrom(null, [], "x", 7) },
    );
    const file = fc.record(
      {
        accounts: fc.oneof(fc.dictionary(fc.constantFrom("work", "home", "auth"), account, { maxKeys: 2 }), fc.constantFrom(null, [], 7)),
        default: fc.constantFrom(null, 7, []),
        other: fc.anything({ maxDepth: 1 }).filter((v) => v === null || typeof v === "string"),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(file, (value) => {
        const problems = parseConfig("config.yaml", stringify(value)).problems;
        expect(problems.length === 0).toBe(Check(CONFIG_SCHEMA, value));
      }),
      { numRuns: 500 },
    );
  });
});
