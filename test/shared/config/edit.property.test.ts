import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { parse as parseYaml } from "yaml";
import { type Config, type ConfigEdit, editConfig, parseConfig } from "../../../shared/config/index.ts";
import { type ContextPolicy, policyKeys } from "../../../shared/policy/index.ts";
import { type Line, type RandomConfig, randomConfig } from "./random.ts";

// Many small runs: on a busy machine they take longer than the five seconds a test has by default.
setDefaultTimeout(120_000);

type Tree = Record<string, Record<string, unknown>>;
type Keys = Record<string, string | null>;

const OWN = ["created", "last_used", "context_mode", "context_group", "continuity_mode"];
const RUNS = { numRuns: 100 };
const NOW = "2026-03-01T12:00:00.000Z";

const policy: fc.Arbitrary<ContextPolicy> = fc.oneof(
  fc.constant<ContextPolicy>({ mode: "isolated" }),
  fc.record({
    mode: fc.constant("shared" as const),
    group: fc.constantFrom("team", "b-2", "null"),
    continuity: fc.constantFrom("standard", "deeper"),
  }),
);

const wantedKeys = fc
  .tuple(policy, fc.boolean())
  .map(([to, used]) => ({ to, keys: { ...policyKeys(to), ...(used ? { last_used: NOW } : {}) } as Keys }));

const configAndAccount = randomConfig.chain((config) => fc.tuple(fc.constant(config), fc.constantFrom(...config.accounts)));

function valid(text: string): Config {
  const config = parseConfig("config.yaml", text);
  expect(config.problems).toEqual([]);
  return config;
}

/** All that a text says, by another road than ours, without these keys of one account. */
function others(text: string, account: string, keys: readonly string[]): unknown {
  const tree = parseYaml(text, { uniqueKeys: false, version: "1.2" }) as { accounts: Tree };
  const { [account]: entry, ...rest } = tree.accounts;
  const kept = Object.fromEntries(Object.entries(entry ?? {}).filter(([key]) => !keys.includes(key)));
  return { ...tree, accounts: rest, entry: kept };
}

/** The lines before an account's, its own, and those after, as text; lines keep their endings. */
function around(config: RandomConfig, account: string): { before: string; after: string; own: Line[] } {
  const mine = (line: Line) => line.of === account || line.of.startsWith(`${account}/`);
  const first = config.lines.findIndex(mine);
  const last = config.lines.findLastIndex(mine);
  const join = (lines: readonly Line[]) => lines.map((line) => line.text).join(config.eol);
  const mark = config.text.startsWith("\ufeff") ? "\ufeff" : "";
  const before = mark + join(config.lines.slice(0, first)) + config.eol;
  const after = last === config.lines.length - 1 ? "" : config.eol + join(config.lines.slice(last + 1)) + config.ending;
  return { before, after, own: config.lines.slice(first, last + 1) };
}

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const line of whole) if (line === part[at]) at++;
  return at === part.length;
}

