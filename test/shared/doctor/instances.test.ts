import { expect, test } from "bun:test";
import { chmodSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { healthy, Stand } from "./scratch.ts";

test("a missing instance is an error, said once, and made again with its links", () => {
  const stand = healthy();
  rmSync(stand.at("spare"), { recursive: true });
  const before = stand.check().filter((c) => c.result === "error");
  expect(before.map((c) => [c.name, c.subject])).toEqual([["instances", "spare"]]);
  const { fixed } = stand.fix();
  expect(fixed[0]).toBe(`${stand.at("spare")} is made.`);
  expect(statSync(stand.at("spare")).mode & 0o777).toBe(0o700);
  expect(lstatSync(stand.at("spare", "projects")).isSymbolicLink()).toBe(true);
  expect(stand.problems()).toEqual(["login spare: nobody is logged in"]);
});

test("the missing instance of an isolated account is made again", () => {
  const stand = new Stand();
  stand.account("work");
  rmSync(stand.at("work"), { recursive: true });
  stand.fix();
  expect(stand.said("instances").map((c) => c.result)).toEqual(["ok"]);
});

test("an instance others can look into is a warning, and mended", () => {
  const stand = healthy();
  chmodSync(stand.at("work"), 0o755);
  expect(stand.said("instances")).toMatchObject([{ result: "warning", subject: "work" }]);
  stand.fix();
  expect(statSync(stand.at("work")).mode & 0o777).toBe(0o700);
  expect(stand.problems()).toEqual([]);
});

test("a file where an instance belongs is an error for a person", () => {
  const stand = healthy();
  renameSync(stand.at("work"), join(stand.root, "away"));
  writeFileSync(stand.at("work"), "");
  expect(stand.said("instances")).toMatchObject([{ result: "error", subject: "work", fix: { describes: [] } }]);
});

test("an instance that is no account's is told by the way, those of other tools are not", () => {
  const stand = healthy();
  mkdirSync(join(stand.home.instances, "old"));
  mkdirSync(join(stand.home.instances, ".locks"));
  const said = stand.said("instances");
  expect(said.map((c) => [c.result, c.where])).toEqual([["info", join(stand.home.instances, "old")]]);
  expect(said[0]?.fix?.command).toBe("ccs auth create old");
  stand.put(join(stand.home.instances, "old/settings.json"), {});
  expect(stand.said("instances")[0]?.fix?.command).toBe(`ccs auth import ${join(stand.home.instances, "old")}`);
  writeFileSync(stand.home.config, readFileSync(stand.home.config, "utf8").replace("accounts:\n", "accounts:\n  old: {}\n"));
  expect(
    stand
      .check()
      .filter((c) => c.name === "config" || c.name === "instances")
      .every((c) => c.result !== "error"),
  ).toBe(true);
  expect(stand.said("login").map((c) => c.subject)).toContain("old");
});
