import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContextOptions } from "playwright-core";
import type { Editor as EditorName } from "../../../scripts/setup/editor.mjs";
import { type Browser, openBrowser } from "../../support/browser.ts";
import { installExtension, type Server, startServer, writeSettings } from "./server.ts";
import { type Workbench, workbenchOn } from "./workbench.ts";

/** An editor that a person sits before, with the packaged extension installed. */
export interface Editor extends Workbench {
  readonly server: Server;
  readonly browser: Browser;
  /** Where it stands open. */
  readonly folder: string;
  /** Changes the person's settings; the editor takes them over. */
  settings(settings: Readonly<Record<string, unknown>>): void;
  /** Takes a picture under `vscode/`. @returns where it lies */
  picture(name: string): Promise<string>;
  /** A second window of the same person. */
  window(): Promise<Workbench>;
  close(): Promise<void>;
}

export interface EditorOptions {
  readonly editor: EditorName;
  /** Whose machine it is; all of the editor's own lies below it. */
  readonly person: { readonly root: string; readonly env: Readonly<Record<string, string>> };
  /** The packaged extension; none is installed where it is left out. */
  readonly vsix?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether folders are trusted only when a person has said so; otherwise all are. */
  readonly distrusts?: boolean;
  readonly page?: BrowserContextOptions;
}

export async function openEditor(options: EditorOptions): Promise<Editor> {
  const { person } = options;
  const directory = join(person.root, "editor");
  const folder = join(person.root, "work");
  mkdirSync(directory, { recursive: true });
  mkdirSync(folder, { recursive: true });
  const where = { editor: options.editor, directory, env: person.env };
  if (options.vsix !== undefined) await installExtension(where, options.vsix);
  const server = await startServer({ ...where, settings: options.settings ?? {}, distrusts: options.distrusts === true });
  const browser = await openBrowser().catch(async (error) => {
    await server.stop();
    throw error;
  });
  const open = async () => {
    const page = await browser.page({ colorScheme: "dark", permissions: ["clipboard-read", "clipboard-write"], ...options.page });
    await page.goto(`${server.url}/?folder=${encodeURIComponent(folder)}`);
    await page.locator(".monaco-workbench .activitybar .action-item").first().waitFor({ timeout: 60_000 });
    return workbenchOn(page);
  };
  try {
    const first = await open();
    return {
      ...first,
      server,
      browser,
      folder,
      settings: (settings) => writeSettings(directory, settings),
      picture: (name) => browser.picture(first.page, `vscode/${name}`),
      window: open,
      async close() {
        await browser.close();
        await server.stop();
      },
    };
  } catch (error) {
    await browser.close();
    await server.stop();
    throw error;
  }
}
