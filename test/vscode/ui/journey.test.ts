import { afterAll, beforeAll, expect } from "bun:test";
import { join } from "node:path";
import { VSIX } from "../../../scripts/setup/extension.mjs";
import { words } from "../../real-client/support/api.ts";
import { makeWorld, transcriptsIn, type World } from "../../real-client/support/world.ts";
import { eventually } from "../../support/eventually.ts";
import { makeClient } from "../support/client.ts";
import { type Editor, openEditor } from "../support/editor.ts";
import { scenes } from "../support/scene.ts";

/** A person with the extension, the client and two logins, and nothing else: no `ccs` is ever run. */
let world: World;
let editor: Editor;
beforeAll(async () => {
  world = makeWorld();
  const env = { ...world.env, CCS_CLAUDE_PATH: makeClient(world.root, world.cwd) };
  editor = await openEditor({ editor: "newest", person: { root: world.root, env }, vsix: VSIX });
});
afterAll(async () => {
  await editor?.close();
  await world.close();
});
const scene = scenes(() => editor, { chained: true });

const described = (account: string, description: string) =>
  editor.untilRows(`${account} as ${description}`, (rows) => rows.some((row) => row.name === account && row.description === description));
const shown = (what: RegExp) =>
  eventually(
    `${what} in the terminal`,
    () => editor.terminal(),
    (text) => what.test(text),
  );
const sessions = (account: string) => transcriptsIn(join(world.instance(account), "projects")).length;

async function create(name: string): Promise<void> {
  await editor.quick("Create Account (1/");
  await editor.fill(name);
  await editor.press("Enter");
  await editor.answerStep(2, "isolated");
  await editor.untilRows(`${name} signed in`, (rows) => rows.some((row) => row.name === name && row.spoken.includes("signed in")));
}

/** Opens a terminal as an account, says something, and leaves. */
async function talk(account: string, said: string, answer: string): Promise<void> {
  world.api.play({ text: answer });
  await editor.rowMenuItem(account, "Open Terminal As");
  await shown(/^❯\s*$/m);
  await editor.page.keyboard.type(said);
  await shown(new RegExp(`❯ ${said}`));
  await editor.press("Enter");
  await shown(new RegExp(answer));
  await shown(/^❯\s*$/m);
  await editor.page.keyboard.type("/exit");
  await shown(/^❯ \/exit\s*$/m);
  await editor.press("Enter");
  await editor.untilRows(`${account} at rest`, (rows) => rows.some((row) => row.name === account && !row.spoken.includes("running now")));
}

scene("create: two accounts, each with a login of its own", async () => {
  await editor.openView("CCS");
  await editor.page.locator(".welcome-view-content .monaco-button", { hasText: "Create Account" }).click();
  await create("work");
  await editor.viewAction("Create Account");
  await create("spare");
  await editor.picture("journey/1-created");
});

scene("a talk with the client as one of them, in a terminal of the editor", async () => {
  await talk("work", "remember that the bicycle is blue", "The bicycle is blue");
  expect(world.api.last().authorization).toBe("Bearer sk-ant-oat01-dummy-work");
  expect(sessions("work")).toBe(1);
  await editor.picture("journey/2-talked");
});

scene("share: both see one history", async () => {
  await editor.rowAction("work", "Edit History Sync");
  await editor.answerStep(1, "shared");
  await editor.quick("(2/");
  await editor.fill("team alpha");
  await editor.press("Enter");
  await editor.answerStep(3, "deeper");
  expect(await editor.dialog()).toContain("1 session");
  await editor.dialogButton("Apply");
  await described("work", "shared (team-alpha), deeper");
  await editor.rowAction("spare", "Edit History Sync");
  await editor.answerStep(1, "shared");
  await editor.answerStep(2, "team-alpha");
  await editor.answerStep(3, "standard");
  await editor.dialog();
  await editor.dialogButton("Apply");
  await described("spare", "shared (team-alpha)");
  expect(sessions("spare")).toBe(1);
  await editor.picture("journey/3-shared");
});

scene("edit: the other one becomes deeper as well", async () => {
  await editor.rowAction("spare", "Edit History Sync");
  await editor.answerStep(1, "shared");
  await editor.answerStep(2, "team-alpha");
  await editor.answerStep(3, "deeper");
  await editor.dialog();
  await editor.dialogButton("Apply");
  await described("spare", "shared (team-alpha), deeper");
  await editor.clearNotifications();
});

scene("the other login talks in the same place, with a token of its own", async () => {
  await talk("spare", "what else is there", "A tricycle");
  expect(world.api.last().authorization).toBe("Bearer sk-ant-oat01-dummy-spare");
  expect(words(world.api.last())).toContain("what else is there");
  expect(sessions("work")).toBe(2);
});

scene("leave: the other one goes with what it made, and the group keeps everything", async () => {
  await editor.rowAction("spare", "Edit History Sync");
  await editor.answerStep(1, "isolated");
  await editor.answerStep(2, "its own sessions");
  await editor.dialog();
  await editor.picture("journey/4-leaving");
  await editor.dialogButton("Apply");
  await described("spare", "isolated");
  expect(sessions("spare")).toBe(1);
  expect(sessions("work")).toBe(2);
});

scene("undo: it is back in the group", async () => {
  await editor.answer("spare is isolated", "Undo");
  await editor.dialog();
  await editor.dialogButton("Undo");
  await described("spare", "shared (team-alpha), deeper");
  expect(sessions("spare")).toBe(2);
});

scene("doctor: nothing is wrong with any of it", async () => {
  await editor.command("CCS: Run Doctor");
  const report = async () => (await editor.webview().locator("body").allInnerTexts())[0] ?? "";
  const text = await eventually("a report", report, (seen) => seen.includes("All is well with"));
  expect(text).not.toMatch(/\d errors?/);
  await editor.picture("journey/5-doctor");
});
