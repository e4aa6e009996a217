import { errors, type FrameLocator, type Locator, type Page } from "playwright-core";
import { eventually } from "../../support/eventually.ts";

/** A row of a tree, as it is drawn and as it is read out. */
export interface Row {
  readonly name: string;
  readonly description: string;
  /** The codicon's name, without `codicon-`. */
  readonly icon: string;
  readonly level: number;
  readonly expanded: boolean | undefined;
  /** What a screen reader says. */
  readonly spoken: string;
  /** What is drawn behind it at the edge, as the mark of the default account is. */
  readonly mark: string;
}

/** The box in the middle above, as it stands. */
export interface Quick {
  readonly title: string;
  /** Each choice's lines: label, description, detail; what is empty is left out. */
  readonly choices: readonly (readonly string[])[];
  readonly placeholder: string;
  readonly typed: string;
  /** What is said below the input: a prompt, or what is wrong with it. */
  readonly message: string;
}

/** Themes by what they are for: the name both editors have in their list, and how the workbench and its webviews mark it. */
const THEMES = {
  dark: ["Dark (Visual Studio)", "vs-dark", "vscode-dark"],
  light: ["Light (Visual Studio)", "vs", "vscode-light"],
  "high contrast": ["Dark High Contrast", "hc-black", "vscode-high-contrast"],
} as const;

/** What a person does in a workbench, and what they see. Whatever is asked for is waited for. */
export interface Workbench {
  readonly page: Page;
  /** Runs a command from the palette by its full title, `CCS: Run Doctor`. */
  command(title: string): Promise<void>;
  /** Opens a view container by its name in the activity bar. */
  openView(container: string): Promise<void>;
  /** The rows of the view that is open. */
  rows(): Promise<readonly Row[]>;
  /** Waits until the rows are as wanted. */
  untilRows(what: string, holds: (rows: readonly Row[]) => boolean): Promise<readonly Row[]>;
  row(name: string): Locator;
  /** Opens a row on what is below it, or closes it again. */
  open(name: string, wanted: boolean): Promise<void>;
  /** Clicks one of the small buttons a row shows under the mouse, by the beginning of its name. */
  rowAction(name: string, action: string): Promise<void>;
  /** The names of the context menu of a row. Leaves it open. */
  rowMenu(name: string): Promise<readonly string[]>;
  /** Chooses from the context menu of a row. */
  rowMenuItem(name: string, item: string): Promise<void>;
  /** What the tooltip of a row says. */
  rowTooltip(name: string): Promise<string>;
  /** Clicks a button in the title of the open view. */
  viewAction(action: string): Promise<void>;
  /** The number on a container's icon; empty where there is none. */
  badge(container: string): Promise<string>;
  /** The box above, when it shows a title like that. */
  quick(title: string | RegExp): Promise<Quick>;
  /** Answers the question the box asks at a step, by the label of the choice. */
  answerStep(step: number, label: string): Promise<void>;
  /** Waits until the box is closed. */
  quickClosed(): Promise<void>;
  /** Clicks the choice with that label. */
  choose(label: string): Promise<void>;
  /** Types into the box in place of what stands there, and waits until it says so below. */
  fill(text: string): Promise<void>;
  press(...keys: readonly string[]): Promise<void>;
  /** Clicks a button of the box's title bar, `Back`. */
  quickButton(name: string): Promise<void>;
  /** What the notification says that holds these words. */
  notification(words: string | RegExp): Promise<string>;
  /** Clicks a button of the notification that holds these words. */
  answer(words: string | RegExp, button: string): Promise<void>;
  /** All notifications, as they stand. */
  notifications(): Promise<readonly string[]>;
  clearNotifications(): Promise<void>;
  /** The text of a modal dialog. */
  dialog(): Promise<string>;
  dialogButton(name: string): Promise<void>;
  /** Chooses another theme, and waits until all that is shown has it. */
  theme(name: keyof typeof THEMES): Promise<void>;
  /** Our item of the status bar. */
  readonly statusItem: Locator;
  /** What stands in the terminal that is shown. */
  terminal(): Promise<string>;
  /** The inside of the webview that is shown. */
  webview(): FrameLocator;
}

const QUICK = ".quick-input-widget:visible";