describe("an edit of an account", () => {
  test("gives it the policy that was wanted, and nothing else another meaning", () => {
    fc.assert(
      fc.property(configAndAccount, wantedKeys, ([{ text }, account], { to, keys }) => {
        const result = editConfig(text, [{ set: "account", account, keys }]);
        const [was, is] = [valid(text), valid(result)];
        expect(is.accounts.get(account)?.policy).toEqual(to);
        expect(is.accounts.get(account)?.lastUsed).toBe(keys["last_used"] ?? was.accounts.get(account)?.lastUsed ?? null);
        for (const [name, each] of was.accounts) if (name !== account) expect(is.accounts.get(name)).toEqual(each);
        expect(is.default).toBe(was.default);
        expect(others(result, account, Object.keys(keys))).toEqual(others(text, account, Object.keys(keys)));
      }),
      RUNS,
    );
  });

  test("leaves every byte before and after the account, and every line of it that is not of a changed key", () => {
    fc.assert(
      fc.property(configAndAccount, wantedKeys, ([config, account], { keys }) => {
        const result = editConfig(config.text, [{ set: "account", account, keys }]);
        const { before, after, own } = around(config, account);
        expect(result.slice(0, before.length)).toBe(before);
        expect(result.slice(result.length - after.length)).toBe(after);
        const changed = Object.keys(keys).map((key) => `${account}/${key}`);
        // After a block scalar that keeps its trailing blank lines, those of a removed key go too: they would become part of it.
        const open = own.some((line) => line.of === `${account}/open`);
        const kept = own.filter((line) => !changed.includes(line.of) && !(open && line.text === "")).map((line) => line.text);
        const now = result.slice(before.length, result.length - after.length).split(config.eol);
        expect(isSubsequence(kept, now)).toBe(true);
        expect(now.length).toBeLessThanOrEqual(own.length + changed.length);
        expect(result.includes("\r\n")).toBe(config.eol === "\r\n");
        expect(/[^\r]\n/.test(result)).toBe(config.eol === "\n");
      }),
      RUNS,
    );
  });

  test("keeps the comment on a line whose value is replaced", () => {
    fc.assert(
      fc.property(configAndAccount, wantedKeys, ([config, account], { keys }) => {
        const result = editConfig(config.text, [{ set: "account", account, keys }]);
        const { own } = around(config, account);
        for (const line of own) {
          const key = line.of.split("/")[1] ?? "";
          const comment = / # \w+$/.exec(line.text)?.[0];
          if (comment === undefined || keys[key] === null || keys[key] === undefined) continue;
          expect(result.split(config.eol).filter((each) => each.endsWith(comment) && each.includes(key)).length).toBeGreaterThan(0);
        }
      }),
      RUNS,
    );
  });

  test("that asks for what is there changes no byte", () => {
    fc.assert(
      fc.property(configAndAccount, ([{ text }, account]) => {
        const entry = (parseYaml(text) as { accounts: Tree }).accounts[account] ?? {};
        const keys: Keys = {};
        for (const key of OWN) {
          const value = entry[key];
          if (value === undefined) keys[key] = null;
          else if (typeof value === "string") keys[key] = value;
        }
        expect(editConfig(text, [{ set: "account", account, keys }])).toBe(text);
      }),
      RUNS,
    );
  });

  test("is undone by the inverse edit", () => {
    fc.assert(
      fc.property(configAndAccount, wantedKeys, ([{ text }, account], { keys }) => {
        const entry = (parseYaml(text) as { accounts: Tree }).accounts[account] ?? {};
        const inverse: Keys = {};
        for (const key of Object.keys(keys)) inverse[key] = typeof entry[key] === "string" ? entry[key] : null;
        const there = editConfig(text, [{ set: "account", account, keys }]);
        const back = editConfig(there, [{ set: "account", account, keys: inverse }]);
        expect(valid(back).accounts).toEqual(valid(text).accounts);
        const nulls = Object.keys(keys).filter((key) => entry[key] === null);
        expect(others(back, account, nulls)).toEqual(others(text, account, nulls));
      }),
      RUNS,
    );
  });
});

const NEW: Keys = { created: NOW, last_used: null, context_mode: "shared", context_group: "team", continuity_mode: "deeper" };

