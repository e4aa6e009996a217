import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { BINARY } from "../../support/binary.ts";
import type { Browser } from "../../support/browser.ts";
import { eventually } from "../../support/eventually.ts";
import type { Person } from "../../support/person.ts";

/** A `ccs config` that runs for as long as the test. */
export interface Dashboard {
  readonly origin: string;
  /** The pid of the server. */
  readonly pid: number;
  /** A window of the browser that is signed in, as a person opens one: with the link of `ccs config`. */
  window(browser: Browser, options?: BrowserContextOptions): Promise<Window>;
  end(): Promise<void>;
}

/** What a person sees and does in one window. */
export interface Window {
  readonly page: Page;
  readonly dialog: Locator;
  row(account: string): Locator;
  /** The words of an account's row, column by column. */
  cells(account: string): Promise<string[]>;
  goTo(name: "Accounts" | "Groups" | "Doctor"): Promise<void>;
  /** Opens Edit History Sync of an account by its pencil. */
  edit(account: string): Promise<void>;
  /** Chooses in the open dialog by what stands on the card. */
  choose(...labels: readonly string[]): Promise<void>;
  /** The sentences of the plan in the open dialog, once there are any that hold these words. */
  plan(words: string | RegExp): Promise<string>;
  press(name: string): Promise<void>;
  /** From the menu behind the three dots. */
  menu(account: string, item: string): Promise<void>;
}

async function link(person: Person): Promise<{ readonly url: string; readonly pid: number; readonly child: Bun.Subprocess }> {
  const child = Bun.spawn([BINARY, "config", "--json", "--no-open"], {
    cwd: person.root,
    env: { ...person.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  let said = "";
  for await (const bytes of child.stdout) {
    said += new TextDecoder().decode(bytes);
    if (said.includes("\n")) break;
  }
  if (!said.includes("\n")) throw new Error(`ccs config said: ${said}${await child.stderr.text()}`);
  return { ...(JSON.parse(said) as { url: string; pid: number }), child };
}

export async function openDashboard(person: Person): Promise<Dashboard> {
  const { url, pid, child } = await link(person);
  let first: string | null = url;
  return {
    origin: new URL(url).origin,
    pid,
    async window(browser, options = {}) {
      const page = await browser.page({ viewport: { width: 1440, height: 900 }, ...options });
      await page.goto(first ?? (await link(person)).url);
      first = null;
      await page.getByRole("heading", { level: 1 }).waitFor();
      return windowOn(page);
    },
    async end() {
      child.kill("SIGINT");
      await child.exited;
    },
  };
}

function windowOn(page: Page): Window {
  const dialog = page.getByRole("dialog");
  const own: Window = {
    page,
    dialog,
    row: (account) =>
      page.locator("table.accounts tbody tr").filter({ has: page.locator(".account", { hasText: new RegExp(`^${account}$`) }) }),
    async cells(account) {
      const cells = await own.row(account).locator("th, td").allInnerTexts();
      return cells.map((text) => text.replace(/\s+/g, " ").trim());
    },
    async goTo(name) {
      await page.getByRole("link", { name }).click();
      await page.getByRole("heading", { level: 1, name }).waitFor();
    },
    async edit(account) {
      await page.getByRole("button", { name: `Edit History Sync of ${account}`, exact: true }).click();
      await dialog.getByRole("heading", { name: `Edit History Sync of ${account}` }).waitFor();
    },
    async choose(...labels) {
      for (const label of labels)
        await dialog.locator("label.card", { has: page.locator("strong", { hasText: new RegExp(`^${label}$`) }) }).click();
    },
    async plan(words) {
      const holds = (text: string) => (typeof words === "string" ? text.includes(words) : words.test(text));
      return eventually(`a plan that says ${words}`, () => dialog.innerText(), holds);
    },
    press: (name) => dialog.getByRole("button", { name, exact: true }).click(),
    async menu(account, item) {
      await page.getByRole("button", { name: `More for ${account}`, exact: true }).click();
      await page.getByRole("menuitem", { name: item, exact: true }).click();
    },
  };
  return own;
}
