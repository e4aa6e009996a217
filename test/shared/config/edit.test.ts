import { describe, expect, test } from "bun:test";
import { type ConfigEdit, editConfig, parseConfig } from "../../../shared/config/index.ts";
import { CcsError } from "../../../shared/errors.ts";
import { ISOLATED, policyKeys } from "../../../shared/policy/index.ts";

const NEW: ConfigEdit = {
  set: "new-account",
  account: "work",
  keys: {
    created: "2026-02-24T00:00:00.000Z",
    last_used: null,
    context_mode: "shared",
    context_group: "team-alpha",
    continuity_mode: "deeper",
  },
};
const ISOLATE: ConfigEdit = { set: "account", account: "work", keys: { ...policyKeys(ISOLATED) } };
const SHARE: ConfigEdit = {
  set: "account",
  account: "work",
  keys: { context_mode: "shared", context_group: "b", continuity_mode: "deeper" },
};
const USED: ConfigEdit = { set: "account", account: "work", keys: { last_used: "2026-03-01T12:00:00.000Z" } };
const REMOVE: ConfigEdit = { set: "remove-account", account: "work" };

const EXAMPLE = `accounts:
  work:
    created: "2026-02-24T00:00:00.000Z"
    last_used: null
    context_mode: "shared"
    context_group: "team-alpha"
    continuity_mode: "deeper"
`;

function thrownBy(text: string, edit: ConfigEdit): CcsError {
  try {
    editConfig(text, [edit]);
  } catch (error) {
    if (error instanceof CcsError) return error;
    throw error;
  }
  throw new Error("the edit was made");
}

describe("a new account", () => {
  test.each([
    ["an empty text", "", EXAMPLE],
    ["a byte order mark", "\ufeff", `\ufeff${EXAMPLE}`],
    ["comments alone", "# mine\n", `# mine\n${EXAMPLE}`],
    ["a comment without a line ending", "# mine", `# mine\n${EXAMPLE.trimEnd()}`],
    ["a document marker", "---\n# mine\n", `---\n# mine\n${EXAMPLE}`],
    ["other sections, the last without a line ending", "version: 12", `version: 12\n${EXAMPLE.trimEnd()}`],
    ["accounts without a value", "accounts:\nprofiles: {}\n", `${EXAMPLE}profiles: {}\n`],
    ["accounts that are null", "accounts: null # none\n", EXAMPLE.replace(":", ": # none")],
    ["accounts that are {}", "accounts: {}\nprofiles: {}\n", `${EXAMPLE}profiles: {}\n`],
    ["accounts that are { } and a comment", "accounts: { }  # none\n", EXAMPLE.replace(":", ":  # none")],
    ["accounts that are only commented", "accounts:\n  # none yet\n", `${EXAMPLE}  # none yet\n`],
    ["an end marker", "version: 12\n...\n", `version: 12\n${EXAMPLE}...\n`],
  ])("in the place of %s", (_, before, after) => {
    expect(editConfig(before, [NEW])).toBe(after);
  });

  const inline = EXAMPLE.split("\n")
    .slice(2, -1)
    .map((line) => line.trim())
    .join(", ");

  test.each([
    ["an empty flow map", "{}\n", `{ accounts: { work: { ${inline} } } }\n`],
    ["a flow map", "{version: 12}", `{version: 12, accounts: { work: { ${inline} } }}`],
    ["a flow map of accounts", "accounts: {home: {a: 1}}\n", `accounts: {home: {a: 1}, work: { ${inline} }}\n`],
    ["an empty map that holds a comment", "accounts: { # none\n}\n", `accounts: { work: { ${inline} } # none\n}\n`],
    ["a map over lines", "accounts: {\n  home: {} # c\n}\n", `accounts: {\n  home: {}, # c\n  work: { ${inline} }\n}\n`],
    ["one that ends with a comma", "accounts: {\n  home: {},\n}\n", `accounts: {\n  home: {},\n  work: { ${inline} },\n}\n`],
  ])("in %s, which stays one", (_, before, after) => {
    expect(editConfig(before, [NEW])).toBe(after);
  });

  test("in JSON, which stays JSON", () => {
    const result = editConfig('{"accounts": {"home": {"bare": true}}, "version": 12}', [NEW]);
    expect(JSON.parse(result)).toEqual({
      accounts: { home: { bare: true }, work: NEW.set === "new-account" ? NEW.keys : {} },
      version: 12,
    });
  });

  test("stands below the last, indented like it, after comments that are deeper", () => {
    const before = "accounts:\n    home:\n        created: null\n        # end of home\n    # end of accounts\n\nother: 1\n";
    const after = editConfig(before, [{ set: "new-account", account: "work", keys: { created: null } }]);
    expect(after).toBe(
      "accounts:\n    home:\n        created: null\n        # end of home\n    work:\n        created: null\n    # end of accounts\n\nother: 1\n",
    );
  });

  test("gets its name in quotes where it would be read as something else", () => {
    const names = ["7", "007", "1e3", "on", "Null", "a.b", "x-1"];
    const edits = names.map((account): ConfigEdit => ({ set: "new-account", account, keys: {} }));
    const text = editConfig("", edits);
    expect(text).toBe('accounts:\n  "7": {}\n  "007": {}\n  "1e3": {}\n  "on": {}\n  "Null": {}\n  "a.b": {}\n  x-1: {}\n');
    expect([...parseConfig("f", text).accounts.keys()]).toEqual(names);
    expect(parseConfig("f", text).problems).toEqual([]);
  });

  test("that is there already is refused", () => {
    expect(thrownBy(EXAMPLE, NEW)).toMatchObject({ code: "exists", untouched: "config.yaml was left as it was" });
  });
});