export function workbenchOn(page: Page): Workbench {
  const quick = page.locator(QUICK);
  const sidebar = page.locator(".part.sidebar");
  const choice = (label: string) =>
    quick
      .locator(".monaco-list-row")
      .filter({ has: page.locator(".label-name", { hasText: exactly(label) }) })
      .first();
  const bench: Workbench = {
    page,
    async command(title) {
      const input = quick.locator("input[type=text]");
      // A key that is pressed while a panel takes the focus goes to nobody, and a panel that takes it closes the palette.
      await eventually(`${title} chosen from the palette`, async () => {
        try {
          await page.keyboard.press("F1");
          await input.waitFor({ timeout: 3000 });
          if (!(await input.inputValue({ timeout: 1000 })).startsWith(">")) return false;
          await input.fill(`>${title}`, { timeout: 3000 });
          await choice(title).click({ timeout: 5000 });
          return true;
        } catch (error) {
          if (!(error instanceof errors.TimeoutError)) throw error;
          // The list is made when it opens: what has come since is in the next.
          await page.keyboard.press("Escape");
          return false;
        }
      });
    },
    async openView(container) {
      const tab = page.locator(`.activitybar .action-item:has(.action-label[aria-label^="${container}"])`);
      await tab.waitFor();
      await eventually(`the view ${container}`, async () => {
        if ((await tab.getAttribute("aria-expanded")) === "true") return true;
        await tab.click();
        return (await tab.getAttribute("aria-expanded")) === "true";
      });
    },
    rows: () =>
      sidebar.locator(".pane .monaco-list-row").evaluateAll((rows) =>
        rows.map((row) => {
          const text = (selector: string) => row.querySelector(selector)?.textContent?.trim() ?? "";
          const icon = row.querySelector(".custom-view-tree-node-item-icon")?.className ?? "";
          const expanded = row.getAttribute("aria-expanded");
          const drawn = row.querySelector(".monaco-icon-label");
          const { getComputedStyle } = globalThis as unknown as { getComputedStyle(of: unknown, part: string): { content: string } };
          return {
            name: text(".label-name"),
            description: text(".label-description"),
            icon: /codicon-(?!modifier)([\w-]+)/.exec(icon)?.[1] ?? "",
            level: Number(row.getAttribute("aria-level")),
            expanded: expanded === null ? undefined : expanded === "true",
            spoken: row.getAttribute("aria-label") ?? "",
            mark: drawn === null ? "" : (/^"(.*)"$/.exec(getComputedStyle(drawn, "::after").content)?.[1] ?? ""),
          };
        }),
      ),
    untilRows: (what, holds) => eventually(what, bench.rows, holds),
    row: (name) =>
      sidebar
        .locator(".pane .monaco-list-row")
        .filter({ has: page.locator(".label-name", { hasText: exactly(name) }) })
        .first(),
    async open(name, wanted) {
      await eventually(`${name} ${wanted ? "open" : "closed"}`, async () => {
        const isOpen = (await bench.row(name).getAttribute("aria-expanded")) === "true";
        if (isOpen !== wanted) await bench.row(name).locator(".monaco-tl-twistie").click();
        return isOpen === wanted;
      });
    },
    async rowAction(name, action) {
      await bench.row(name).hover();
      await bench.row(name).locator(`.actions .action-label[aria-label^="${action}"]`).click();
    },
    async rowMenu(name) {
      await bench.row(name).click({ button: "right" });
      const items = page.locator(".monaco-menu .action-item .action-label:not(.separator)");
      await items.first().waitFor();
      return (await items.allTextContents()).map((item) => item.trim());
    },
    async rowMenuItem(name, item) {
      const menu = page.locator(".monaco-menu");
      const chosen = menu.locator(".action-menu-item").filter({ has: page.locator(".action-label", { hasText: exactly(item) }) });
      // A menu takes no click in the moment in which it opens, and a panel that takes the focus closes it.
      await eventually(`${item} chosen from the menu of ${name}`, async () => {
        try {
          if ((await menu.count()) === 0) await bench.row(name).click({ button: "right", timeout: 5000 });
          await chosen.click({ timeout: 3000 });
          await menu.waitFor({ state: "detached", timeout: 3000 });
          return true;
        } catch (error) {
          if (error instanceof errors.TimeoutError) return false;
          throw error;
        }
      });
    },
    async rowTooltip(name) {
      const hover = page.locator(".monaco-hover:visible");
      const told = await eventually(
        `the tooltip of ${name}`,
        async () => {
          // A row that is drawn anew meanwhile takes its tooltip away: the mouse comes again.
          await page.mouse.move(700, 500);
          await bench.row(name).locator(".label-name").hover();
          await hover
            .filter({ hasText: name })
            .first()
            .waitFor({ timeout: 3000 })
            .catch(() => undefined);
          return (await hover.allInnerTexts()).find((text) => text.includes(name)) ?? "";
        },
        (text) => text !== "",
      );
      return told.replaceAll("\u00a0", " ").trim();
    },
    async viewAction(action) {
      await sidebar.locator(".composite.title, .pane-header").first().hover();
      await sidebar.locator(`.action-label[aria-label^="${action}"]`).first().click();
    },
    async badge(container) {
      const badge = page.locator(`.activitybar .action-item:has(.action-label[aria-label^="${container}"]) .badge-content`);
      return (await badge.count()) === 0 ? "" : ((await badge.first().textContent()) ?? "").trim();
    },
    async quick(title) {
      const wanted = (seen: Quick | undefined) =>
        seen !== undefined && (typeof title === "string" ? seen.title.includes(title) : title.test(seen.title));
      return (await eventually(`a box titled ${title}`, () => readQuick(page), wanted)) as Quick;
    },
    async answerStep(step, label) {
      await bench.quick(new RegExp(`\\(${step}/\\d+\\)$`));
      await bench.choose(label);
    },
    async quickClosed() {
      await quick.waitFor({ state: "hidden" });
    },
    async choose(label) {
      await choice(label).click();
    },
    async fill(text) {
      await quick.locator("input[type=text]").fill(text);
    },
    async press(...keys) {
      for (const key of keys) await page.keyboard.press(key);
    },
    async quickButton(name) {
      await quick.locator(`.quick-input-titlebar .action-label[aria-label^="${name}"]`).click();
    },
    async notification(words) {
      const found = toast(page, words);
      await found.waitFor();
      return ((await found.locator(".notification-list-item-message").textContent()) ?? "").trim();
    },
    async answer(words, button) {
      const found = toast(page, words);
      await found.waitFor();
      await found.hover();
      await found.locator(`.monaco-button:has-text("${button}")`).click();
    },
    notifications: () => page.locator(".notification-toast .notification-list-item-message").allInnerTexts(),
    async clearNotifications() {
      await bench.command("Notifications: Clear All Notifications");
      await page.locator(".notification-toast").first().waitFor({ state: "detached" });
    },
    async dialog() {
      const box = page.locator(".monaco-dialog-box");
      await box.waitFor();
      return ((await box.locator(".dialog-message-container").allInnerTexts())[0] ?? "").trim();
    },
    async dialogButton(name) {
      await page.locator(`.monaco-dialog-box .monaco-button:has-text("${name}")`).click();
      await page.locator(".monaco-dialog-box").waitFor({ state: "detached" });
    },
    async theme(name) {
      const [label, workbench, webview] = THEMES[name];
      await bench.command("Preferences: Color Theme");
      await bench.fill(label);
      await bench.choose(label);
      await bench.quickClosed();
      await page.locator(`.monaco-workbench.${workbench}`).waitFor();
      if ((await page.locator("iframe.webview.ready").count()) > 0) await bench.webview().locator(`body.${webview}`).waitFor();
    },
    statusItem: page.locator('.statusbar-item[id*="ccs"] .statusbar-item-label').first(),
    async terminal() {
      const rows = page.locator(".terminal-wrapper.active .xterm-rows");
      await rows.waitFor();
      return ((await rows.allInnerTexts())[0] ?? "").replaceAll("\u00a0", " ").trimEnd();
    },
    webview: () => page.frameLocator("iframe.webview.ready").last().frameLocator("#active-frame"),
  };
  return bench;
}

const exactly = (text: string) => new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*$`);

const toast = (page: Page, words: string | RegExp) => page.locator(".notification-toast").filter({ hasText: words }).first();

async function readQuick(page: Page): Promise<Quick | undefined> {
  const found = await page.locator(QUICK).evaluateAll((widgets) =>
    widgets.map((widget) => {
      const text = (selector: string) => widget.querySelector(selector)?.textContent?.trim() ?? "";
      const input = widget.querySelector("input[type=text]") as unknown as { placeholder: string; value: string } | null;
      const rows = [...widget.querySelectorAll(".monaco-list-row")];
      return {
        title: text(".quick-input-title"),
        choices: rows.map((row) =>
          [...row.querySelectorAll(".label-name, .label-description")]
            .filter((part) => (part as unknown as { checkVisibility(): boolean }).checkVisibility())
            .map((part) => part.textContent?.trim() ?? "")
            .filter((part) => part !== ""),
        ),
        placeholder: input?.placeholder ?? "",
        typed: input?.value ?? "",
        message: text(".quick-input-message"),
      };
    }),
  );
  return found[0];
}
