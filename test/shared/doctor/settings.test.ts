import { expect, test } from "bun:test";
import { lstatSync, readFileSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { healthy, Stand } from "./scratch.ts";

interface Written {
  cleanupPeriodDays?: number;
  permissions: { allow: string[]; deny?: string[] };
}

function written(stand: Stand, account: string): Written {
  return JSON.parse(readFileSync(stand.at(account, "settings.json"), "utf8")) as Written;
}

test("missing rules are a warning, and only they are written", () => {
  const stand = healthy();
  const all = written(stand, "work");
  expect(all.permissions.allow.length).toBe(4);
  stand.put(stand.at("work", "settings.json"), { permissions: { deny: ["Bash"], allow: all.permissions.allow.slice(1) } });
  const said = stand.said("settings");
  expect(said).toMatchObject([{ result: "warning", subject: "work", where: stand.at("work", "settings.json") }]);
  expect(said[0]?.fix?.describes[0]).toContain("1 permission rule is added");
  stand.fix();
  expect(new Set(written(stand, "work").permissions.allow)).toEqual(new Set(all.permissions.allow));
  expect(written(stand, "work").permissions.deny).toEqual(["Bash"]);
  expect(stand.problems()).toEqual([]);
});

test("a retention shorter than the longest in the group is a warning, and raised; those of other groups do not matter", () => {
  const stand = healthy();
  stand.account("other", { mode: "shared", group: "elsewhere", continuity: "standard" });
  stand.put(stand.at("other", "settings.json"), { ...written(stand, "other"), cleanupPeriodDays: 9000 });
  stand.put(stand.at("work", "settings.json"), { ...written(stand, "work"), cleanupPeriodDays: 365 });
  const said = stand.said("settings");
  expect(said.map((c) => [c.result, c.subject])).toEqual([["warning", "spare"]]);
  expect(said[0]?.message).toContain("older than 30 days");
  expect(stand.fix().fixed).toContain("Retention of spare rises from 30 to 365 days, so that it deletes nobody's sessions.");
  expect(written(stand, "spare").cleanupPeriodDays).toBe(365);
  expect(stand.problems()).toEqual([]);
});

test("a settings.json that is a link is a warning that names the lines, and is never written through", () => {
  const stand = healthy();
  const person = join(stand.root, "settings.json");
  renameSync(stand.at("work", "settings.json"), person);
  symlinkSync(person, stand.at("work", "settings.json"));
  expect(stand.problems()).toEqual([]);
  writeFileSync(person, "{}");
  const said = stand.said("settings");
  expect(said).toMatchObject([{ result: "warning", subject: "work", fix: { describes: [] } }]);
  expect(said[0]?.message.match(/permissions\.allow: /g)?.length).toBe(4);
  expect(said[0]?.fix?.command).toContain("--copy-settings");
  expect(stand.fix().fixed).toEqual([]);
  expect(readFileSync(person, "utf8")).toBe("{}");
  expect(lstatSync(stand.at("work", "settings.json")).isSymbolicLink()).toBe(true);
});

test.each([
  ["a comment", '{\n  // mine\n  "model": "x"\n}', ":2:3"],
  ["a trailing comma", '{\n  "model": "x",\n}', ":3:1"],
  ["a list", "[]", ""],
  ["permissions that are no object", '{ "permissions": [] }', ""],
  ["allow that is no list", '{ "permissions": { "allow": {} } }', ""],
])("a client skips the whole settings.json with %s in it: an error, left for a person", (_, text, place) => {
  const stand = healthy();
  writeFileSync(stand.at("work", "settings.json"), text);
  const said = stand.said("settings");
  expect(said).toMatchObject([
    { result: "error", subject: "work", where: `${stand.at("work", "settings.json")}${place}`, fix: { describes: [] } },
  ]);
  expect(stand.fix().fixed).toEqual([]);
  expect(readFileSync(stand.at("work", "settings.json"), "utf8")).toBe(text);
});

test.each([0, -3, 1.5, "30", true, null])(
  "a client skips the whole settings.json with cleanupPeriodDays: %p: an error, and mended",
  (days) => {
    const stand = healthy();
    stand.put(stand.at("work", "settings.json"), { model: "x", cleanupPeriodDays: days, permissions: written(stand, "work").permissions });
    const said = stand.said("settings");
    expect(said).toMatchObject([{ result: "error", subject: "work", fix: { command: "ccs doctor --fix" } }]);
    expect(said[0]?.message).toStartWith(`cleanupPeriodDays is ${JSON.stringify(days)};`);
    stand.fix();
    expect(written(stand, "work").cleanupPeriodDays).toBe(30);
    expect(stand.problems()).toEqual([]);
  },
);

test("more days than a number holds are an error as well, and so is a wrong number behind a link: for a person", () => {
  const stand = healthy();
  const { permissions } = written(stand, "work");
  writeFileSync(stand.at("work", "settings.json"), `{"permissions":${JSON.stringify(permissions)},"cleanupPeriodDays":9007199254740993}`);
  const person = stand.put("settings.json", { permissions, cleanupPeriodDays: 0 });
  unlinkSync(stand.at("spare", "settings.json"));
  symlinkSync(person, stand.at("spare", "settings.json"));
  expect(stand.said("settings").map((c) => [c.result, c.subject])).toEqual([
    ["error", "work"],
    ["error", "spare"],
  ]);
  stand.fix();
  expect(JSON.parse(readFileSync(person, "utf8"))).toEqual({ permissions, cleanupPeriodDays: 0 });
});

test("a byte order mark, an empty file and none at all are as good as {}", () => {
  const stand = healthy();
  const text = readFileSync(stand.at("work", "settings.json"), "utf8");
  writeFileSync(stand.at("work", "settings.json"), `\uFEFF${text}`);
  expect(stand.problems()).toEqual([]);
  writeFileSync(stand.at("work", "settings.json"), "");
  expect(stand.said("settings")).toMatchObject([{ result: "warning", subject: "work" }]);
});

test("the settings of an isolated account are its own affair", () => {
  const stand = new Stand();
  stand.account("work");
  stand.put(stand.at("work", "settings.json"), "{ // dead");
  expect(stand.problems()).toEqual([]);
});
