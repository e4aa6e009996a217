import { expect, test } from "bun:test";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { runDoctor } from "../../../shared/index.ts";
import { healthy, NOW, Stand } from "./scratch.ts";

const NAMES = [
  ...["config", "client", "environment", "path", "filesystem", "space", "lock", "directories", "records", "intents", "leftovers"],
  ...["staging", "instances", "removed", "links", "names", "groups", "settings", "credentials", "login", "login", "set-aside"],
  "conflicts",
];

test("a healthy group of two accounts has every check, each fine, and nothing to mend", () => {
  const stand = healthy();
  const checks = stand.check();
  expect(checks.map((c) => c.name)).toEqual(NAMES);
  expect(checks.filter((c) => c.result !== "ok" || c.fix !== null)).toEqual([]);
  expect(stand.fix()).toEqual({ fixed: [], failed: [], left: checks });
});

test("where nothing was made yet, nothing is wrong and nothing is made", () => {
  const stand = new Stand();
  expect(stand.problems()).toEqual([]);
  expect(readdirSync(stand.root)).toEqual(["client"]);
});

test("what a check says is plain data of version 1", () => {
  const stand = new Stand();
  stand.account("work");
  stand.put(stand.at("work", ".credentials.json"), "{}", 0o644);
  const report = runDoctor(stand.home, { env: stand.env, now: NOW });
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(report.version).toBe(1);
});

test("a check that cannot be made says so, and the others go on", () => {
  const stand = healthy();
  mkdirSync(join(stand.home.lock, "holder"), { recursive: true });
  const checks = runDoctor(stand.home, { env: stand.env, now: NOW }).checks;
  const broken = checks.filter((c) => c.message.startsWith("this could not be checked"));
  expect(broken.map((c) => [c.result, c.name])).toContainEqual(["error", "leftovers"]);
  expect(checks.filter((c) => c.name === "credentials").map((c) => c.result)).toEqual(["ok"]);
});
