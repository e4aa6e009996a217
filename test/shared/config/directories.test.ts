import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Check } from "typebox/value";
import { parse as parseYaml, stringify } from "yaml";
import { realDirectory, ruleFor } from "../../../shared/accounts/folder.ts";
import { CONFIG_SCHEMA, editConfig, parseConfig, problemLine } from "../../../shared/config/index.ts";
import { readLaunch } from "../../../shared/config/launch.ts";
import { decisive, isWithin } from "../../../shared/policy/index.ts";
import { thrownBy } from "../../support/thrown.ts";
import { randomConfig } from "./random.ts";

// Many small runs: on a busy machine they take longer than the five seconds a test has by default.
setDefaultTimeout(120_000);

const root = realpathSync(mkdtempSync(join(tmpdir(), "ccs-directories-")));
afterAll(() => rmSync(root, { recursive: true }));

const parse = (text: string) => parseConfig("/ccs/config.yaml", text);
const wrong = (text: string) => parse(text).problems.map(problemLine);
const set = (text: string, directory: string, account: string | null) => editConfig(text, [{ set: "directory", directory, account }]);

function launch(text: string) {
  const file = join(root, "config.yaml");
  writeFileSync(file, text);
  return readLaunch(file);
}

const ACCOUNTS = "accounts:\n  work: {}\n  spare: {}\n";

