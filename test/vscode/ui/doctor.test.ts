import { afterAll, beforeAll, expect } from "bun:test";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
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
  await person.account("work", ["--context-group", "team-alpha"], 2);
  await person.account("home");
  editor = await openEditor({ editor: "newest", person, vsix: VSIX });
});
afterAll(async () => {
  await editor?.close();
  await person.close();
});
const scene = scenes(() => editor);

const report = async () => (await editor.webview().locator("body").allInnerTexts())[0] ?? "";
const reports = (what: string, holds: (text: string) => boolean) => eventually(what, report, holds);
/** The stand-in for the client tells no version, which the doctor warns of. */
const isWell = (text: string) => /^(?:No problems|1 warning)\.$/m.test(text) && text.includes("work, home");
const brokenConfig = () => readFileSync(person.config, "utf8").replace('context_mode: "shared"', "context_mode: sharde");

scene("Run Doctor opens one panel with every check, and opens no second one", async () => {
  await editor.command("CCS: Run Doctor");
  await reports("nothing wrong", isWell);
  await editor.picture("doctor/well");
  await editor.command("CCS: Run Doctor");
  await reports("nothing wrong", isWell);
  expect(await editor.page.locator('.tab[data-resource-name*="Doctor"], .tab[aria-label^="CCS Doctor"]').count()).toBe(1);
});

scene("what goes wrong meanwhile shows by itself, under the account and with what mends it", async () => {
  rmSync(join(person.instance("work"), "projects"));
  const text = await reports("the missing link", (seen) => seen.includes("projects"));
  expect(text).toMatch(/\d error/);
  expect(await editor.webview().locator("h2").allTextContents()).toContain("work");
  await editor.picture("doctor/problem");
});

scene("Fix shows the plan first, and Esc leaves everything as it is", async () => {
  await editor.webview().locator("button.fix").first().click();
  const plan = await editor.dialog();
  expect(plan).toContain("links of work");
  await editor.picture("doctor/plan");
  await editor.press("Escape");
  await editor.page.locator(".monaco-dialog-box").waitFor({ state: "detached" });
  await reports("the same problem", (seen) => /\d error/.test(seen));
});

scene("Fix all that is safe mends it, and the panel says so by itself", async () => {
  await editor.webview().locator("#fix-all").click();
  await editor.dialog();
  await editor.dialogButton("Fix");
  await reports("nothing wrong", isWell);
  expect(readFileSync(join(person.instance("work"), "settings.json"), "utf8")).toContain("permissions");
  expect((await person.ccs(["doctor"])).code).toBe(0);
  await editor.clearNotifications();
});

scene("Copy report holds no e-mail address and no token", async () => {
  await editor.command("CCS: Run Doctor");
  await editor.webview().locator("#copy").click();
  const copied = await eventually(
    "the report in the clipboard",
    async () => String(await editor.page.evaluate("navigator.clipboard.readText()")),
    (text) => text.includes("ccs doctor"),
  );
  expect(copied).not.toMatch(/@example\.invalid|sk-ant/);
});

scene("a click on where it is opens config.yaml at the line, where the editor marks it as well", async () => {
  const whole = readFileSync(person.config, "utf8");
  const line =
    brokenConfig()
      .split("\n")
      .findIndex((text) => text.includes("sharde")) + 1;
  writeFileSync(person.config, brokenConfig());
  await reports("the line", (text) => text.includes(`config.yaml:${line}`));
  await editor.picture("doctor/config");
  await editor
    .webview()
    .locator("button.link", { hasText: `config.yaml:${line}` })
    .first()
    .click();
  await editor.page.locator(".statusbar-item", { hasText: `Ln ${line}` }).waitFor();
  await editor.page.locator(".squiggly-error").first().waitFor();
  await editor.picture("doctor/squiggle");
  const offered = editor.page.locator(".action-widget .monaco-list-row");
  await eventually("what may stand there, by Ctrl+.", async () => {
    await editor.page.locator(".view-line", { hasText: "sharde" }).getByText("sharde").click();
    await editor.press("Control+.");
    await offered
      .first()
      .waitFor({ timeout: 5000 })
      .catch(() => undefined);
    return offered.count();
  });
  expect((await offered.allTextContents()).join("\n")).toContain("shared");
  await editor.picture("doctor/quick-fix");
  await editor.press("Escape");
  writeFileSync(person.config, whole);
  await editor.page.locator(".squiggly-error").first().waitFor({ state: "detached" });
});

scene("config.yaml says what a key means and what may stand behind it", async () => {
  await editor.command("CCS: Open config.yaml");
  const key = editor.page.locator(".view-line", { hasText: "context_mode" }).first();
  await key.waitFor();
  const hover = editor.page.locator(".monaco-editor-hover:visible, .monaco-hover:visible");
  await eventually(
    "what the key means",
    async () => {
      await editor.page.mouse.move(900, 700);
      await key.getByText("context_mode").first().hover();
      await hover
        .first()
        .waitFor({ timeout: 3000 })
        .catch(() => undefined);
      return (await hover.allInnerTexts()).join("\n").replaceAll("\u00a0", " ");
    },
    (text) => text.includes("Whose history"),
  );
  await editor.picture("doctor/hover");
});
