import { expect, test } from "bun:test";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { healthy } from "./scratch.ts";

test("every problem of config.yaml is an error with its line and column, and links are left alone", () => {
  const stand = healthy();
  const text = readFileSync(stand.home.config, "utf8").replace('context_mode: "shared"', "context_mode: Shared");
  writeFileSync(stand.home.config, `${text}default: nobody\n`);
  const said = stand.said("config");
  expect(said.map((c) => c.result)).toEqual(["error", "error"]);
  expect(said[0]?.message).toContain('"Shared"');
  expect(said[0]?.where).toMatch(/config\.yaml:\d+:\d+$/);
  expect(said[1]?.message).toContain('"nobody"');
  for (const { where, fix } of said) {
    expect(fix).toEqual({ describes: [], command: `Mend line ${where?.split(":").at(-2)} of ${stand.home.config}, then: ccs doctor` });
  }
  expect(stand.said("links").map((c) => c.result)).toEqual(["skipped"]);
  expect(stand.said("settings").map((c) => c.result)).toEqual(["skipped"]);
});

test("a config.yaml that is not YAML is one error, and no instance is called an orphan for it", () => {
  const stand = healthy();
  writeFileSync(stand.home.config, "accounts: [\n");
  expect(stand.said("config").map((c) => c.result)).toContain("error");
  expect(stand.said("instances").filter((c) => c.result !== "ok")).toEqual([]);
});

test("a config.yaml that is not UTF-8 is an error, and nothing that depends on it is mended", () => {
  const stand = healthy();
  writeFileSync(stand.home.config, Buffer.from([0xff, 0xfe, 0x00]));
  expect(stand.said("config").map((c) => c.result)).toEqual(["error"]);
  expect(stand.fix().fixed).toEqual([]);
});

test("a config.yaml others can read is a warning, and mended", () => {
  const stand = healthy();
  chmodSync(stand.home.config, 0o644);
  expect(stand.said("config")).toMatchObject([{ result: "warning", where: stand.home.config, fix: { command: "ccs doctor --fix" } }]);
  const { fixed } = stand.fix();
  expect(fixed).toEqual([`${stand.home.config} becomes readable by you alone (mode 0600).`]);
  expect(statSync(stand.home.config).mode & 0o777).toBe(0o600);
  expect(stand.problems()).toEqual([]);
});