describe("directories in config.yaml", () => {
  test("say which account a directory has, in any style YAML has, for the commands and for a launch alike", () => {
    for (const section of [
      'directories:\n  "/a b/c": "work"\n  /d: spare\n',
      "directories: {'/a b/c': work, /d: spare}\n",
      'directories:\n  ? "/a b/c"\n  : &w work\n  /d: spare # mine\n',
    ]) {
      const text = ACCOUNTS + section;
      const rules = [
        { directory: "/a b/c", account: "work" },
        { directory: "/d", account: "spare" },
      ];
      expect(parse(text).problems).toEqual([]);
      expect(parse(text).directories).toEqual(rules);
      expect(launch(text).directories.map(({ directory, account }) => ({ directory, account }))).toEqual(rules);
    }
    for (const section of ["", "directories:\n", "directories: {}\n", "directories: null\n"]) {
      expect(parse(ACCOUNTS + section).directories).toEqual([]);
      expect(wrong(ACCOUNTS + section)).toEqual([]);
    }
  });

  const MISTAKES: readonly [string, string, string][] = [
    ["that is no map", "directories: [/a]\n", "config.yaml:4:14 directories is a list; it has to be a map of directories"],
    [
      "written twice",
      "directories:\n  /a: work\ndirectories:\n  /b: spare\n",
      "config.yaml:6:1 directories is written more than once; only one is allowed",
    ],
    [
      "with a path that is not absolute",
      "directories:\n  ~/a: work\n",
      'config.yaml:5:3 the directory "~/a" is not an absolute path; allowed: one such as "/home/me/work"',
    ],
    [
      "with a directory written twice",
      "directories:\n  /a: work\n  '/a': spare\n",
      'config.yaml:6:3 the directory "/a" is written more than once; only one is allowed',
    ],
    [
      "with an account that is no text",
      "directories:\n  /a: 7\n",
      'config.yaml:5:7 the account of "/a" is 7; allowed: the name of an account, in quotes',
    ],
    ["with no account", "directories:\n  /a:\n", 'config.yaml:5:3 the account of "/a" is null; allowed: the name of an account, in quotes'],
    ["with a merge key", "directories:\n  <<: {/a: work}\n", "config.yaml:5:3 merge keys (<<) are not followed here: write the keys out"],
  ];
  for (const [what, section, message] of MISTAKES) {
    test(`${what} are an error with line, column and what is allowed, and no launch goes by a folder then`, () => {
      expect(wrong(ACCOUNTS + section)).toEqual([message]);
      expect(thrownBy(() => launch(ACCOUNTS + section).directories).message).toContain(message);
      expect(launch(ACCOUNTS + section).account("work")?.policy).toEqual({ mode: "isolated" });
    });
  }

  test("that name no account are an error with the accounts there are, and a launch sees the name as it is written", () => {
    const text = `${ACCOUNTS}directories:\n  /a: gone\n  /b: Work\n`;
    expect(wrong(text)).toEqual([
      'config.yaml:5:7 the account of "/a" is "gone", which is no account; allowed: "work" or "spare"',
      'config.yaml:6:7 the account of "/b" is "Work", which is no account; allowed: "work"',
    ]);
    expect(launch(text).directories[0]).toEqual({ directory: "/a", account: "gone", where: "config.yaml:5:7" });
  });

  test("are judged by the schema as by the parser, but for names of accounts that are not there", () => {
    const key = fc.constantFrom("/", "/a", "/a b", "C:\\x", "C:/x", "\\\\host\\share", "a", "~/a", "", ".", "c:");
    const value = fc.constantFrom<unknown>("work", null, 7, true, [], {});
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(key, value, { maxKeys: 3 }), fc.constantFrom<unknown>(null, [], 7, "x")), (directories) => {
        const file = { accounts: { work: {} }, directories };
        expect(parse(stringify(file)).problems.length === 0).toBe(Check(CONFIG_SCHEMA, file));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("the account of a directory, edited in place", () => {
  test("comes, changes and goes, and every other byte stays, whatever the file looks like", () => {
    fc.assert(
      fc.property(randomConfig, fc.constantFrom("/a", "/with space/ü", '/quo"te', "/: #"), ({ text, accounts }, directory) => {
        const [account = ""] = accounts;
        const there = set(text, directory, account);
        expect(parse(there).problems).toEqual([]);
        expect(parse(there).directories).toEqual([{ directory, account }]);
        expect({ ...(parseYaml(there, { uniqueKeys: false }) as object), directories: 0 }).toEqual({
          ...(parseYaml(text, { uniqueKeys: false }) as object),
          directories: 0,
        });
        const lines = there.split("\n");
        for (const line of text.split("\n")) {
          if (line.trim() === "") continue;
          expect(lines.map((l) => l.replace(/\r$/, ""))).toContain(line.replace(/\r$/, ""));
        }
        const more = set(there, "/other", account);
        expect(parse(more).directories).toHaveLength(2);
        expect(set(more, "/other", null)).toBe(there);
        expect(parse(set(there, directory, null)).directories).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test("keeps its quotes and its comment where it is another account, and the others their lines", () => {
    const text = `${ACCOUNTS}directories: # folders\n  # the job\n  '/a': 'work' # since May\n  "/b": spare\nother: [1,  2]\n`;
    expect(set(text, "/a", "spare")).toBe(text.replace("'work'", "'spare'"));
    expect(set(text, "/b", null)).toBe(text.replace('  "/b": spare\n', ""));
    expect(set(text, "/c", "work")).toBe(text.replace('  "/b": spare\n', '  "/b": spare\n  "/c": "work"\n'));
  });

  test("stands below the accounts where there is no section yet, and in an empty one", () => {
    expect(set(`${ACCOUNTS}other: 1\n`, "/a", "work")).toBe(`${ACCOUNTS}directories:\n  "/a": "work"\nother: 1\n`);
    expect(set(`${ACCOUNTS}directories: {}\n`, "/a", "work")).toBe(`${ACCOUNTS}directories:\n  "/a": "work"\n`);
    expect(set(`${ACCOUNTS}directories: {/b: spare}\n`, "/a", "work")).toBe(`${ACCOUNTS}directories: {/b: spare, "/a": "work"}\n`);
  });

  test("changes nothing where it is as wanted", () => {
    const text = `${ACCOUNTS}directories: {/a: work}\n`;
    expect(set(text, "/a", "work")).toBe(text);
    expect(set(text, "/b", null)).toBe(text);
  });

  test("is refused, with what to write by hand, where the section is no map or an alias", () => {
    const list = thrownBy(() => set(`${ACCOUNTS}directories: [1]\n`, "/a", "work"));
    expect(list.code).toBe("refused");
    expect(list.hint).toContain('under directories, write "/a": "work"');
    const alias = thrownBy(() => set(`x: &d {/b: work}\n${ACCOUNTS}directories: *d\n`, "/a", "work"));
    expect(alias.where).toStartWith("config.yaml:5:");
  });
});

describe("which rule decides for a directory", () => {
  test("one holds a directory and what lies below it, and not its neighbours", () => {
    expect(isWithin("/a", "/a")).toBe(true);
    expect(isWithin("/a/b/c", "/a")).toBe(true);
    expect(isWithin("/ab", "/a")).toBe(false);
    expect(isWithin("/", "/a")).toBe(false);
    expect(isWithin("/a", "/")).toBe(true);
    expect(isWithin("C:\\a\\b", "C:\\a")).toBe(true);
    expect(isWithin("C:\\ab", "C:\\a")).toBe(false);
    expect(isWithin("C:\\a", "C:\\")).toBe(true);
  });

  test("the longest that holds it", () => {
    const path = fc.array(fc.constantFrom("a", "b", "ab"), { maxLength: 4 }).map((parts) => `/${parts.join("/")}`);
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 8 }), path, (paths, directory) => {
        const found = decisive(
          paths.map((real) => ({ real })),
          directory,
        );
        const holding = paths.filter((above) => `${directory}/`.replace("//", "/").startsWith(`${above}/`.replace("//", "/")));
        expect(found.map(({ real }) => real)).toEqual(holding.sort((a, b) => b.length - a.length).slice(0, 1));
      }),
    );
  });

  test("the links of both are resolved, and what is not there keeps its name", () => {
    mkdirSync(join(root, "real/deep"), { recursive: true });
    symlinkSync("real", join(root, "link"));
    const by = (directory: string, where: string) => ruleFor([{ directory, account: "work" }], where)?.directory ?? null;
    expect(by(join(root, "link"), join(root, "real/deep"))).toBe(join(root, "link"));
    expect(by(join(root, "real"), join(root, "link/deep"))).toBe(join(root, "real"));
    expect(by(join(root, "link/not/there"), join(root, "real/not/there/yet"))).toBe(join(root, "link/not/there"));
    expect(by(join(root, "gone"), join(root, "real"))).toBeNull();
    expect(realDirectory(join(root, "link/../link/deep/"))).toBe(join(root, "real/deep"));
  });

  test("two names of one directory with two accounts are an error that names both, and never one of the two", () => {
    const rules = [
      { directory: join(root, "link"), account: "work" },
      { directory: join(root, "real"), account: "spare" },
    ];
    const error = thrownBy(() => ruleFor(rules, join(root, "real/deep")));
    expect(error.code).toBe("config-invalid");
    for (const word of ["work", "spare", join(root, "link"), join(root, "real")]) expect(error.message).toContain(word);
    expect(ruleFor([...rules, { directory: join(root, "real/deep"), account: "work" }], join(root, "link/deep"))?.account).toBe("work");
  });
});