describe("a value that is replaced keeps its quotes, and its comment", () => {
  test.each([
    ["context_mode: shared # why", "context_mode: isolated # why"],
    ["context_mode: 'shared'", "context_mode: 'isolated'"],
    ['"context_mode":   "shared"', '"context_mode":   "isolated"'],
    ["context_mode: &m shared", "context_mode: &m isolated"],
    ["context_mode: !!str shared", "context_mode: !!str isolated"],
    ["context_mode: >- # why\n      shared", 'context_mode: "isolated" # why'],
    ["context_mode: |-\n      shared\n\n    # below", 'context_mode: "isolated"\n\n    # below'],
    ["context_mode:\n      shared", "context_mode:\n      isolated"],
    ["context_mode: # why", 'context_mode: "isolated" # why'],
    ["context_mode:", 'context_mode: "isolated"'],
    ["context_mode: ~", 'context_mode: "isolated"'],
    ["context_mode: *mode", 'context_mode: "isolated"'],
    ["? context_mode\n    : shared", "? context_mode\n    : isolated"],
  ])("%j", (was, is) => {
    const frame = (line: string) => `mode: &mode shared\naccounts:\n  work:\n    ${line}\n    mine: 1\n`;
    expect(editConfig(frame(was), [{ set: "account", account: "work", keys: { context_mode: "isolated" } }])).toBe(frame(is));
  });

  test("but not where plain text would be read as something else", () => {
    const set = (text: string, value: string) => editConfig(text, [{ set: "account", account: "work", keys: { last_used: value } }]);
    const plain = "accounts:\n  work:\n    last_used: 2026-02-24T00:00:00.000Z\n";
    expect(set(plain, "2026-03-01T12:00:00.000Z")).toBe('accounts:\n  work:\n    last_used: "2026-03-01T12:00:00.000Z"\n');
    for (const value of ["no", "null", "7", "a: b", "a #b", "", "x\ny", 'q"\\', "\u0085\u2028\ufeff", "*a", "- a"]) {
      const text = set(plain, value);
      expect(parseConfig("f", text).accounts.get("work")?.lastUsed).toBe(value);
      expect(text.split("\n")).toHaveLength(4);
    }
  });

  test("in single quotes, a quote is doubled", () => {
    const text = editConfig("accounts:\n  work: {last_used: 'x'}\n", [{ set: "account", account: "work", keys: { last_used: "it's" } }]);
    expect(text).toBe("accounts:\n  work: {last_used: 'it''s'}\n");
  });

  test("null is replaced in its place", () => {
    expect(editConfig(EXAMPLE, [USED])).toBe(EXAMPLE.replace("null", '"2026-03-01T12:00:00.000Z"'));
  });
});

