import { expect, test } from "bun:test";
import { lstatSync, mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { groupOf } from "../../../shared/index.ts";
import { healthy, Stand, session, transcript } from "./scratch.ts";

test("a real directory that replaced a link is an error, and its sessions are merged back", () => {
  const stand = healthy();
  rmSync(stand.at("work", "projects"));
  const file = `-home-me/${session("a1")}.jsonl`;
  stand.put(stand.at("work", "projects", file), transcript(session("a1"), 2));
  const said = stand.said("links");
  expect(said).toMatchObject([{ result: "error", subject: "work", about: "account", where: stand.at("work", "projects") }]);
  expect(said[0]?.fix?.describes).toEqual(["1 session moves into team."]);
  expect(stand.fix().fixed).toContain("1 session moves into team.");
  expect(readFileSync(join(groupOf(stand.home, "team"), "projects", file), "utf8")).toBe(transcript(session("a1"), 2));
  expect(lstatSync(stand.at("work", "projects")).isSymbolicLink()).toBe(true);
  expect(stand.problems()).toEqual([]);
});

test("a link that is missing and a group's directory that is missing are mended", () => {
  const stand = healthy();
  rmSync(stand.at("work", "tasks"));
  rmSync(join(groupOf(stand.home, "team"), "continuity", "todos"), { recursive: true });
  expect(stand.said("links").map((c) => [c.result, c.subject])).toEqual([
    ["error", "work"],
    ["error", "spare"],
  ]);
  stand.fix();
  expect(stand.problems()).toEqual([]);
});

test("a link where config.yaml says isolated needs a choice: an error with the command, and no fix", () => {
  const stand = healthy();
  const text = readFileSync(stand.home.config, "utf8");
  const [head, spare] = text.split("  spare:") as [string, string];
  const isolated = spare
    .replace(/context_mode: "?shared"?/, "context_mode: isolated")
    .replace(/\n\s+(context_group|continuity_mode):.*/g, "");
  writeFileSync(stand.home.config, `${head}  spare:${isolated}`);
  const said = stand.said("links");
  expect(said).toMatchObject([{ result: "error", subject: "spare", fix: { describes: [], command: "ccs auth edit spare --isolated" } }]);
  expect(stand.fix().fixed).toEqual([]);
  expect(lstatSync(stand.at("spare", "projects")).isSymbolicLink()).toBe(true);
});

test("a person's own link is an error, and neither followed nor replaced", () => {
  const stand = healthy();
  mkdirSync(join(stand.root, "mine"));
  rmSync(stand.at("work", "projects"));
  symlinkSync(join(stand.root, "mine"), stand.at("work", "projects"));
  expect(stand.said("links")).toMatchObject([{ result: "error", subject: "work", fix: { describes: [] } }]);
  expect(stand.fix().fixed).toEqual([]);
  expect(readlinkSync(stand.at("work", "projects"))).toBe(join(stand.root, "mine"));
});

test("projects of an isolated account that lead nowhere are an error: a client would save nothing", () => {
  const stand = new Stand();
  stand.account("work");
  symlinkSync(join(stand.root, "gone"), stand.at("work", "projects"));
  expect(stand.said("links")).toMatchObject([{ result: "error", subject: "work", fix: { describes: [] } }]);
});

test("mending one account goes on where another cannot be mended", () => {
  const stand = healthy();
  rmSync(stand.at("work", "projects"));
  symlinkSync(join(stand.root, "mine"), stand.at("work", "projects"));
  rmSync(stand.at("spare", "projects"));
  renameSync(join(stand.home.groups, "team", "projects"), join(stand.home.groups, "team", "elsewhere"));
  stand.fix();
  expect(stand.said("links").map((c) => c.subject)).toEqual(["work"]);
  expect(lstatSync(stand.at("spare", "projects")).isSymbolicLink()).toBe(true);
});
