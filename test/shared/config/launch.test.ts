import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parseConfig } from "../../../shared/config/index.ts";
import { findAccount, type LaunchConfig, readLaunch } from "../../../shared/config/launch.ts";
import { CcsError } from "../../../shared/errors.ts";
import { textsOfProject } from "../../architecture/checkout.ts";
import { houseOf, loadedWith } from "../../architecture/house.ts";

// Many small runs: on a busy machine they take longer than the five seconds a test has by default.
setDefaultTimeout(120_000);

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "ccs-launch-"));
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function launch(text: string): LaunchConfig {
  const file = join(root, "config.yaml");
  writeFileSync(file, text);
  return readLaunch(file);
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof CcsError && error.code === "config-invalid") return `${error.where} ${error.message.split("\n  ")[1] ?? ""}`;
    throw error;
  }
  return "nothing was refused";
}

const TWO = `default: work
accounts:
  work:
    last_used: "2026-02-24T00:00:00.000Z"
    context_mode: shared
    context_group: Team Alpha
  home:
`;

describe("a launch reads", () => {
  test("the accounts, the default, a policy and when it was last used", () => {
    const config = launch(TWO);
    expect(config).toMatchObject({ exists: true, text: TWO, default: "work", names: ["work", "home"] });
    expect(config.account("work")).toEqual({
      policy: { mode: "shared", group: "team-alpha", continuity: "standard" },
      lastUsed: "2026-02-24T00:00:00.000Z",
    });
    expect(config.account("home")).toEqual({ policy: { mode: "isolated" }, lastUsed: null });
  });

  test("an account by its exact name only; a close one is found on request", () => {
    const config = launch(TWO);
    expect(config.account("Work")).toBeUndefined();
    expect(findAccount(config.names, "Work")).toBe("work");
  });

  test("an absent file as no accounts", () => {
    const config = readLaunch(join(root, "nothing.yaml"));
    expect(config).toMatchObject({ exists: false, text: "", default: null, names: [] });
    expect(config.account("work")).toBeUndefined();
  });

  test("an account whose neighbours cannot be launched", () => {
    const config = launch("default: 7\naccounts:\n  work: {}\n  doctor: []\n  a/b: {}\n  home: {context_mode: 1}\n");
    expect(config.account("work")?.policy).toEqual({ mode: "isolated" });
  });
});

describe("a launch is refused, with line and column,", () => {
  test.each([
    ["where the file is not YAML", "accounts:\n\twork: {}\n", "config.yaml:2:1 "],
    ["where the root is no map", "- a\n", "config.yaml:1:1 config.yaml:1:1 config.yaml is a list"],
    ["where accounts is no map", "accounts: []\n", "config.yaml:1:11 config.yaml:1:11 accounts is a list"],
    ["where accounts is written twice", "accounts: {}\naccounts: {}\n", "config.yaml:2:1 config.yaml:2:1 accounts is written more"],
    ["where accounts are merged in", "accounts:\n  <<: {a: {}}\n", "config.yaml:2:3 config.yaml:2:3 merge keys (<<) are not"],
  ])("%s", (_, text, where) => {
    expect(refusal(() => launch(text))).toStartWith(where);
  });

  test.each([
    ["whose keys are merged in", "work: {<<: {context_mode: shared}}", "2:10 config.yaml:2:10 merge keys"],
    [
      "whose policy does not parse",
      "work: {context_mode: Shared}",
      '2:24 config.yaml:2:24 context_mode is "Shared"; allowed: "isolated" or "shared"',
    ],
    ["whose policy lacks its group", "work: {context_mode: shared}", "2:24 config.yaml:2:24 context_group is required with"],
    ["whose policy is written twice", "work: {context_mode: a, context_mode: shared}", "2:27 config.yaml:2:27 context_mode is written"],
    ["that is a list", "work: [shared]", "2:9 config.yaml:2:9 the account"],
    ["that is there twice", "work: {}\n  work: {context_mode: shared}", '2:3 config.yaml:2:3 there is more than one account "work"'],
    ["that shares its directory with another", "Work: {}\n  work: {}", '3:3 config.yaml:3:3 there is an account "Work" already'],
  ])("for an account %s", (_, account, where) => {
    const config = launch(`accounts:\n  ${account}\n`);
    expect(refusal(() => config.account("work"))).toStartWith(`config.yaml:${where}`);
  });

  test("for a name that would lead out of the instances", () => {
    const config = launch('accounts:\n  "../../.claude": {}\n');
    expect(refusal(() => config.account("../../.claude"))).toStartWith("config.yaml:2:3 ");
  });

  test("for a default that is no text: it is not taken for none", () => {
    expect(refusal(() => launch("accounts: {7: {}}\ndefault: 7\n").default)).toStartWith(
      "config.yaml:2:10 config.yaml:2:10 default is 7; allowed: text in quotes, or null",
    );
    expect(refusal(() => launch("default: []\n").default)).toStartWith("config.yaml:1:10 ");
    expect(launch("default: ~\n").default).toBeNull();
  });
});

test("a launch and everything else read the same of the same text", () => {
  const word = fc.constantFrom("shared", "isolated", "Shared", "deeper", "deep", "standard", "null", "7", "[]", "{}", "team", "*x", "&x a");
  const key = fc.constantFrom("context_mode", "context_group", "continuity_mode", "last_used", "created", "mine", "<<");
  const account = fc.array(fc.tuple(key, word), { maxLength: 5 });
  const name = fc.constantFrom("work", "Work", "home", "7", "auth", "a b");
  fc.assert(
    fc.property(fc.array(fc.tuple(name, account), { maxLength: 3 }), (accounts) => {
      const body = accounts.map(([n, keys]) => `  ${n}:\n${keys.map(([k, v]) => `    ${k}: ${v}\n`).join("")}`).join("");
      const text = `accounts:\n${body}`;
      const config = parseConfig("config.yaml", text);
      const read = launch(text);
      expect([...new Set(read.names)]).toEqual([...config.accounts.keys()]);
      for (const [each, { policy, lastUsed }] of config.accounts) {
        const problems = config.problems.filter(({ path }) => path === `accounts.${each}` || path.startsWith(`accounts.${each}.`));
        let found: ReturnType<LaunchConfig["account"]>;
        try {
          found = read.account(each);
        } catch (error) {
          if (!(error instanceof CcsError)) throw error;
          const clash = config.problems.some(({ message }) => message.startsWith("there is an account"));
          expect(problems.length > 0 || clash).toBe(true);
          continue;
        }
        expect(found?.policy ?? null).toEqual(policy);
        expect(found?.lastUsed).toBe(lastUsed);
      }
    }),
    { numRuns: 300 },
  );
});

test("the launcher's reader loads yaml and nothing else from outside: no schema library", () => {
  const texts = Object.entries(textsOfProject()).filter(([path]) => /^shared\/.*\.ts$/.test(path));
  const house = houseOf(Object.fromEntries(texts));
  const entry = house.get("shared/config/launch.ts");
  expect(entry).toBeDefined();
  const loaded = [...loadedWith(house, entry ? [entry] : []).keys()];
  expect(loaded).toContain("shared/policy/policy.ts");
  expect(loaded.filter((path) => !path.startsWith("shared/")).sort()).toEqual(["node:buffer", "node:fs", "yaml"]);
  expect(loaded.filter((path) => /schema|parse|edit/.test(path))).toEqual([]);
});
