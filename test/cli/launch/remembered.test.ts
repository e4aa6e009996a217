import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recall, remember } from "../../../cli/launch/remembered.ts";
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
