import { expect, test } from "bun:test";
import { readdirSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";
import { healthy, problemsOf, TEAM } from "./scratch.ts";

test("files that wait for a person are a warning with their paths, no error, and gone once dealt with", () => {
  const stand = healthy(TEAM);
  stand.put(stand.at("work", "projects", "-p", "memory", "notes.md"), "of the group");
  stand.account("late");
  stand.put(stand.at("late", "projects", "-p", "memory", "notes.md"), "of the late one");
  stand.edit("late", TEAM);
  const [said] = stand.said("conflicts");
  expect(said).toMatchObject({ result: "warning", subject: "team", about: "group", fix: { describes: [] } });
  expect(said?.where).toEndWith("notes.from-late.md");
  expect(said?.message).toContain("notes.from-late.md");
  expect(stand.fix().fixed).toEqual([]);
  expect(problemsOf(stand.check()).length).toBe(1);
  expect(readdirSync(dirname(said?.where ?? "")).sort()).toEqual(["notes.from-late.md", "notes.md"]);
  unlinkSync(said?.where ?? "");
  expect(stand.problems()).toEqual([]);
});
