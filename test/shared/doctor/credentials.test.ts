import { expect, test } from "bun:test";
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { groupOf } from "../../../shared/index.ts";
import { healthy } from "./scratch.ts";

test("a login others can read is an error, and mended without touching it", () => {
  const stand = healthy();
  const path = stand.at("work", ".credentials.json");
  const text = readFileSync(path, "utf8");
  chmodSync(path, 0o640);
  expect(stand.said("credentials")).toMatchObject([{ result: "error", subject: "work", where: path }]);
  stand.fix();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, "utf8")).toBe(text);
  expect(stand.problems()).toEqual([]);
});

test("a login that is a link is a warning, and what it leads to is left alone", () => {
  const stand = healthy();
  const other = stand.put("other.json", readFileSync(stand.at("work", ".credentials.json"), "utf8"), 0o644);
  unlinkSync(stand.at("work", ".credentials.json"));
  symlinkSync(other, stand.at("work", ".credentials.json"));
  expect(stand.said("credentials")).toMatchObject([{ result: "warning", subject: "work", fix: { describes: [] } }]);
  stand.fix();
  expect(statSync(other).mode & 0o777).toBe(0o644);
});

test("a login where accounts share files is an error for a person, wherever it lies there", () => {
  const stand = healthy();
  const group = groupOf(stand.home, "team");
  const astray = [
    join(stand.home.shared, ".credentials.json"),
    join(stand.home.shared, "commands", ".claude.json"),
    join(stand.home.groups, "123.abc.key"),
    join(group, ".credentials.json"),
    join(group, "projects", ".credentials.json"),
    join(group, "continuity", "99.KEY"),
  ];
  for (const path of astray) stand.put(path, "{}");
  mkdirSync(join(group, "projects", "-home-me"), { recursive: true });
  const said = stand.said("credentials");
  expect(said.map((c) => c.result)).toEqual(astray.map(() => "error"));
  expect(said.map((c) => c.where ?? "").sort()).toEqual([...astray].sort());
  expect(said.map((c) => c.fix)).toEqual(said.map((c) => ({ describes: [], command: `mv -n ${c.where} ${stand.home.root}/` })));
  expect(stand.fix().fixed).toEqual([]);
});

test("a file where a group's directory belongs does not hide what lies beside it", () => {
  const stand = healthy();
  stand.put(join(stand.home.groups, "odd", "projects"), "a file");
  const path = stand.put(join(stand.home.groups, "odd", ".claude.json"), "{}");
  expect(stand.said("credentials").map((c) => c.where)).toEqual([path]);
});
