import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { editConfig, readConfig } from "../../../shared/config/index.ts";
import { readLaunch } from "../../../shared/config/launch.ts";
import { type Home, homeOf } from "../../../shared/paths.ts";
import { thrownBy } from "../../support/thrown.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "ccs-config-"));
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** A home of its own, with this config.yaml in it. */
function homeWith(bytes: string | Uint8Array | undefined): Home {
  const home = homeOf({ CCS_DIR: mkdtempSync(join(root, "home-")) }, root, root);
  if (bytes !== undefined) writeFileSync(home.config, bytes);
  return home;
}

const readers: [string, (home: Home) => { text: string; exists: boolean }][] = [
  ["readConfig", readConfig],
  ["readLaunch", (home) => readLaunch(home.config)],
];

describe.each(readers)("%s", (_, read) => {
  test("takes an absent file for an empty config", () => {
    expect(read(homeWith(undefined))).toMatchObject({ text: "", exists: false });
    expect(read(homeWith(""))).toMatchObject({ text: "", exists: true });
  });

  test("keeps every byte of the file in its text", () => {
    const bytes = Buffer.from('\ufeff# Käse 👍 \u0085\r\naccounts:\r\n  work: {x: "\u2028"}', "utf8");
    expect(Buffer.from(read(homeWith(bytes)).text, "utf8").equals(bytes)).toBe(true);
  });

  test("refuses bytes that are not UTF-8, and names their line: no text could be written back for them", () => {
    const bytes = Buffer.concat([Buffer.from("accounts: {}\n# Käse\n# K"), Buffer.from([0xe4]), Buffer.from("se\n")]);
    const home = homeWith(bytes);
    const error = thrownBy(() => read(home));
    expect(error).toMatchObject({ code: "config-invalid", where: "config.yaml:3:1", hint: `save ${home.config} as UTF-8` });
    expect(thrownBy(() => read(homeWith(Buffer.from("accounts: {}\n", "utf16le").fill(0xff, 0, 1)))).code).toBe("config-invalid");
  });

  test("fails, and says where, when the file cannot be read", () => {
    const home = homeWith(undefined);
    mkdirSync(home.config);
    const error = thrownBy(() => read(home));
    expect(error).toMatchObject({ code: "failed", where: home.config });
    expect(error.message).toContain("EISDIR");
    expect(error.cause).toBeInstanceOf(Error);
  });
});

test("a config that is read, edited and read again says what was wanted", () => {
  const home = homeWith("# mine\r\naccounts:\r\n  work: {}\r\n");
  const text = editConfig(readConfig(home).text, [
    { set: "account", account: "work", keys: { context_mode: "shared", context_group: "a" } },
  ]);
  writeFileSync(home.config, text);
  expect(readConfig(home)).toMatchObject({ text, problems: [] });
  expect(readConfig(home).accounts.get("work")?.policy).toEqual({ mode: "shared", group: "a", continuity: "standard" });
});

test("readConfig reads a text that was replaced by another of its length, and another home's", () => {
  const one = homeWith("accounts:\n  a: {}\n");
  const other = homeWith("accounts:\n  c: {}\n");
  const namesIn = (home: Home) => [...readConfig(home).accounts.keys()];
  expect([namesIn(one), namesIn(one), namesIn(other), namesIn(one)]).toEqual([["a"], ["a"], ["c"], ["a"]]);
  writeFileSync(one.config, "accounts:\n  b: {}\n");
  expect(namesIn(one)).toEqual(["b"]);
  rmSync(one.config);
  expect(readConfig(one)).toMatchObject({ exists: false, text: "" });
});
