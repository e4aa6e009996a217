import { describe, expect, test } from "bun:test";
import { type Config, parseConfig, problemLine, requireValid } from "../../../shared/config/index.ts";
import { CcsError } from "../../../shared/errors.ts";

const parse = (text: string): Config => parseConfig("/ccs/config.yaml", text);
const lines = (text: string): string[] => parse(text).problems.map(problemLine);
const paths = (text: string): string[] => parse(text).problems.map((problem) => problem.path);
const policyOf = (text: string, account = "work") => parse(text).accounts.get(account)?.policy;

const EXAMPLE = `accounts:
  work:
    created: "2026-02-24T00:00:00.000Z"
    last_used: null
    context_mode: "shared"
    context_group: "team-alpha"
    continuity_mode: "deeper"
`;

describe("a config that is valid", () => {
  test("says its accounts and their policies", () => {
    const config = parse(`${EXAMPLE}  home: {}\n  spare:\ndefault: home\n`);
    expect(config.problems).toEqual([]);
    expect([...config.accounts.values()]).toEqual([
      {
        name: "work",
        created: "2026-02-24T00:00:00.000Z",
        lastUsed: null,
        policy: { mode: "shared", group: "team-alpha", continuity: "deeper" },
      },
      { name: "home", created: null, lastUsed: null, policy: { mode: "isolated" } },
      { name: "spare", created: null, lastUsed: null, policy: { mode: "isolated" } },
    ]);
    expect(config).toMatchObject({ file: "/ccs/config.yaml", exists: true, parsed: true, default: "home" });
    expect(() => requireValid(config)).not.toThrow();
  });

  test.each([
    [""],
    ["\ufeff"],
    ["# nothing\n"],
    ["---\n"],
    ["---\n...\n"],
    ["{}"],
    ["null\n"],
    ["accounts:\n"],
    ["accounts: ~\n"],
    ["accounts: {}\ndefault: null\n"],
    ["default:\n"],
  ])("%j has no accounts and no default", (text) => {
    expect(parse(text)).toMatchObject({ parsed: true, problems: [], default: null });
    expect(parse(text).accounts.size).toBe(0);
  });

  test("may be written in any style YAML has", () => {
    const policy = { mode: "shared", group: "team-alpha", continuity: "standard" } as const;
    expect(policyOf('{"accounts": {"work": {"context_mode": "shared", "context_group": "team-alpha"}}}')).toEqual(policy);
    expect(policyOf("accounts:\r\n  work:\r\n    context_mode: shared\r\n    context_group: >-\r\n      Team\r\n      Alpha\r\n")).toEqual(
      policy,
    );
    expect(policyOf("accounts:\n  ? work\n  : context_group: 'team-alpha'\n    context_mode: !!str shared\n")).toEqual(policy);
    expect(policyOf("x-group: &g team-alpha\naccounts:\n  work: {context_mode: shared, context_group: *g}\n")).toEqual(policy);
    expect(policyOf("x: &a {context_mode: shared, context_group: team-alpha}\naccounts:\n  work: *a\n")).toEqual(policy);
    expect(policyOf("x: &k work\naccounts:\n  *k :\n    context_mode: shared\n    context_group: team-alpha\n")).toEqual(policy);
  });

  test("is read the same under the YAML 1.1 directive", () => {
    expect(parse("%YAML 1.1\n---\naccounts:\n  on:\n    created: 2026-02-24\n")).toMatchObject({ problems: [] });
    expect([...parse("%YAML 1.1\n---\naccounts:\n  on: {}\n").accounts.keys()]).toEqual(["on"]);
  });

  test("takes what stands behind a tag it does not follow for text", () => {
    const account = parse("accounts:\n  work: {created: !!timestamp 2026-02-24, last_used: !theirs now}\n").accounts.get("work");
    expect(account).toMatchObject({ created: "2026-02-24", lastUsed: "now" });
  });

  test("takes a plain number or word as the account's name as it is written", () => {
    expect([...parse("accounts:\n  7: {}\n  true: {}\n  'null': {}\n").accounts.keys()]).toEqual(["7", "true", "null"]);
  });
});

describe("what belongs to somebody else", () => {
  test.each([
    ["an unknown key in an account", "accounts:\n  work:\n    shared_resource_mode: [profile-local, *nowhere]\n    bare: true\n"],
    ["other sections, whatever they hold", "version: 12\nprofiles: [1, {a: *nowhere}]\ncliproxy: no\naccounts:\n  work: {}\n"],
    ["a key twice in another section", "profiles:\n  a: 1\n  a: 2\nprofiles: 3\naccounts:\n  work: {}\n"],
    ["a merge key in another section", "profiles:\n  a: &a {b: 1}\n  c:\n    <<: *a\naccounts:\n  work: {}\n"],
    ["keys that are no text in another section", "profiles:\n  [1, 2]: x\n  ? {a: 1}\n  : y\naccounts:\n  work: {}\n"],
    ["tags of its own", "profiles: !theirs {a: !!binary aGk=}\naccounts:\n  work: {}\n"],
  ])("is no problem: %s", (_, text) => {
    expect(parse(text)).toMatchObject({ parsed: true, problems: [] });
    expect(policyOf(text)).toEqual({ mode: "isolated" });
  });

  test("is no problem: a default that names one of the other tool's own profiles", () => {
    expect(lines("default: glm\nprofiles:\n  glm: {type: api}\n")).toEqual([]);
    expect(lines("default: codex\ncliproxy:\n  variants:\n    codex: {}\n")).toEqual([]);
    expect(parse("default: glm\nprofiles:\n  glm: {type: api}\n").default).toBe("glm");
    expect(paths("default: glm\nprofiles:\n  other: {}\ncliproxy:\n  glm: {}\n")).toEqual(["default"]);
  });
});

