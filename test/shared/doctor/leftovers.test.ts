import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { readSetAside } from "../../../shared/context/set-aside.ts";
import { healthy } from "./scratch.ts";

test("what an edit left beside a file of a person is removed, the file itself stays", () => {
  const stand = healthy();
  const left = [
    `${stand.home.config}.ccs-new`,
    stand.at("work", "settings.json.ccs-new"),
    join(stand.home.intents, "work.json.ccs-new"),
    join(stand.home.records, "accounts.json.ccs-new"),
    join(stand.home.staging, "probe-01234567-89ab-4cde-8f01-23456789abcd"),
  ];
  mkdirSync(stand.home.staging, { recursive: true });
  symlinkSync("gone", join(stand.home.staging, "probe-01234567-89ab-4cde-8f01-23456789abcd.2"));
  const config = readFileSync(stand.home.config, "utf8");
  for (const path of left) stand.put(path, path.includes("probe") ? "" : "half");
  expect(stand.said("leftovers")).toMatchObject([{ result: "info", where: left[0] }]);
  stand.fix();
  expect(left.filter((path) => existsSync(path))).toEqual([]);
  expect(readdirSync(stand.home.staging)).toEqual([]);
  expect(readFileSync(stand.home.config, "utf8")).toBe(config);
  expect(stand.said("leftovers").map((c) => c.result)).toEqual(["ok"]);
});

test("what a command that only reads was about to make launch.json of is removed, unless its process lives", () => {
  const stand = healthy();
  const dead = stand.put(`${stand.home.launch}.4194304`, "{}"); // over the highest process id there is
  const alive = stand.put(`${stand.home.launch}.${process.pid}`, "{}");
  expect(stand.said("leftovers")).toMatchObject([{ result: "info", where: dead }]);
  stand.fix();
  expect([existsSync(dead), existsSync(alive)]).toEqual([false, true]);
});

test("what lies in staging without an intent is a warning, and kept in set-aside as it is", () => {
  const stand = healthy();
  const change = "20260101T000000Z-work-0000";
  stand.put(join(stand.home.staging, change, "projects.in.0", "-p", "notes.md"), "mine", 0o640);
  mkdirSync(join(stand.home.staging, change, "projects.in.0", "empty"));
  stand.put(join(stand.home.staging, "stray"), "also mine");
  expect(stand.said("staging").map((c) => [c.result, c.where])).toEqual([
    ["warning", join(stand.home.staging, change)],
    ["warning", join(stand.home.staging, "stray")],
  ]);
  stand.fix();
  expect(existsSync(join(stand.home.staging, change))).toBe(false);
  const kept = join(stand.home.setAside, change, "staging");
  expect(readFileSync(join(kept, "projects.in.0", "-p", "notes.md"), "utf8")).toBe("mine");
  expect(existsSync(join(kept, "projects.in.0", "empty"))).toBe(true);
  expect(readSetAside(stand.home).map((s) => s.path)).toEqual([kept, join(stand.home.setAside, "stray", "staging")]);
  expect(stand.problems()).toEqual([]);
  expect(stand.fix().fixed).toEqual([]);
});

test("empty directories in staging are removed", () => {
  const stand = healthy();
  mkdirSync(join(stand.home.staging, "20260101T000000Z-work-0000", "projects.give.0", "-p"), { recursive: true });
  expect(stand.said("staging").map((c) => c.result)).toEqual(["warning"]);
  stand.fix();
  expect(existsSync(join(stand.home.staging, "20260101T000000Z-work-0000"))).toBe(false);
  expect(existsSync(stand.home.setAside)).toBe(false);
  expect(stand.problems()).toEqual([]);
});

test("what a record that cannot be read may claim is left in staging", () => {
  const stand = healthy();
  stand.put(join(stand.home.intents, "work.json"), "{}");
  stand.put(join(stand.home.staging, "20260101T000000Z-work-0000", "x"), "x");
  expect(stand.said("staging").map((c) => c.result)).toEqual(["ok"]);
});
