import { afterAll, beforeAll, expect } from "bun:test";
import { rmSync } from "node:fs";
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
  await person.account("work", ["--context-group", "team-alpha"], 12);
  await person.account("backup", ["--context-group", "team-alpha", "--deeper-continuity"], 3);
  await person.account("personal", [], 17);
  await person.must("auth", "create", "spare", "--no-login");
  await person.must("auth", "default", "work");
  rmSync(join(person.instance("backup"), "projects"));
  editor = await openEditor({ editor: "newest", person, vsix: VSIX, page: { viewport: { width: 1000, height: 600 } } });
  await editor.openView("CCS");
  await editor.untilRows("four accounts", (rows) => rows.length === 4);
  await editor.open("work", true);
  await editor.untilRows("a member below", (rows) => rows.some((row) => row.level === 2));
});
afterAll(async () => {
  await editor?.close();
  await person.close();
});
const scene = scenes(() => editor);

// dark last: the pictures of the README are made of it.
for (const theme of ["light", "high contrast", "dark"] as const) {
  scene(`accounts, a question, a plan and the doctor can be looked at in ${theme}`, async () => {
    const name = theme.replace(" ", "-");
    await editor.theme(theme);
    await editor.command("CCS: Run Doctor");
    await eventually(
      "the doctor's report",
      async () => (await editor.webview().locator("body").allInnerTexts())[0] ?? "",
      (text) => /\d error/.test(text),
    );
    await editor.picture(`${name}/doctor`);
    await editor.rowAction("personal", "Edit History Sync");
    await editor.answerStep(1, "shared");
    await editor.quick("(2/");
    await editor.picture(`${name}/history-sync`);
    await editor.choose("team-alpha");
    await editor.answerStep(3, "standard");
    await editor.dialog();
    await editor.picture(`${name}/plan`);
    await editor.dialogButton("Cancel");
    await editor.command("View: Close All Editors");
    await editor.rowTooltip("work");
    await editor.picture(`${name}/accounts`);
    expect(await editor.notifications()).toEqual([]);
  });
}
