import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
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
  /** A second window of the same person. @param folder another one than the first window's */
  window(folder?: string): Promise<Workbench>;
  close(): Promise<void>;
}

export interface EditorOptions {
  readonly editor: EditorName;
  /** Whose machine it is. */
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
  // Beside the person's files, not among them.
  const directory = mkdtempSync(join(process.env["CCS_TEST_TMP"] ?? tmpdir(), "ccs-editor-"));
  const folder = join(person.root, "work");
  mkdirSync(folder, { recursive: true });
  const where = { editor: options.editor, directory, env: person.env };
  if (options.vsix !== undefined) await installExtension(where, options.vsix);
  const server = await startServer({ ...where, settings: options.settings ?? {}, distrusts: options.distrusts === true });
  const leave = async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  const browser = await openBrowser().catch(async (error) => {
    await leave();
    throw error;
  });
  const open = async (folder: string) => {
    const page = await browser.page({ colorScheme: "dark", permissions: ["clipboard-read", "clipboard-write"], ...options.page });
    await page.goto(`${server.url}/?folder=${encodeURIComponent(folder)}`);
    await page.locator(".monaco-workbench .activitybar .action-item").first().waitFor({ timeout: 60_000 });
    return workbenchOn(page);
  };
  try {
    const first = await open(folder);
    return {
      ...first,
      server,
      browser,
      folder,
      settings: (settings) => writeSettings(directory, settings),
      picture: (name) => browser.picture(first.page, `vscode/${name}`),
      window: (other = folder) => open(other),
      async close() {
        await browser.close();
        await leave();
      },
    };
  } catch (error) {
    await browser.close();
    await leave();
    throw error;
  }
}
