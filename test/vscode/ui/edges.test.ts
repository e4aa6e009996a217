import { afterAll, beforeAll, expect } from "bun:test";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { VSIX } from "../../../scripts/setup/extension.mjs";
import { takeLock } from "../../../shared/context/lock.ts";
import { homeOf } from "../../../shared/index.ts";
import { eventually } from "../../support/eventually.ts";
import { type Editor, openEditor } from "../support/editor.ts";
import { makeResident, type Resident } from "../support/resident.ts";
import { scenes } from "../support/scene.ts";

let person: Resident;
let editor: Editor;
beforeAll(async () => {
  person = makeResident();
  await person.account("work", ["--context-group", "team-alpha", "--deeper-continuity"], 1);
  await person.account("home");
  // What a folder says about itself is obeyed by nobody.
  mkdirSync(join(person.folder, ".vscode"), { recursive: true });
  writeFileSync(join(person.folder, ".vscode", "settings.json"), JSON.stringify({ "ccs.claudePath": "/bin/false", "ccs.dir": "/nowhere" }));
  editor = await openEditor({ editor: "newest", person, vsix: VSIX, distrusts: true });
  await editor.openView("CCS");
});
afterAll(async () => {
  await editor?.close();
  await person.close();
});
const scene = scenes(() => editor);

scene("a folder that is not trusted changes nothing about the accounts", async () => {
  await editor.page.locator('.statusbar-item:has-text("Restricted Mode")').waitFor();
  await editor.untilRows("two accounts", (rows) => rows.map((row) => row.name).join() === "work,home");
  await editor.picture("edges/restricted");
  await editor.rowAction("home", "Edit History Sync");
  await editor.quick("Edit History Sync: home (1/");
  await editor.picture("edges/restricted-edit");
  await editor.press("Escape");
});

scene("a config.yaml that cannot be followed is said at its line, opened there by a click, and never written", async () => {
  const whole = readFileSync(person.config, "utf8");
  const broken = whole.replace('continuity_mode: "deeper"', "continuity_mode: deep");
  expect(broken).not.toBe(whole);
  writeFileSync(person.config, broken);
  const line = broken.split("\n").findIndex((text) => text.includes("deep")) + 1;
  const rows = await editor.untilRows("a problem", (seen) => seen.some((row) => row.name.startsWith("config.yaml:")));
  const problem = rows.find((row) => row.name.startsWith("config.yaml:"));
  expect(problem?.name).toStartWith(`config.yaml:${line}:`);
  expect(problem?.spoken).toContain("deeper");
  await editor.picture("edges/broken");
  await editor.row(problem?.name ?? "").click();
  await editor.page.locator('.tab.active[data-resource-name="config.yaml"]').waitFor();
  await editor.page.locator(".statusbar-item", { hasText: `Ln ${line}` }).waitFor();
  await editor.picture("edges/broken-opened");
  await editor.command("CCS: Set as Default");
  await editor.quick("Set as Default");
  await editor.choose("home");
  expect(await editor.notification("config.yaml")).toContain(String(line));
  expect(readFileSync(person.config, "utf8")).toBe(broken);
  await editor.clearNotifications();
  writeFileSync(person.config, whole);
  await editor.untilRows("no problem", (seen) => seen.every((row) => !row.name.startsWith("config.yaml:")));
});

scene("a lock that another holds is said with its holder, and trying again when it is free does it", async () => {
  const lock = takeLock(homeOf({ CCS_DIR: person.ccsDir }, person.home, person.root), "the tests of this editor", 0);
  try {
    await editor.rowAction("home", "Edit History Sync");
    await editor.answerStep(1, "shared");
    await editor.answerStep(2, "team-alpha");
    await editor.answerStep(3, "standard");
    await editor.dialog();
    await editor.dialogButton("Apply");
    expect(await editor.notification("the tests of this editor")).toContain(String(process.pid));
    await editor.picture("edges/lock");
  } finally {
    lock.release();
  }
  await editor.answer("the tests of this editor", "Try Again");
  await editor.dialog();
  await editor.dialogButton("Apply");
  await editor.untilRows("home in the group", (rows) =>
    rows.some((row) => row.name === "home" && row.description === "shared (team-alpha)"),
  );
  await editor.clearNotifications();
});

scene("five hundred accounts are shown, and found by typing", async () => {
  const config = readFileSync(person.config, "utf8");
  const many = Array.from(
    { length: 498 },
    (_, at) => `  account-${at + 1}:\n    created: null\n    last_used: null\n    context_mode: "isolated"\n`,
  );
  for (let at = 1; at <= 498; at++) mkdirSync(person.instance(`account-${at}`), { recursive: true, mode: 0o700 });
  writeFileSync(person.config, `${config.trimEnd()}\n${many.join("")}`);
  await editor.untilRows("a full view", (rows) => rows.some((row) => row.name === "account-9"));
  await editor.command("CCS: Set as Default");
  await editor.quick("Set as Default");
  await editor.page.keyboard.type("account-498");
  await editor.choose("account-498");
  const byDefault = async () => (await person.must("auth", "default")).stdout;
  await eventually("another default", byDefault, (said) => said.includes("account-498"));
  await editor.picture("edges/many");
  writeFileSync(person.config, config);
});

scene("without a CCS_DIR there is nothing to be afraid of, and one that cannot be read says so", async () => {
  rmSync(person.ccsDir, { recursive: true });
  await editor.page.locator(".welcome-view-content .monaco-button", { hasText: "Create Account" }).waitFor();
  mkdirSync(person.ccsDir);
  mkdirSync(person.config);
  await editor.viewAction("Refresh");
  const rows = await editor.untilRows("what is wrong", (seen) => seen.length === 1);
  expect(rows[0]?.spoken).toContain("config.yaml");
  await editor.picture("edges/unreadable");
  chmodSync(person.ccsDir, 0o700);
});
