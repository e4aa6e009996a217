import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inPlace } from "../../../cli/launch/last-used.ts";
import { recall, recallConfig, remember, rememberConfig } from "../../../cli/launch/remembered.ts";
import { readConfig } from "../../../shared/index.ts";
import { type Home, homeOf, type LaunchConfig, readLaunch } from "../../../shared/launch.ts";

const root = mkdtempSync(join(tmpdir(), "ccs-remembered-"));
afterAll(() => rmSync(root, { recursive: true }));

let home: Home;
let made = 0;
beforeEach(() => {
  made += 1;
  home = homeOf({ CCS_DIR: join(root, String(made)) }, "/nowhere", "/");
  mkdirSync(home.state, { recursive: true });
});

const TEXT = `default: work
directories: {/a: spare}
accounts:
  work: {context_mode: "shared", context_group: "Team Alpha", continuity_mode: deeper, last_used: "2026-11-22T10:00:00.000Z"}
  spare: {}
secrets:
  token: hush
`;

async function parsed(text: string): Promise<LaunchConfig> {
  writeFileSync(home.config, text);
  return readLaunch(home.config);
}

function told(config: LaunchConfig) {
  const directories = config.directories.map(({ directory, account }) => [directory, account]);
  return { default: config.default, directories, names: config.names, accounts: config.names.map((name) => config.account(name)) };
}

describe("what the parser made of config.yaml, for the launches to come", () => {
  test("the same text gives the same answer without the parser", async () => {
    const config = await parsed(TEXT);
    expect(recall(home, TEXT)).toBeNull();
    remember(home, config);
    const known = recall(home, TEXT) as LaunchConfig;
    expect(told(known)).toEqual(told(config));
    expect(known.account("work")?.policy).toEqual({ mode: "shared", group: "team-alpha", continuity: "deeper" });
    expect(known.account("nobody")).toBeUndefined();
    expect(known.text).toBe(TEXT);
  });

  test("a text that differs in one byte is not known", async () => {
    remember(home, await parsed(TEXT));
    expect(recall(home, TEXT.replace("deeper", "deeper "))).toBeNull();
    expect(recall(home, `\ufeff${TEXT}`)).toBeNull();
    expect(recall(home, "")).toBeNull();
  });

  test("nothing else of the text is kept, and nobody else may read it", async () => {
    remember(home, await parsed(TEXT));
    const file = join(home.state, "launch.json");
    expect(readFileSync(file, "utf8")).not.toContain("hush");
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("a file that is torn, empty, of something else, or no file is as good as none", async () => {
    remember(home, await parsed(TEXT));
    const file = join(home.state, "launch.json");
    const whole = readFileSync(file, "utf8");
    const { directories: _, ...older } = JSON.parse(whole);
    for (const text of [JSON.stringify(older), "", whole.slice(0, -1), "null", "[]", "{}", '"x"']) {
      writeFileSync(file, text);
      expect(recall(home, TEXT)).toBeNull();
    }
    rmSync(file);
    mkdirSync(file);
    expect(recall(home, TEXT)).toBeNull();
    rmSync(file, { recursive: true });
    writeFileSync(file, whole);
    expect(recall(home, TEXT)).not.toBeNull();
  });

  test("a config in which anything is wrong is not kept, so that every error is the parser's own", async () => {
    for (const wrong of [
      TEXT.replace('"shared"', '"Shared"'),
      TEXT.replace("default: work", "default: 7"),
      TEXT.replace("/a: spare", "/a: gone"),
      TEXT.replace("/a: spare", "a: spare"),
      TEXT.replace("spare: {}", "spare: 7"),
      TEXT.replace("spare: {}", "Work: {}"),
    ]) {
      remember(home, await parsed(wrong));
      expect(recall(home, wrong)).toBeNull();
    }
  });
});

describe("all of config.yaml, for the reports to come", () => {
  for (const [what, text] of [
    [
      "accounts of every kind, folders and a default",
      TEXT.replace("spare: {}", 'spare: {created: "2026-01-01T00:00:00.000Z", last_used: null}'),
    ],
    ["no account", "accounts: {}\n"],
    ["nothing", ""],
    ["a default of another tool's", "default: glm\nprofiles: {glm: {}}\naccounts:\n  work: {}\n"],
    ["a byte-order mark", `\ufeff${TEXT}`],
  ] as const) {
    test(`the same text gives what the parser gave: ${what}`, () => {
      writeFileSync(home.config, text);
      const config = readConfig(home);
      expect(recallConfig(home)).toBeNull();
      rememberConfig(home, config);
      expect(recallConfig(home)).toEqual(config);
      writeFileSync(home.config, `${text}\n`);
      expect(recallConfig(home)).toBeNull();
    });
  }

  test("a text with anything wrong in it is the parser's, each time", async () => {
    for (const wrong of ["default: nobody\n", "accounts:\n  work: {created: 7}\n", "accounts:\n  work: {context_mode: deep}\n", "a: [\n"]) {
      writeFileSync(home.config, wrong);
      rememberConfig(home, readConfig(home));
      expect(recallConfig(home)).toBeNull();
    }
    // A launch looks at less: what it keeps is no report.
    remember(home, await parsed("accounts:\n  work: {created: 7}\n"));
    expect(recall(home, "accounts:\n  work: {created: 7}\n")).not.toBeNull();
    expect(recallConfig(home)).toBeNull();
  });

  test("where there is no config.yaml nothing is kept, and nothing is made", () => {
    rememberConfig(home, readConfig(home));
    expect(existsSync(home.launch)).toBe(false);
    expect(recallConfig(home)).toBeNull();
  });

  test("a launch that writes when it was keeps it", async () => {
    const text = 'accounts:\n  work:\n    created: "2026-01-01T00:00:00.000Z"\n    last_used: "2026-11-22T10:00:00.000Z"\n';
    writeFileSync(home.config, text);
    rememberConfig(home, readConfig(home));
    const known = recall(home, text) as LaunchConfig;
    const account = { name: "work", wentBack: false, ...(known.account("work") as NonNullable<ReturnType<LaunchConfig["account"]>>) };
    const next = inPlace(known, account, "2026-11-25T12:00:00.000Z");
    if (next === null) throw new Error("it could not be written in place");
    writeFileSync(home.config, next.text);
    remember(home, next);
    expect(recallConfig(home)).toEqual(readConfig(home));
    expect(recallConfig(home)?.accounts.get("work")?.lastUsed).toBe("2026-11-25T12:00:00.000Z");
  });
});