describe("accounts that come and go", () => {
  test("a new account stands there as it was wanted, and removing it gives the old bytes back", () => {
    fc.assert(
      fc.property(randomConfig, fc.constantFrom("new", "8", "on", "N.x_y-z"), ({ text, accounts }, account) => {
        const there = editConfig(text, [{ set: "new-account", account, keys: NEW }]);
        const config = valid(there);
        expect([...config.accounts.keys()]).toEqual([...accounts, account]);
        expect(config.accounts.get(account)).toEqual({
          name: account,
          created: NOW,
          lastUsed: null,
          policy: { mode: "shared", group: "team", continuity: "deeper" },
        });
        expect(others(there, account, Object.keys(NEW))).toEqual({ ...(others(text, account, []) as object) });
        expect(editConfig(there, [{ set: "remove-account", account }])).toBe(text);
      }),
      RUNS,
    );
  });

  test("removing an account takes its lines and no others", () => {
    fc.assert(
      fc.property(configAndAccount, ([config, account]) => {
        const result = editConfig(config.text, [{ set: "remove-account", account }]);
        const { before, after } = around(config, account);
        if (config.accounts.length === 1) {
          const header = config.eol + before.split(config.eol).at(-2);
          const emptied = before.replace(header, () => header.replace(/(accounts'?:)/, "$1 {}"));
          expect([emptied + after.slice(config.eol.length), emptied.slice(0, -config.eol.length) + after]).toContain(result);
        } else {
          // A file without a last line ending stays so, unless the ending before the account is part of a block scalar.
          const whole = before + after.slice(config.eol.length);
          const open = after === "" && !config.text.endsWith(config.eol);
          expect(open ? [before.slice(0, -config.eol.length), before] : [whole]).toContain(result);
        }
        const rest = new Map([...valid(config.text).accounts].filter(([name]) => name !== account));
        expect(parseConfig("config.yaml", result).accounts).toEqual(rest);
      }),
      RUNS,
    );
  });

  test("the default is set and taken out again", () => {
    fc.assert(
      fc.property(configAndAccount, ([{ text }, account]) => {
        const set = editConfig(text, [{ set: "default", account }]);
        expect(valid(set).default).toBe(account);
        const out = editConfig(set, [{ set: "default", account: null }]);
        expect(valid(out).default).toBeNull();
        if (valid(text).default === null) expect(out).toBe(text);
        expect(others(out, account, [])).toEqual(others(editConfig(text, [{ set: "default", account: null }]), account, []));
      }),
      RUNS,
    );
  });

  test("several edits at once are the same as one after the other", () => {
    fc.assert(
      fc.property(configAndAccount, wantedKeys, ([{ text }, account], { keys }) => {
        const edits: ConfigEdit[] = [
          { set: "account", account, keys },
          { set: "new-account", account: "new", keys: NEW },
          { set: "default", account: "new" },
          { set: "remove-account", account },
        ];
        expect(editConfig(text, edits)).toBe(edits.reduce((now, edit) => editConfig(now, [edit]), text));
      }),
      { numRuns: 50 },
    );
  });
});

const FLOW_FOREIGN = ["bare: true", "list: [a,  b]", '"deep":{x: {y: 1}}', "none", "note: two words", "q: 'it''s'"];
const FLOW_OWN: Record<string, readonly string[]> = {
  created: ["created: null", "created", "created:", "'created' : \"2026\""],
  last_used: ["last_used: ~", '"last_used":"2026"'],
  context_mode: ["context_mode: shared", '"context_mode":"shared"'],
  context_group: ["context_group: team", "context_group: 'team'"],
  continuity_mode: ["continuity_mode: deeper", "continuity_mode: standard"],
};
const separator = fc.constantFrom(", ", ",", " , ", ",\n    ", ", # c\n    ", " # c\n    , ", ",\n    # c\n    ");

/** A shared account in flow style, with what another tool keeps in it. */
const flowAccount = fc
  .tuple(
    fc.subarray(FLOW_FOREIGN, { maxLength: 3 }),
    fc
      .subarray(["created", "last_used", "continuity_mode"])
      .chain((more) => fc.tuple(...[...more, "context_mode", "context_group"].map((key) => fc.constantFrom(...(FLOW_OWN[key] ?? []))))),
  )
  .chain(([foreign, own]) =>
    fc.record({
      items: fc.shuffledSubarray([...foreign, ...own], { minLength: foreign.length + own.length }),
      separators: fc.array(separator, { minLength: 10, maxLength: 10 }),
      open: fc.constantFrom("{", "{ ", "{\n    ", "{ # c\n    "),
      close: fc.constantFrom("}", " }", ",}", "\n    }", " # c\n    }", ",\n    }", " , # c\n    }"),
      foreign: fc.constant(foreign),
    }),
  )
  .map(({ items, separators, open, close, foreign }) => ({
    text: open + items.map((item, i) => item + (i < items.length - 1 ? separators[i] : "")).join("") + close,
    foreign,
  }));

/** Flow maps of accounts, on one line and on many. */
const flowConfig = fc
  .tuple(
    flowAccount,
    fc.constantFrom(
      "accounts:\n  home: {}\n  work: @\n",
      "accounts: {home: {}, work: @}",
      "{accounts: {work: @}, other: [1,  2]}\n",
      '{"accounts": {\n  "work": @,\n  "home": null,\n}}\n',
    ),
  )
  .map(([{ text, foreign }, frame]) => ({ text: frame.replace("@", () => text), foreign }));

describe("an edit of a flow map", () => {
  test("gives it the policy that was wanted, keeps what is another's, and is undone by its inverse", () => {
    fc.assert(
      fc.property(flowConfig, wantedKeys, ({ text, foreign }, { to, keys }) => {
        const entry = (parseYaml(text) as { accounts: Tree }).accounts["work"] ?? {};
        const result = editConfig(text, [{ set: "account", account: "work", keys }]);
        expect(valid(result).accounts.get("work")?.policy).toEqual(to);
        expect(others(result, "work", Object.keys(keys))).toEqual(others(text, "work", Object.keys(keys)));
        for (const item of foreign) expect(result).toContain(item);
        const inverse: Keys = {};
        for (const key of Object.keys(keys)) inverse[key] = typeof entry[key] === "string" ? entry[key] : null;
        const back = editConfig(result, [{ set: "account", account: "work", keys: inverse }]);
        expect(valid(back).accounts).toEqual(valid(text).accounts);
      }),
      { numRuns: 200 },
    );
  });

  test("takes accounts in and lets them go", () => {
    fc.assert(
      fc.property(flowConfig, ({ text }) => {
        const there = editConfig(text, [{ set: "new-account", account: "new", keys: NEW }]);
        expect(valid(there).accounts.get("new")?.policy).toEqual({ mode: "shared", group: "team", continuity: "deeper" });
        expect(others(there, "new", Object.keys(NEW))).toEqual(others(text, "new", []));
        const back = editConfig(there, [{ set: "remove-account", account: "new" }]);
        expect(others(back, "new", [])).toEqual(others(text, "new", []));
        const gone = editConfig(text, [{ set: "remove-account", account: "work" }]);
        expect(parseConfig("config.yaml", gone).accounts.has("work")).toBe(false);
      }),
      RUNS,
    );
  });
});