describe("keys that come and go", () => {
  test("isolating takes out the keys of sharing, their lines and the comments on them, and nothing else", () => {
    const text = `# top
accounts:
  work:
    created: "2026-02-24T00:00:00.000Z"   # spaced

    # about the mode
    context_mode: "shared"   # the mode
    # about the group
    context_group: >-        # the group
      team
      alpha
    notes: |
      context_group: not ours
    continuity_mode: deeper  # deeper
                             # still about it
    mine: {a: 1 ,b: [x,  y]}
`;
    expect(editConfig(text, [ISOLATE])).toBe(`# top
accounts:
  work:
    created: "2026-02-24T00:00:00.000Z"   # spaced

    # about the mode
    context_mode: "isolated"   # the mode
    # about the group
    notes: |
      context_group: not ours
    mine: {a: 1 ,b: [x,  y]}
`);
  });

  test("a new key stands after the one it usually follows", () => {
    const text = "accounts:\n  work:\n    mine: 1\n    created: null # then\n    yours: 2\n";
    expect(editConfig(text, [SHARE, USED])).toBe(
      'accounts:\n  work:\n    mine: 1\n    created: null # then\n    last_used: "2026-03-01T12:00:00.000Z"\n' +
        '    context_mode: "shared"\n    context_group: "b"\n    continuity_mode: "deeper"\n    yours: 2\n',
    );
  });

  test.each([
    ["work:", 'work:\n    context_mode: "shared"'],
    ["work: {}   # c", 'work:   # c\n    context_mode: "shared"'],
    ["work: ~", 'work:\n    context_mode: "shared"'],
    ["work: &a {}", 'work: &a\n    context_mode: "shared"'],
    ["work: {a: 1}", 'work: {a: 1, context_mode: "shared"}'],
    ["work: {a: 1,}", 'work: {a: 1, context_mode: "shared",}'],
    ["work: { # c\n  }", 'work: { context_mode: "shared" # c\n  }'],
    ["work: {a}", 'work: {a, context_mode: "shared"}'],
    ["work:\n        a: 1", 'work:\n        a: 1\n        context_mode: "shared"'],
    ["work:\n    a: |\n      x", 'work:\n    a: |\n      x\n    context_mode: "shared"'],
    ["work:\n    a: |+\n      x\n\n", 'work:\n    a: |+\n      x\n\n\n    context_mode: "shared"'],
    ["? work\n  : a: 1", '? work\n  : a: 1\n    context_mode: "shared"'],
  ])("the first of ours, in %j", (was, is) => {
    const share: ConfigEdit = { set: "account", account: "work", keys: { context_mode: "shared" } };
    const last = is.includes("|+") ? "" : "\n";
    expect(editConfig(`accounts:\n  ${was}\n`, [share])).toBe(`accounts:\n  ${is}${last || "\n"}`);
    const gone: ConfigEdit = { set: "account", account: "work", keys: { context_mode: null } };
    const there = parseConfig("f", editConfig(`accounts:\n  ${is}\n`, [gone]));
    expect(there.accounts).toEqual(parseConfig("f", `accounts:\n  ${was}\n`).accounts);
  });

  test.each([
    ["{work, home: {}}", '{work: { context_mode: "shared" }, home: {}}'],
    ["{work: , home: {}}", '{work: { context_mode: "shared" } , home: {}}'],
    ["{work: null}", '{work: { context_mode: "shared" }}'],
    ["{ work: { } }", '{ work: { context_mode: "shared" } }'],
    ['{"work":{}}', '{"work":{ "context_mode": "shared" }}'],
  ])("the first of ours, where the accounts are %j", (was, is) => {
    const share: ConfigEdit = { set: "account", account: "work", keys: { context_mode: "shared" } };
    expect(editConfig(`accounts: ${was}\n`, [share])).toBe(`accounts: ${is}\n`);
  });

  test.each([
    ["{context_group: g, mine: 1}", "{mine: 1}"],
    ["{mine: 1, context_group: g}", "{mine: 1}"],
    ["{mine: 1, context_group: g,}", "{mine: 1, }"],
    ["{a: 1,context_group: g ,b: 2}", "{a: 1,b: 2}"],
    ["{context_group: g}", "{}"],
    ["{context_group: g,}", "{}"],
    ["{a: 1, # one\n    context_group: g}", "{a: 1, # one\n    }"],
    ["{\n    a: 1, # one\n    context_group: g, # group\n    b: 2\n  }", "{\n    a: 1, # one\n    b: 2\n  }"],
    ["{\n    a: 1, # one\n    context_group: g # group\n  }", "{\n    a: 1, # one\n  }"],
    ["{context_group: g # group\n    , b: 2}", "{ # group\n     b: 2}"],
  ])("a key taken out of %j", (was, is) => {
    const gone: ConfigEdit = { set: "account", account: "work", keys: { context_group: null } };
    expect(editConfig(`accounts:\n  work: ${was} # c\n`, [gone])).toBe(`accounts:\n  work: ${is} # c\n`);
  });

  test("the last key of an account leaves {} and its comments", () => {
    const gone: ConfigEdit = { set: "account", account: "work", keys: { context_mode: null } };
    expect(editConfig("accounts:\n  work: # w\n    # why\n    context_mode: isolated\n  home:\n", [gone])).toBe(
      "accounts:\n  work: {} # w\n    # why\n  home:\n",
    );
  });

  test("what asks for what is there changes nothing", () => {
    const same: ConfigEdit = { set: "account", account: "work", keys: { context_mode: "shared", context_group: "team-alpha" } };
    expect(editConfig(EXAMPLE, [same, { set: "account", account: "work", keys: { nothing: null } }])).toBe(EXAMPLE);
    const alias = "g: &g team-alpha\naccounts:\n  work: {context_group: *g}\n";
    expect(editConfig(alias, [{ set: "account", account: "work", keys: { context_group: "team-alpha" } }])).toBe(alias);
    expect(editConfig("version: 1\n", [{ set: "default", account: null }])).toBe("version: 1\n");
    expect(editConfig("\ufeff# x", [])).toBe("\ufeff# x");
  });

  test("CRLF, a byte order mark and a missing last line ending stay", () => {
    const text = "\ufeffaccounts:\r\n  work:\r\n    context_mode: shared\r\n    context_group: a";
    expect(editConfig(text, [ISOLATE])).toBe("\ufeffaccounts:\r\n  work:\r\n    context_mode: isolated");
    expect(editConfig(text, [SHARE])).toBe(
      '\ufeffaccounts:\r\n  work:\r\n    context_mode: shared\r\n    context_group: b\r\n    continuity_mode: "deeper"',
    );
    expect(editConfig(text, [REMOVE])).toBe("\ufeffaccounts: {}");
  });

  test("a text of both line endings gets the one that is in use around the change", () => {
    const text = "version: 1\naccounts:\r\n  work:\r\n    created: null\r\nother: 1\n";
    expect(editConfig(text, [{ set: "account", account: "work", keys: { context_mode: "isolated" } }])).toBe(
      'version: 1\naccounts:\r\n  work:\r\n    created: null\r\n    context_mode: "isolated"\r\nother: 1\n',
    );
  });
});

