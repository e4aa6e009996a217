import { expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { groupOf } from "../../../shared/index.ts";
import { healthy } from "./scratch.ts";

test("projects and instances that differ in case only are told by the way, each directory once", () => {
  const stand = healthy();
  stand.account("alone");
  const projects = [join(groupOf(stand.home, "team"), "projects"), stand.at("alone", "projects")];
  for (const directory of projects)
    for (const name of ["-home-me-App", "-home-me-app", "-home-me"]) mkdirSync(join(directory, name), { recursive: true });
  mkdirSync(join(stand.home.instances, "Alone"));
  const said = stand.said("names");
  expect(said.map((c) => [c.result, c.where])).toEqual([
    ["info", join(stand.home.instances, "Alone")], // the other is an account's
    ...projects.map((directory) => ["info", join(directory, "-home-me-app")]),
  ]);
  expect(said[1]?.message).toStartWith("-home-me-App and -home-me-app differ in case only: ");
  expect(said[1]?.fix?.command).toEndWith(`mv -n ${projects[0]}/-home-me-app ${projects[0]}/-home-me-app-2`);
});

test("so are names that differ in the form of an accented letter only", () => {
  const stand = healthy();
  for (const name of ["caf\u00e9", "cafe\u0301"]) mkdirSync(stand.at("work", "projects", name));
  expect(stand.said("names").map((c) => c.result)).toEqual(["info"]);
});
