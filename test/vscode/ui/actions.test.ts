import { afterAll, beforeAll, expect } from "bun:test";
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
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
  editor = await openEditor({
    editor: "newest",
    person: { ...person, env: { ...person.env, ANTHROPIC_API_KEY: "sk-of-somebody-else" } },
    vsix: VSIX,
  });
  await editor.openView("CCS");
});
afterAll(async () => {
  await editor?.close();
  await person.close();
});
const scene = scenes(() => editor);

const rowsAre = (...names: string[]) => editor.untilRows(`rows ${names}`, (rows) => rows.map((row) => row.name).join() === names.join());
const rowIs = (name: string, what: string, holds: (row: Row) => boolean) =>
  editor.untilRows(`${name} ${what}`, (rows) => rows.some((row) => row.name === name && holds(row)));

scene("Create Account asks for a name, says at once what is wrong with it, and logs in in a terminal", async () => {
  await editor.page.locator(".welcome-view-content .monaco-button", { hasText: "Create Account" }).click();
  await editor.quick("Create Account (1/");
  await editor.fill("doctor");
  await eventually(
    "what is wrong",
    async () => (await editor.quick("Create Account")).message,
    (message) => message.includes("doctor"),
  );
  await editor.picture("actions/name");
  await editor.fill("work");
  await editor.press("Enter");
  await editor.answerStep(2, "isolated");
  await editor.quickClosed();
  await rowsAre("work");
  await rowIs("work", "signed in", (row) => row.spoken.includes("signed in"));
  expect(readFileSync(join(person.instance("work"), ".claude.json"), "utf8")).toContain("oauthAccount");
  await editor.picture("actions/created");
});

scene("a name that is taken is refused while it is typed, in whatever case", async () => {
  await editor.viewAction("Create Account");
  await editor.quick("Create Account");
  await editor.fill("WORK");
  await eventually(
    "what is wrong",
    async () => (await editor.quick("Create Account")).message,
    (message) => message.includes("work"),
  );
  await editor.press("Escape");
  await editor.quickClosed();
  await rowsAre("work");
});

scene("Log In from the row's menu opens the client's own login", async () => {
  await person.must("auth", "create", "home", "--no-login");
  await rowIs("home", "signed out", (row) => row.spoken.includes("signed out"));
  expect(await editor.badge("CCS")).toBe("1");
  await editor.picture("actions/signed-out");
  await editor.rowMenuItem("home", "Log In");
  await rowIs("home", "signed in", (row) => row.spoken.includes("signed in"));
  await eventually(
    "no badge",
    () => editor.badge("CCS"),
    (badge) => badge === "",
  );
});

scene("the menu of a row offers what can be done with an account", async () => {
  const offered = await editor.rowMenu("home");
  await editor.picture("actions/menu");
  for (const item of [
    "Open Terminal As",
    "Log In",
    "Set as Default",
    "Edit History Sync",
    "Undo Last Change",
    "Reveal Directory",
    "Copy Directory",
  ])
    expect(offered).toContain(item);
  await editor.press("Escape");
});

scene("Set as Default moves the mark", async () => {
  await editor.rowMenuItem("home", "Set as Default");
  await rowIs("home", "the default", (row) => row.mark !== "" && row.spoken.includes("the default"));
  await editor.command("CCS: Set as Default");
  await editor.quick("Set as Default");
  await editor.choose("work");
  await rowIs("work", "the default", (row) => row.mark !== "" && row.spoken.includes("the default"));
  await rowIs("home", "no longer", (row) => row.mark === "" && !row.spoken.includes("the default"));
  expect((await person.must("auth", "default")).stdout).toContain("work");
});

scene("Copy Directory puts the account's directory into the clipboard", async () => {
  await editor.command("CCS: Copy Directory");
  await editor.quick("Copy Directory");
  await editor.choose("home");
  const inClipboard = () => editor.page.evaluate("navigator.clipboard.readText()");
  await eventually("the directory in the clipboard", inClipboard, (text) => text === person.instance("home"));
});

scene("Reveal Directory opens a window on it where the files are on another machine", async () => {
  const opening = editor.page.context().waitForEvent("page");
  await editor.rowMenuItem("home", "Reveal Directory");
  const opened = await opening;
  await opened.waitForURL(/folder=/);
  expect(decodeURIComponent(opened.url())).toContain(person.instance("home"));
  await opened.close();
});

scene("Open Terminal As starts the client as that account, and as nobody else", async () => {
  await editor.rowMenuItem("home", "Open Terminal As");
  // The stand-in can only log in, and says what it was asked for instead.
  await editor.page.locator(".terminal-outer-container, .terminal-tabs-entry, .pane-body.integrated-terminal").first().waitFor();
  await eventually(
    "a client's words",
    () => editor.terminal(),
    (text) => text.includes("stand-in: cannot do:"),
  );
  await editor.picture("actions/terminal");
});

scene("Open Terminal As refuses where a launch would, and says what mends it", async () => {
  await person.must("auth", "edit", "home", "--context-group", "team-alpha", "--yes");
  const link = join(person.instance("home"), "projects");
  rmSync(link);
  symlinkSync("/nowhere/at/all", link);
  await editor.command("CCS: Open Terminal As");
  await editor.quick("Open Terminal As");
  await editor.choose("home");
  const said = await editor.notification("link somebody made");
  expect(said).toContain(link);
  await editor.picture("actions/refused");
  rmSync(link);
  expect((await person.ccs(["doctor", "--fix", "--yes"])).stdout).not.toBe("");
  await rowIs("home", "in order", (row) => row.spoken.includes("signed in"));
  await editor.clearNotifications();
});

scene("Remove Account sets it aside by a plan, and Restore brings it back", async () => {
  await editor.rowMenuItem("work", "Remove Account");
  const plan = await editor.dialog();
  expect(plan).toContain("Remove Account: work");
  await editor.picture("actions/remove");
  await editor.dialogButton("Remove");
  await rowsAre("home");
  expect(existsSync(person.instance("work"))).toBe(false);
  await editor.answer("work is removed", "Restore");
  expect(await editor.dialog()).toContain("Restore Account: work");
  await editor.dialogButton("Restore");
  await editor.untilRows("work again", (rows) => rows.some((row) => row.name === "work"));
  expect(readdirSync(person.instance("work"))).not.toBeEmpty();
  await editor.clearNotifications();
});

scene("Undo Last Change from the palette asks whose change, the last one first, and shows its plan", async () => {
  await person.must("auth", "edit", "home", "--isolated", "--yes");
  await rowIs("home", "isolated", (row) => row.description.startsWith("isolated"));
  await editor.command("CCS: Undo Last Change");
  const accounts = await editor.quick("Undo Last Change");
  expect(accounts.choices[0]?.join(" ")).toContain("changed last");
  await editor.choose("home");
  expect(await editor.dialog()).toContain("Undo Last Change: home");
  await editor.picture("actions/undo");
  await editor.dialogButton("Undo");
  await rowIs("home", "shared again", (row) => row.description.startsWith("shared (team-alpha)"));
});