describe("an account that is removed", () => {
  test("takes its lines and the comments in it; what is written above it stays", () => {
    const text =
      "accounts:\n  # a: mine\n  a: {}\n\n  # work: theirs\n  work: # w\n    created: null\n\n    # in work\n\n  # b: mine\n  b: {}\n";
    expect(editConfig(text, [REMOVE])).toBe("accounts:\n  # a: mine\n  a: {}\n\n  # work: theirs\n\n  # b: mine\n  b: {}\n");
  });

  test("leaves {} when it was the last", () => {
    expect(editConfig(`version: 1\n${EXAMPLE}other: 1\n`, [REMOVE])).toBe("version: 1\naccounts: {}\nother: 1\n");
    expect(editConfig("accounts: {work: {a: 1}}", [REMOVE])).toBe("accounts: {}");
  });

  test("or edited, but is not there, is not found", () => {
    for (const edit of [REMOVE, SHARE]) expect(thrownBy("accounts:\n  Work: {}\n", edit)).toMatchObject({ code: "not-found" });
  });
});

describe("an account that gets another name", () => {
  const rename = (text: string, to = "office") => editConfig(text, [{ set: "rename-account", account: "work", to }]);

  test.each([
    ["plain", "accounts:\n  # mine\n  work:   # pays\n    colour: blue\n  home: {}\n", "work:", "office:"],
    ["in double quotes", 'accounts:\n  "work":\n    created: null\n', '"work":', '"office":'],
    ["in single quotes, in flow style", "accounts: { 'work': {}, home: {} } # flow\n", "'work':", "'office':"],
    ["with an anchor before it", "accounts:\n  &me work: {}\nother: *me\n", "", ""],
    ["without a value", "accounts:\n  work:\n", "work:", "office:"],
    ["as an explicit key", "accounts:\n  ? work\n  : created: null\n", "? work", "? office"],
  ])("keeps everything but its key, written %s", (_, before, was, is) => {
    if (was === "") return void expect(() => rename(before)).toThrow(CcsError);
    expect(rename(before)).toBe(before.replace(was, is));
  });

  test("gets it in quotes where it would be read as something else", () => {
    for (const name of ["2026", "true", "a.b", "null"]) {
      const text = rename("accounts:\n  work: {}\n", name);
      expect(text).toBe(`accounts:\n  "${name}": {}\n`);
      expect([...parseConfig("config.yaml", text).accounts.keys()]).toEqual([name]);
    }
  });

  test("that is taken is refused, and so is the name of an account that is not there", () => {
    expect(thrownBy("accounts:\n  work: {}\n  office: {}\n", { set: "rename-account", account: "work", to: "office" }).code).toBe(
      "refused",
    );
    expect(thrownBy("accounts:\n  home: {}\n", { set: "rename-account", account: "work", to: "office" }).code).toBe("not-found");
  });
});

