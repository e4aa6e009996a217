import { afterAll, beforeAll, expect } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { VSIX } from "../../../scripts/setup/extension.mjs";
import { eventually } from "../../support/eventually.ts";
import { type Editor, openEditor } from "../support/editor.ts";
import { makeResident, type Resident } from "../support/resident.ts";
import { scenes } from "../support/scene.ts";
import type { Row } from "../support/workbench.ts";

let person: Resident;
let editor: Editor;
beforeAll(async () => {
  person = makeResident();
  editor = await openEditor({ editor: "newest", person, vsix: VSIX });
});
afterAll(async () => {
  await editor?.close();
  await person.close();
});
const scene = scenes(() => editor);

const DAY = 24 * 3600 * 1000;
const rowOf = async (name: string, what: string, holds: (row: Row) => boolean): Promise<Row> => {
  const rows = await editor.untilRows(`${name} ${what}`, (seen) => seen.some((row) => row.name === name && holds(row)));
  return rows.find((row) => row.name === name) as Row;
};

/** Changes what the client keeps of an account's login. */
function rewrite(account: string, file: string, change: (json: never) => void): void {
  const path = join(person.instance(account), file);
  const json = JSON.parse(readFileSync(path, "utf8")) as never;
  change(json);
  writeFileSync(path, JSON.stringify(json));
}

scene("with no account yet, the view offers to create one and to bring along what ~/.claude has", async () => {
  await editor.openView("CCS");
  const welcome = editor.page.locator(".welcome-view-content");
  await welcome.waitFor();
  expect(await welcome.locator(".monaco-button").allTextContents()).toEqual(["Create Account"]);
  expect(await welcome.locator("a", { hasText: "import ~/.claude" }).count()).toBe(1);
  await editor.picture("accounts/welcome");
});

scene("accounts made elsewhere appear by themselves, with what they share", async () => {
  await person.account("work", ["--context-group", "team-alpha"], 3);
  await person.account("home");
  await person.account("spare", ["--context-group", "team-alpha", "--deeper-continuity"]);
  const rows = await editor.untilRows("three accounts", (seen) => seen.length === 3 && seen[2]?.description.includes("deeper") === true);
  expect(rows.map((row) => row.name)).toEqual(["work", "home", "spare"]);
  expect(rows.map((row) => row.description)).toEqual(["shared (team-alpha)", "isolated", "shared (team-alpha), deeper"]);
  expect(rows.map((row) => row.expanded)).toEqual([false, undefined, false]);
  expect(await editor.badge("CCS")).toBe("");
  await editor.picture("accounts/rows");
});

scene("the default account is marked, to the eye and to the ear", async () => {
  await person.must("auth", "default", "home");
  const row = await rowOf("home", "as the default", (seen) => seen.mark !== "");
  expect(row.spoken).toContain("the default account");
});

scene("an icon and words say how each stands, and the badge counts those that need attention", async () => {
  const icons = new Set([(await rowOf("work", "signed in", (row) => row.spoken.includes("signed in"))).icon]);
  rewrite("work", ".credentials.json", (json: { claudeAiOauth: { refreshTokenExpiresAt: number } }) => {
    json.claudeAiOauth.refreshTokenExpiresAt = Date.now() + 2 * DAY;
  });
  icons.add((await rowOf("work", "ending soon", (row) => row.spoken.includes("ends"))).icon);
  rewrite("home", ".credentials.json", (json: { claudeAiOauth: { accessToken: string } }) => {
    json.claudeAiOauth.accessToken = "";
  });
  icons.add((await rowOf("home", "signed out", (row) => row.spoken.includes("signed out"))).icon);
  const project = join(person.instance("spare"), "projects", "-home-person-task");
  mkdirSync(project, { recursive: true });
  await eventually(
    "a badge of 2",
    () => editor.badge("CCS"),
    (badge) => badge === "2",
  );
  await editor.picture("accounts/standing");
  expect(icons.size).toBe(3);
});

scene("the tooltip tells who is logged in, the plan, the group with its size, and the directory", async () => {
  const told = await editor.rowTooltip("work");
  for (const words of ["work@example.invalid", "max", "team-alpha", "2 accounts", "3 sessions", "never", person.instance("work")])
    expect(told).toContain(words);
  await editor.picture("accounts/tooltip");
});

scene("what looks like markup is shown as it is", async () => {
  const name = '<img src="x" onerror="alert(1)"> **bold** [a](command:ccs.refresh)';
  rewrite("spare", ".claude.json", (json: { oauthAccount: { organizationName: string } }) => {
    json.oauthAccount.organizationName = name;
  });
  const told = await eventually(
    "the organization",
    () => editor.rowTooltip("spare"),
    (text) => text.includes("onerror"),
  );
  expect(told).toContain(name);
  await editor.picture("accounts/markup");
});

scene("another window of the same person shows the same, and what either does", async () => {
  const second = await editor.window();
  await second.openView("CCS");
  await second.untilRows("three accounts", (rows) => rows.length === 3);
  await person.must("auth", "edit", "home", "--context-group", "other", "--yes");
  const shared = (rows: readonly Row[]) => rows.some((row) => row.name === "home" && row.description.startsWith("shared (other)"));
  await Promise.all([editor.untilRows("home in a group", shared), second.untilRows("home in a group", shared)]);
  await second.page.context().close();
});

scene("an account that is removed elsewhere goes, and Refresh looks again", async () => {
  await person.must("auth", "remove", "spare", "--yes");
  await editor.untilRows("two accounts", (rows) => rows.length === 2);
  await editor.viewAction("Refresh");
  await editor.untilRows("two accounts still", (rows) => rows.length === 2);
});