describe("a policy that does not parse", () => {
  test("names line, column and the allowed values, and no default takes its place", () => {
    const text = EXAMPLE.replace('"deeper"', "deep").replace('"shared"', "Shared");
    expect(lines(text)).toEqual([
      'config.yaml:5:19 context_mode is "Shared"; allowed: "isolated" or "shared"',
      'config.yaml:7:22 continuity_mode is "deep"; allowed: "standard" or "deeper"',
    ]);
    expect(policyOf(text)).toBeNull();
  });

  test.each([
    ["a missing group, at the mode that needs it", "    context_mode: shared\n", ["config.yaml:3:19"], ["context_group"]],
    ["an empty mode, at its key", "    context_mode:\n", ["config.yaml:3:5"], ["context_mode"]],
    ["a continuity without a mode", "    continuity_mode: deeper\n", ["config.yaml:3:22"], ["continuity_mode"]],
    ["a group behind an anchor and a tag", "    context_group: &g !!str 7a\n", ["config.yaml:3:29"], ["context_group"]],
    ["a list", "    context_mode: [shared]\n", ["config.yaml:3:19"], ["context_mode"]],
    ["a list that holds itself", "    context_mode: &a [*a]\n", ["config.yaml:3:22"], ["context_mode"]],
  ])("is located: %s", (_, account, where, keys) => {
    const text = `accounts:\n  work:\n${account}`;
    expect(lines(text).map((line) => line.split(" ")[0] as string)).toEqual(where);
    expect(paths(text)).toEqual(keys.map((key) => `accounts.work.${key}`));
    expect(policyOf(text)).toBeNull();
  });

  test("is counted as an editor counts: after a byte order mark, CRLF and characters of two units", () => {
    expect(lines('\ufeff{accounts: {work: {x: "👍", context_mode: no}}}')).toEqual([
      'config.yaml:1:43 context_mode is "no"; allowed: "isolated" or "shared"',
    ]);
    expect(lines("accounts:\r\n  work:\r\n    context_mode: no\r\n")[0]).toStartWith("config.yaml:3:19 ");
  });

  test("leaves the other accounts as they are", () => {
    const config = parse(`${EXAMPLE}  home:\n    context_mode: none\n`);
    expect(config.accounts.get("work")?.policy).toEqual({ mode: "shared", group: "team-alpha", continuity: "deeper" });
    expect(config.accounts.get("home")?.policy).toBeNull();
  });
});

describe("an account that is written in a doubtful way is a problem and has no policy", () => {
  test.each([
    ["a policy key twice", "    context_mode: isolated\n    context_mode: shared\n", "4:5 context_mode is written more than once"],
    ["a time twice", "    created: null\n    created: null\n", "4:5 created is written more than once"],
    ["a merge key", "    <<: {context_mode: shared, context_group: a}\n", "3:5 merge keys (<<) are not followed here"],
    ["an alias of nothing", "    context_group: *nowhere\n", "3:20 context_group is an alias that no anchor stands before"],
  ])("%s", (_, account, problem) => {
    const text = `accounts:\n  work:\n${account}`;
    expect(lines(text)).toHaveLength(1);
    expect(lines(text)[0]).toStartWith(`config.yaml:${problem}`);
    expect(policyOf(text)).toBeNull();
  });

  test.each([
    ["a list", "[]", 'the account "work" is a list; it has to be a map'],
    ["text", "shared", 'the account "work" is "shared"; it has to be a map'],
    ["an alias of nothing", "*nowhere", 'the account "work" is an alias that no anchor stands before; it has to be a map'],
  ])("%s in the place of an account", (_, value, problem) => {
    expect(lines(`accounts:\n  work: ${value}\n`)).toEqual([`config.yaml:2:9 ${problem}`]);
    expect(policyOf(`accounts:\n  work: ${value}\n`)).toBeNull();
  });

  test("one name twice", () => {
    const text = "accounts:\n  work: {context_mode: shared, context_group: a}\n  work: {}\n";
    expect(lines(text)).toEqual(['config.yaml:3:3 there is an account "work" already']);
    expect(policyOf(text)).toBeNull();
  });
});

