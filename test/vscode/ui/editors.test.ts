import { expect, test } from "bun:test";
import { makePerson } from "../../support/person.ts";
import { openEditor } from "../support/editor.ts";

for (const name of ["newest", "oldest"] as const) {
  test(`the ${name} editor starts, and asks nobody but this machine for anything`, async () => {
    const person = makePerson();
    const editor = await openEditor({ editor: name, person });
    try {
      await editor.openView("Extensions");
      await editor.picture(`editors/${name}`);
      expect(editor.browser.strangers()).toEqual([]);
    } finally {
      await editor.close();
      await person.close();
    }
  });
}
