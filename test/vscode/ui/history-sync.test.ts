import { afterAll, beforeAll, expect } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { VSIX } from "../../../scripts/setup/extension.mjs";
import { eventually } from "../../support/eventually.ts";
import { type Editor, openEditor } from "../support/editor.ts";
import { makeResident, type Resident } from "../support/resident.ts";
import { scenes } from "../support/scene.ts";

let person: Resident;
let editor: Editor;
beforeAll(async () => {
  person = makeResident();
  await person.account("work", [], 3);
  await person.account("home", [], 2);
  editor = await openEditor({ editor: "newest", person, vsix: VSIX });
  await editor.openView("CCS");
  await editor.untilRows("two accounts", (rows) => rows.length === 2);
});
afterAll(async () => {
  await editor?.close();
  await person.close();
});
const scene = scenes(() => editor);

/** What lies in the person's CCS_DIR; what the editor keeps for itself lies elsewhere. */
const files = () => Object.entries(person.tree()).filter(([path]) => path.startsWith("ccs/"));
const sessionsOf = (account: string) => readdirSync(join(person.instance(account), "projects", "-home-person-task")).length;
const described = (account: string, description: string) =>
  editor.untilRows(`${account} as ${description}`, (rows) => rows.some((row) => row.name === account && row.description === description));

scene("the pencil of a row asks step by step, with a way back, and Esc at any step changes nothing", async () => {
  const before = files();
  await editor.rowAction("work", "Edit History Sync");
  const mode = await editor.quick("Edit History Sync: work (1/");
  expect(mode.choices.map(([label]) => label)).toEqual(["isolated", "shared"]);
  expect(mode.choices[0]?.join(" ")).toContain("(now)");
  await editor.picture("history-sync/mode");
  await editor.choose("shared");
  expect((await editor.quick("Edit History Sync: work (2/")).placeholder).toBe("team-alpha");
  await editor.quickButton("Back");
  await editor.answerStep(1, "shared");
  await editor.quick("(2/");
  await editor.press("Escape");
  await editor.quickClosed();
  expect(await editor.notifications()).toEqual([]);
  expect(files()).toEqual(before);
});

scene("the name of a new group is looked at while it is typed, in shared's words", async () => {
  await editor.rowAction("work", "Edit History Sync");
  await editor.answerStep(1, "shared");
  await editor.quick("(2/");
  await editor.fill("9 lives");
  const said = await eventually(
    "what is wrong",
    async () => (await editor.quick("(2/")).message,
    (message) => message.includes("letter"),
  );
  expect(said).toContain("The name");
  await editor.picture("history-sync/name");
  // What is wrong cannot be accepted.
  await editor.press("Enter");
  expect((await editor.quick("(2/")).typed).toBe("9 lives");
  await editor.fill("Team Alpha");
  await eventually(
    "nothing wrong",
    async () => (await editor.quick("(2/")).message,
    (message) => !message.includes("letter"),
  );
  await editor.press("Enter");
  const continuity = await editor.quick("(3/");
  expect(continuity.placeholder).toContain("/rewind");
  expect(continuity.choices.map(([label]) => label)).toEqual(["standard", "deeper"]);
  expect(continuity.choices[1]?.join(" ")).toContain("file-history");
  await editor.picture("history-sync/continuity");
  await editor.press("Escape");
  await editor.quickClosed();
});

scene("the plan is shown in plain words before anything happens, and Apply does it once, with a way back", async () => {
  const before = files();
  const ask = async () => {
    await editor.rowAction("work", "Edit History Sync");
    await editor.answerStep(1, "shared");
    await editor.quick("(2/");
    await editor.fill("Team Alpha");
    await editor.press("Enter");
    await editor.answerStep(3, "standard");
  };
  await ask();
  const plan = await editor.dialog();
  expect(plan).toContain("3 sessions");
  expect(plan).toContain("team-alpha");
  await editor.picture("history-sync/plan");
  await editor.dialogButton("Cancel");
  expect(files()).toEqual(before);

  await ask();
  await editor.dialog();
  await editor.dialogButton("Apply");
  await described("work", "shared (team-alpha)");
  expect(await editor.notification("work is shared")).toBe("work is shared (team-alpha).");
  expect(await editor.notifications()).toHaveLength(1);
  await editor.picture("history-sync/done");
});