describe("the rest of what is ours", () => {
  test.each([
    ["accounts: []\n", "1:11 accounts is a list; it has to be a map of accounts"],
    ["accounts: work\n", '1:11 accounts is "work"; it has to be a map of accounts'],
    ["accounts: *a\n", "1:11 accounts is an alias that no anchor stands before; it has to be a map of accounts"],
    ["accounts: {}\naccounts: {}\n", "2:1 accounts is written more than once; only one is allowed"],
    ["accounts: {}\n<<: *x\n", "2:1 merge keys (<<) are not followed here: write the keys out"],
    ["accounts:\n  <<: {work: {}}\n", "2:3 merge keys (<<) are not followed here: write the keys out"],
    ["accounts:\n  [work]: {}\n", "2:3 the name of an account has to be text"],
    ["accounts:\n  Work: {}\n  work: {}\n", '3:3 there is an account "Work" already'],
    ["accounts:\n  a b: {}\n", '2:3 the account name "a b" may hold only letters, digits, ".", "_" and "-"'],
    ["accounts:\n  doctor: {}\n", '2:3 "doctor" is a command of ccs and cannot name an account'],
    ["accounts:\n  nul: {}\n", '2:3 "nul" is a device name on Windows and cannot name an account'],
    ["accounts:\n  007: {}\n", "2:3 the account name 007 is the number 7 to other tools; write it in quotes"],
    ["accounts:\n  work:\n    created: 2026\n", "3:14 created is 2026; allowed: text in quotes, or null"],
    ["accounts:\n  work:\n    last_used: [now]\n", "3:16 last_used is a list; allowed: text in quotes, or null"],
    ["accounts: {work: {}}\ndefault: home\n", '2:10 default is "home", which is no account; allowed: "work" or null'],
    ["accounts: {a: {}, b: {}}\ndefault: c\n", '2:10 default is "c", which is no account; allowed: "a" or "b" or null'],
    ["accounts: {a: {}, work: {}}\ndefault: Work\n", '2:10 default is "Work", which is no account; allowed: "work" or null'],
    ["default: 7\n", "1:10 default is 7; allowed: text in quotes, or null"],
    ["default: []\n", "1:10 default is a list; allowed: text in quotes, or null"],
    ["default: a\ndefault: b\naccounts: {a: {}}", "2:1 default is written more than once; only one is allowed"],
    ["default: *a\n", "1:10 default is an alias that no anchor stands before"],
  ])("%j: %s", (text, problem) => {
    expect(lines(text)).toEqual([`config.yaml:${problem}`]);
    expect(parse(text).parsed).toBe(true);
  });

  test("an account with a wrong time keeps its policy", () => {
    const account = parse("accounts:\n  work:\n    created: 7\n    context_mode: shared\n    context_group: a\n").accounts.get("work");
    expect(account).toEqual({
      name: "work",
      created: null,
      lastUsed: null,
      policy: { mode: "shared", group: "a", continuity: "standard" },
    });
  });
});

describe("a text that is not one YAML map is not parsed", () => {
  test.each([
    ["accounts:\n\twork: {}\n", "2:1 "],
    ["accounts: [1\n", "2:1 "],
    ["accounts:\n  work: {a: 1\n", "3:1 "],
    ["accounts: 'work\n", "2:1 "],
    ["accounts: {}\n---\naccounts: {}\n", "2:1 config.yaml holds more than one YAML document; only one is allowed"],
    ["- accounts\n", "1:1 config.yaml is a list; it has to be a map"],
    ["hello\n", '1:1 config.yaml is "hello"; it has to be a map'],
    ["7", "1:1 config.yaml is 7; it has to be a map"],
    ["*a\n", "1:1 "],
  ])("%j", (text, problem) => {
    const config = parse(text);
    expect(config).toMatchObject({ parsed: false, default: null, text });
    expect(config.accounts.size).toBe(0);
    expect(lines(text)[0]).toStartWith(`config.yaml:${problem}`);
  });
});

describe("requireValid", () => {
  test("tells every problem at once, in the order of the file", () => {
    const config = parse("default: nobody\naccounts:\n  work:\n    context_mode: Shared\n    created: 1\n  a b: {}\n");
    let thrown: unknown;
    try {
      requireValid(config);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(CcsError);
    const error = thrown as CcsError;
    expect(error.code).toBe("config-invalid");
    expect(error.exit).toBe(2);
    expect(error.message.split("\n")).toEqual([
      "config.yaml has 4 problems:",
      '  config.yaml:1:10 default is "nobody", which is no account; allowed: "work" or "a b" or null',
      '  config.yaml:4:19 context_mode is "Shared"; allowed: "isolated" or "shared"',
      "  config.yaml:5:14 created is 1; allowed: text in quotes, or null",
      '  config.yaml:6:3 the account name "a b" may hold only letters, digits, ".", "_" and "-"',
    ]);
    expect(error.where).toBe("config.yaml:1:10");
    expect(error.untouched).toBe("config.yaml and every link were left as they are");
    expect(error.hint).toBe("correct /ccs/config.yaml and run the command again");
  });

  test("speaks of one problem as one", () => {
    expect(() => requireValid(parse("accounts: []"))).toThrow(/^config.yaml has a problem:\n {2}config.yaml:1:11 accounts is a list/);
  });
});