describe("the default", () => {
  test.each([
    ["below the accounts, where there is none", `${EXAMPLE}\nother: 1\n`, `${EXAMPLE}default: "work"\n\nother: 1\n`],
    ["in its place", "default: home # mine\nversion: 1\n", "default: work # mine\nversion: 1\n"],
    ["in its quotes", 'default: "home"\n', 'default: "work"\n'],
    ["in the place of null", "default: null\n", 'default: "work"\n'],
    ["in the place of nothing", "default:\nversion: 1\n", 'default: "work"\nversion: 1\n'],
    ["in an empty text", "", 'default: "work"\n'],
    ["in a flow map", "{version: 1}", '{version: 1, default: "work"}'],
  ])("is set %s", (_, before, after) => {
    expect(editConfig(before, [{ set: "default", account: "work" }])).toBe(after);
  });

  test.each([
    ["version: 1\n# mine\ndefault: work # w\nother: 1\n", "version: 1\n# mine\nother: 1\n"],
    ["default: work", ""],
    ["\ufeffdefault: work\n", "\ufeff"],
    ["{default: work}", "{}"],
    ["default: null\n", ""],
  ])("is taken out of %j with its line", (before, after) => {
    expect(editConfig(before, [{ set: "default", account: null }])).toBe(after);
  });
});

describe("what belongs to others survives, however it is written", () => {
  const others = `%YAML 1.2
---
version:   12   # odd spacing
profiles: { glm: {type: api ,x: [1,2]} , "k": &k [ *k ] }
dup: 1
dup: 2
unknown: *nowhere
text: >
   folded
   text

     more

tagged: !theirs
  - a
  -   b
? [complex, key]
: value
`;
  const rest = "tail: |+\n  kept\n\n";

  test("byte for byte", () => {
    const text = `${others}${EXAMPLE}${rest}`;
    for (const [edits, account] of [
      [[USED], EXAMPLE.replace("null", '"2026-03-01T12:00:00.000Z"')],
      [[REMOVE], "accounts: {}\n"],
      [[{ set: "default", account: "work" }], `${EXAMPLE}default: "work"\n`],
    ] as [ConfigEdit[], string][]) {
      expect(editConfig(text, edits)).toBe(`${others}${account}${rest}`);
    }
  });
});