scene("Undo on what was done takes it back, by a plan as well", async () => {
  await editor.answer("work is shared", "Undo");
  expect(await editor.dialog()).toContain("Undo Last Change: work");
  await editor.dialogButton("Undo");
  await described("work", "isolated");
  expect(sessionsOf("work")).toBe(3);
  await editor.clearNotifications();
});

scene("a group that exists is offered with its members and its size", async () => {
  await person.must("auth", "edit", "work", "--context-group", "team-alpha", "--yes");
  await described("work", "shared (team-alpha)");
  await editor.command("CCS: Edit History Sync");
  await editor.quick(/^Edit History Sync$/);
  await editor.choose("home");
  await editor.answerStep(1, "shared");
  const groups = await editor.quick("Edit History Sync: home (2/");
  expect(groups.choices[0]).toEqual(["team-alpha", "work; 3 sessions"]);
  expect(groups.choices.at(-1)?.[0]).toBe("New group...");
  await editor.picture("history-sync/group");
  await editor.choose("team-alpha");
  await editor.answerStep(3, "deeper");
  await editor.dialog();
  await editor.dialogButton("Apply");
  await described("home", "shared (team-alpha), deeper");
  await editor.clearNotifications();
});

scene("the row of an account opens on the other members of its group", async () => {
  await editor.open("home", true);
  const rows = await editor.untilRows("a member below", (seen) => seen.some((row) => row.level === 2));
  expect(rows.filter((row) => row.level === 2).map((row) => row.name)).toEqual(["work"]);
  await editor.picture("history-sync/members");
  await editor.open("home", false);
  await editor.untilRows("no member below", (seen) => seen.every((row) => row.level === 1));
});

scene("on leaving, what can be taken along is offered with its count, and the group keeps everything", async () => {
  await editor.rowAction("home", "Edit History Sync");
  await editor.answerStep(1, "isolated");
  const take = await editor.quick("(2/");
  expect(take.choices[0]?.join(" ")).toBe("its own sessions 2 of 5");
  expect(take.choices[1]?.join(" ")).toStartWith("all sessions 5");
  expect(take.choices[2]?.[0]).toBe("nothing");
  await editor.picture("history-sync/take");
  await editor.choose("its own sessions");
  expect(await editor.dialog()).toContain("2 sessions");
  await editor.picture("history-sync/leaving");
  await editor.dialogButton("Back");
  await editor.answerStep(2, "its own sessions");
  await editor.dialog();
  await editor.dialogButton("Apply");
  await described("home", "isolated");
  expect(sessionsOf("home")).toBe(2);
  expect(sessionsOf("work")).toBe(5);
  await editor.clearNotifications();
});

scene("a client that runs is named, with what that means; leaving has to wait for it", async () => {
  const ends = person.running("work");
  try {
    await editor.untilRows("work running", (rows) => rows.some((row) => row.name === "work" && row.spoken.includes("running now")));
    await editor.rowAction("work", "Edit History Sync");
    await editor.answerStep(1, "isolated");
    await editor.answerStep(2, "nothing");
    const plan = await editor.dialog();
    expect(plan).toMatch(/running|runs now/);
    expect(await editor.page.locator(".monaco-dialog-box .monaco-button").allTextContents()).not.toContain("Apply");
    await editor.picture("history-sync/running");
    await editor.dialogButton("Cancel");
  } finally {
    ends();
  }
});

scene("the keyboard alone gets through it", async () => {
  await editor.command("CCS: Edit History Sync");
  await editor.quick(/^Edit History Sync$/);
  await editor.page.keyboard.type("home");
  await eventually(
    "one choice",
    async () => (await editor.quick(/^Edit/)).choices.length,
    (count) => count === 1,
  );
  await editor.press("Enter");
  await editor.quick("home (1/");
  await editor.page.keyboard.type("shared");
  await eventually(
    "one choice",
    async () => (await editor.quick("(1/")).choices.length,
    (count) => count === 1,
  );
  await editor.press("Enter");
  await editor.quick("(2/");
  await editor.press("Enter");
  await editor.quick("(3/");
  await editor.press("Enter");
  await editor.dialog();
  await editor.press("Enter");
  await described("home", "shared (team-alpha)");
  await editor.clearNotifications();
});
