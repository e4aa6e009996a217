import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../scripts/setup/checkout.mjs";
import { VSIX } from "../../../scripts/setup/extension.mjs";
import { type Editor, openEditor } from "../support/editor.ts";
import { makeResident, type Resident } from "../support/resident.ts";
import { scenes } from "../support/scene.ts";

let person: Resident;
let editor: Editor;
beforeAll(async () => {
  person = makeResident();
  await person.account("work", ["--context-group", "team-alpha"], 2);
  await person.account("home", [], 1);
  editor = await openEditor({ editor: "oldest", person, vsix: VSIX });
});
afterAll(async () => {
  await editor?.close();
  await person.close();
});
const scene = scenes(() => editor);

test("the oldest editor here is the oldest that the extension says it runs in", () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, "extension", "package.json"), "utf8"));
  expect(manifest.engines.vscode).toBe("^1.100.0");
  expect(editor.server.log()).toContain("code-server 4.100.");
});

scene("accounts, the plan and what is applied are there in the oldest supported editor as well", async () => {
  await editor.openView("CCS");
  await editor.untilRows("two accounts", (rows) => rows.map((row) => row.description).join() === "shared (team-alpha),isolated");
  await editor.picture("oldest/accounts");
  await editor.rowAction("home", "Edit History Sync");
  await editor.answerStep(1, "shared");
  await editor.answerStep(2, "team-alpha");
  await editor.answerStep(3, "standard");
  expect(await editor.dialog()).toContain("team-alpha");
  await editor.picture("oldest/plan");
  await editor.dialogButton("Apply");
  await editor.untilRows("home in the group", (rows) =>
    rows.some((row) => row.name === "home" && row.description === "shared (team-alpha)"),
  );
});
