import { expect, test } from "bun:test";
import type { Editor } from "./editor.ts";

/**
 * Tests before an editor: each leaves a picture of the screen where it fails, and each has to leave the editor having
 * asked nobody but this machine for anything, and no page of it having run into its content security policy.
 */
export function scenes(editor: () => Editor): (name: string, body: (editor: Editor) => Promise<void>) => void {
  return (name, body) => {
    test(name, async () => {
      try {
        await body(editor());
      } catch (error) {
        await editor().picture(`failed/${name.replaceAll(/\W+/g, "-")}`);
        throw error;
      }
      expect(editor().browser.strangers()).toEqual([]);
      expect(editor().browser.violations()).toEqual([]);
    });
  };
}
