import { afterAll, beforeAll, expect } from "bun:test";
import { VSIX } from "../../../scripts/setup/extension.mjs";
import { eventually } from "../../support/eventually.ts";
import { type Editor, openEditor } from "../support/editor.ts";
import { makeResident, type Resident } from "../support/resident.ts";
import { scenes } from "../support/scene.ts";

let person: Resident;
let editor: Editor;
beforeAll(async () => {
  person = makeResident();
  await person.account("work");
  await person.account("home");
  await person.must("auth", "default", "work");
  editor = await openEditor({ editor: "newest", person, vsix: VSIX });
});
afterAll(async () => {
  await editor?.close();
  await person.close();
});
const scene = scenes(() => editor);

const says = (words: string) =>
  eventually(
    `the status bar saying ${words}`,
    async () => ((await editor.statusItem.textContent()) ?? "").trim(),
    (text) => text === words,
  );

scene("the status bar names the default account, without anybody having opened a view", async () => {
  await says("work");
  expect(await editor.page.locator('.statusbar-item[id*="ccs"]').count()).toBe(1);
  await editor.picture("status/default");
});

scene("a click switches the account of this folder, as ccs use does", async () => {
  await editor.statusItem.click();
  await editor.quick(/account/i);
  await editor.picture("status/choices");
  await editor.choose("home");
  await says("home");
  expect((await person.ccs(["which"], { env: { PWD: person.folder } })).code).toBe(0);
  await editor.picture("status/folder");
});

scene("what ccs use sets elsewhere shows by itself", async () => {
  await person.must("use", "work", person.folder);
  await says("work");
});
