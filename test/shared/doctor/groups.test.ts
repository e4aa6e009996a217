import { expect, test } from "bun:test";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { groupOf } from "../../../shared/index.ts";
import { healthy, session, TEAM, transcript } from "./scratch.ts";

test("a group directory that is a link is told by the way, with where it leads", () => {
  const stand = healthy(TEAM);
  const elsewhere = join(stand.root, "disk");
  renameSync(groupOf(stand.home, "team"), elsewhere);
  symlinkSync(elsewhere, groupOf(stand.home, "team"));
  expect(stand.said("groups")).toMatchObject([{ result: "ok", subject: "team" }]);
  expect(stand.said("groups")[0]?.message).toContain(elsewhere);
});

test("a group directory that leads nowhere is an error for a person", () => {
  const stand = healthy(TEAM);
  rmSync(groupOf(stand.home, "team"), { recursive: true });
  symlinkSync(join(stand.root, "gone"), groupOf(stand.home, "team"));
  const message = "the directory of the group is a link that leads nowhere";
  expect(stand.said("groups")).toMatchObject([{ result: "error", subject: "team", message, fix: { describes: [] } }]);
});

test("a group that leads into an instance is an error, as a whole or with one of its directories", () => {
  const stand = healthy(TEAM);
  rmSync(groupOf(stand.home, "team"), { recursive: true });
  symlinkSync(stand.at("work"), groupOf(stand.home, "team"));
  expect(stand.said("groups")).toMatchObject([{ result: "error", subject: "team", where: groupOf(stand.home, "team") }]);
  rmSync(groupOf(stand.home, "team"));
  mkdirSync(join(groupOf(stand.home, "team"), "continuity"), { recursive: true });
  mkdirSync(stand.at("work", "own"));
  symlinkSync(stand.at("work", "own"), join(groupOf(stand.home, "team"), "projects"));
  expect(stand.said("groups")).toMatchObject([{ result: "error", where: join(groupOf(stand.home, "team"), "projects") }]);
});

test("a file where a group belongs is an error for a person", () => {
  const stand = healthy(TEAM);
  rmSync(groupOf(stand.home, "team"), { recursive: true });
  writeFileSync(groupOf(stand.home, "team"), "");
  expect(stand.said("groups")).toMatchObject([{ result: "error", subject: "team", fix: { describes: [] } }]);
});

test("a group without members is told by the way, with how much is in it", () => {
  const stand = healthy(TEAM);
  stand.put(join(groupOf(stand.home, "old"), "projects", "-p", `${session("c")}.jsonl`), transcript(session("c"), 1));
  expect(stand.said("groups")).toMatchObject([
    { result: "info", subject: "old", message: "the group has no members; nobody sees the 1 session in it" },
  ]);
});
