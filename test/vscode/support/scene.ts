import { expect, test } from "bun:test";
import { eventually } from "../../support/eventually.ts";
import type { Editor } from "./editor.ts";

/**
 * Tests before an editor: each leaves a picture of the screen where it fails, and each has to leave the editor having
 * asked nobody but this machine for anything, and no page of it having run into its content security policy.
 * @param options `chained`: each goes on where the one before ended, and is not tried where that failed
 */
export function scenes(editor: () => Editor, { chained = false } = {}): (name: string, body: (editor: Editor) => Promise<void>) => void {
  let broken: string | null = null;
  return (name, body) => {
    test(name, async () => {
      if (chained && broken !== null) throw new Error(`not tried: "${broken}" failed`);
      try {
        await body(editor());
      } catch (error) {
        broken ??= name;
        await editor().picture(`failed/${name.replaceAll(/\W+/g, "-")}`);
        throw error;
      }
      // What a webview shows of its own comes from its service worker, and is known for that when it has come.
      await eventually("no address but this machine's", editor().browser.strangers, (strangers) => strangers.length === 0);
      expect(editor().browser.violations()).toEqual([]);
    });
  };
}
