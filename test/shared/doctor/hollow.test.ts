import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { healthy, type Stand } from "./scratch.ts";

const CHANGE = "20260101T000000000Z-work-0000";

function line(stand: Stand, path: string): string {
  return `${JSON.stringify({ path, size: 4, why: "same", beside: join(stand.home.groups, "team", path) })}\n`;
}

function aside(stand: Stand, ...names: string[]): string {
  return join(stand.home.setAside, CHANGE, ...names);
}

test("directories of set-aside that hold nothing go, with an index that names nothing that is there", () => {
  const stand = healthy();
  stand.put(aside(stand, "index.jsonl"), line(stand, "projects/-p/gone.jsonl"));
  mkdirSync(aside(stand, "projects", "-p", "deep"), { recursive: true });
  mkdirSync(aside(stand, "again-2"));
  expect(stand.said("set-aside")).toMatchObject([{ result: "info", fix: { command: "ccs doctor --fix" } }]);
  stand.fix();
  expect(existsSync(aside(stand))).toBe(false);
  expect(stand.said("set-aside")).toMatchObject([{ result: "ok" }]);
});

test("a change without an index and without anything else goes too", () => {
  const stand = healthy();
  mkdirSync(aside(stand, "projects"), { recursive: true });
  stand.fix();
  expect(existsSync(aside(stand))).toBe(false);
});

test("beside what is kept, directories that hold nothing go, and nothing else does", () => {
  const stand = healthy();
  stand.put(aside(stand, "projects", "-p", "kept.txt"), "mine");
  stand.put(aside(stand, "projects", "-q", "in no index.txt"), "mine too");
  mkdirSync(aside(stand, "projects", "-r", "deep"), { recursive: true });
  mkdirSync(aside(stand, "projects", "-p", "empty"));
  mkdirSync(aside(stand, "whole", "empty inside"), { recursive: true });
  const index = line(stand, "projects/-p/kept.txt") + line(stand, "whole");
  stand.put(aside(stand, "index.jsonl"), index);
  expect(stand.said("set-aside").at(-1)?.fix?.describes).toEqual(["2 empty directories in set-aside are removed."]);
  stand.fix();
  expect(readdirSync(aside(stand, "projects")).sort()).toEqual(["-p", "-q"]);
  expect(readdirSync(aside(stand, "projects", "-p"))).toEqual(["kept.txt"]);
  expect(existsSync(aside(stand, "whole", "empty inside"))).toBe(true);
  expect(existsSync(aside(stand, "index.jsonl"))).toBe(true);
  expect(stand.fix().fixed).toEqual([]);
  expect(dirname(aside(stand))).toBe(stand.home.setAside);
});