describe("an edit is refused, with what to write by hand,", () => {
  const HAND = "edit it by hand: ";
  test.each<[string, string, ConfigEdit, string, string]>([
    ["where another account is an alias of it", "accounts:\n  work: &w {a: 1}\n  home: *w\n", SHARE, "2:3", "used elsewhere too"],
    ["where it is an alias itself", "x: &x {a: 1}\naccounts:\n  work: *x\n", SHARE, "3:3", "it is written as an alias"],
    ["where a value is used elsewhere", "accounts:\n  work: {context_mode: &m isolated}\nx: *m\n", SHARE, "2:3", "used elsewhere too"],
    ["where what is removed is used elsewhere", "accounts:\n  work: &w {a: 1}\nx: *w\n", REMOVE, "2:3", "used elsewhere too"],
    ["where accounts is an alias", "x: &x {work: {}}\naccounts: *x\n", SHARE, "2:1", "it is written as an alias"],
    ["where accounts is a list", "accounts: []\n", NEW, "1:1", "accounts is not a map"],
    ["where the account is a list", "accounts:\n  work: []\n", SHARE, "2:3", "is not a map"],
    ["where the account is there twice", "accounts:\n  work: {}\n  work: {}\n", SHARE, "2:3", 'more than one account "work"'],
    ["where the key is there twice", "accounts:\n  work: {context_mode: a, context_mode: b}\n", SHARE, "2:3", "written more than once"],
    ["where accounts is there twice", "accounts: {work: {}}\naccounts: {}\n", SHARE, "2:1", "accounts is written more than once"],
    ["where a value is no text", "accounts:\n  work:\n    context_mode: [a]\n", SHARE, "3:5", "its value is not text"],
    ["where the file is a list", "- a\n", NEW, "1:1", "a value instead of a map"],
    [
      "where a tag forbids text",
      "accounts:\n  work: {context_mode: !!null ~}\n",
      SHARE,
      "2:10",
      "its value has the tag tag:yaml.org,2002:null",
    ],
    ["where the key shares a line", "accounts:\n  work:\n  - a\n", ISOLATE, "2:3", "is not a map"],
    [
      "where the first key stands after a colon",
      "accounts:\n  ? work\n  : context_mode: a\n    b: 1\n",
      { set: "account", account: "work", keys: { context_mode: null } },
      "3:5",
      "shares a line",
    ],
  ])("%s", (_, text, edit, where, reason) => {
    const error = thrownBy(text, edit);
    expect(error.code).toBe("refused");
    expect(error.message).toStartWith("config.yaml cannot be edited in place for ");
    expect(error.message).toContain(reason);
    expect(error.where).toBe(`config.yaml:${where}`);
    expect(error.untouched).toBe("config.yaml was left as it was");
    expect(error.hint).toStartWith(HAND);
  });

  test("which says every key that was wanted", () => {
    const alias = "x: &x {}\naccounts:\n  work: *x\n";
    const hint = (edit: ConfigEdit, text = alias) => thrownBy(text, edit).hint?.slice(HAND.length);
    expect(hint(ISOLATE)).toBe('under accounts.work, write context_mode: "isolated" and take out context_group, continuity_mode');
    expect(hint({ set: "account", account: "work", keys: { context_mode: null } }, "accounts:\n  work: []\n")).toBe(
      "under accounts.work, take out context_mode",
    );
    expect(hint(NEW, "accounts: []")).toBe(
      'under accounts.work, write created: "2026-02-24T00:00:00.000Z", last_used: null, context_mode: "shared", context_group: "team-alpha", continuity_mode: "deeper"',
    );
    expect(hint(REMOVE, "accounts:\n  work: {}\n  work: {}\n")).toBe("take out accounts.work");
    expect(hint({ set: "default", account: "a" }, "default: []\n")).toBe('write default: "a"');
    expect(hint({ set: "default", account: null }, "default: a\ndefault: b\n")).toBe("take out default");
  });

  test("and all of several, if one of them cannot be made", () => {
    const text = "accounts:\n  work: {}\n  home: []\n";
    expect(() => editConfig(text, [SHARE, { set: "account", account: "home", keys: { context_mode: "isolated" } }])).toThrow(CcsError);
  });
});

test("a text that is not YAML is not edited, and the place is named", () => {
  const error = thrownBy("accounts:\n\twork: {}\n", SHARE);
  expect(error).toMatchObject({ code: "config-invalid", where: "config.yaml:2:1", untouched: "config.yaml was left as it was" });
});
