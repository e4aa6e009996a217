import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { type Browser, openBrowser } from "../../support/browser.ts";
import { eventually } from "../../support/eventually.ts";
import { makePerson, type Person } from "../../support/person.ts";
import { type Dashboard, openDashboard, type Window } from "../support/window.ts";

const AXE = readFileSync(join(import.meta.dir, "../../../node_modules/axe-core/axe.min.js"), "utf8");
const MEMORY = join("projects", "-home-person-task", "memory");

let person: Person;
let browser: Browser;
let dashboard: Dashboard;

beforeAll(async () => {
  person = makePerson();
  for (const [account, words] of [["work", "ours"] as const, ["spare", "theirs"] as const]) {
    await person.must("auth", "create", account);
    for (let n = 0; n < 3; n++) person.session(account, `task ${n}`);
    mkdirSync(join(person.instance(account), MEMORY), { recursive: true });
    writeFileSync(join(person.instance(account), MEMORY, "MEMORY.md"), `${words}\n`);
    await person.must("auth", "edit", account, "--context-group", "team-alpha", "--yes");
  }
  await person.must("auth", "create", "home", "--no-login");
  await person.must("auth", "default", "work");
  browser = await openBrowser();
  dashboard = await openDashboard(person);
});
afterAll(async () => {
  await browser?.close();
  await dashboard?.end();
  await person?.close();
});

/** What axe has against a page, as `rule: selector`. It is handed over by the debugger: the page's own policy would not load it. */
async function complaints(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

const overflow = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = (
      globalThis as unknown as { document: { documentElement: { scrollWidth: number; clientWidth: number } } }
    ).document.documentElement;
    return scrollWidth - clientWidth;
  });

const LOOKS = [
  ["light", 1440],
  ["dark", 1440],
  ["light", 375],
  ["dark", 375],
] as const;

for (const [colorScheme, width] of LOOKS) {
  test(`every page and dialog in ${colorScheme}, ${width} pixels wide: nothing for axe to complain of, nothing wider than the window`, async () => {
    const window = await dashboard.window(browser, { colorScheme, viewport: { width, height: width < 500 ? 812 : 900 } });
    const { page } = window;
    const seen: Record<string, { axe: string[]; tooWide: number }> = {};
    const look = async (name: string) => {
      await browser.picture(page, `dashboard/${name}-${colorScheme}-${width}`);
      seen[name] = { axe: await complaints(page), tooWide: await overflow(page) };
    };
    await look("accounts");
    await window.edit("home");
    await window.choose("shared", "team-alpha", "deeper");
    await window.plan("home becomes shared (team-alpha), deeper");
    await look("edit");
    await page.keyboard.press("Escape");
    await window.edit("spare");
    await window.choose("isolated");
    await window.plan("takes a copy");
    await look("leave");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Create account" }).click();
    await look("create");
    await page.keyboard.press("Escape");
    await window.goTo("Groups");
    await page.getByText("team-alpha").first().click();
    await page.getByText("MEMORY.from-spare.md").first().waitFor();
    await look("groups");
    await window.goTo("Doctor");
    await eventually(
      "what the doctor says",
      () => page.getByRole("status").innerText(),
      (text) => text.includes("warning"),
    );
    await look("doctor");
    const well = { axe: [], tooWide: 0 };
    expect(seen).toEqual({ accounts: well, edit: well, leave: well, create: well, groups: well, doctor: well });
    await page.close();
  });
}

describe("the pages", () => {
  let window: Window;
  beforeAll(async () => {
    window = await dashboard.window(browser);
  });

  /** As long as it is at work, a dialog does not let go. */
  const closeDialog = () =>
    eventually("the dialog is closed", async () => {
      await window.page.keyboard.press("Escape");
      return (await window.dialog.count()) === 0;
    });

  test("Groups tells who is in, how much, whose the sessions are, and what waits for a person", async () => {
    await window.goTo("Groups");
    const panel = window.page.locator("li.panel", { hasText: "team-alpha" });
    await panel.locator("summary").click();
    const text = await eventually(
      "the details",
      () => panel.innerText(),
      (seen) => seen.includes("MEMORY.from-spare.md"),
    );
    expect(text).toContain("work and spare");
    expect(text).toContain("6 sessions");
    expect(text).toContain("1 conflict waits");
    expect(text).toContain("ccs group resolve team-alpha");
    expect(text).toContain(join(person.ccsDir, "shared", "context-groups", "team-alpha"));
    for (const account of ["work", "spare"]) expect(await panel.getByLabel(`Sessions of ${account}`).getAttribute("value")).toBe("3");
  });

  test("Doctor shows what the command finds, mends one thing after its plan was seen, then all that is safe, and follows the disk", async () => {
    await window.goTo("Doctor");
    const login = join(person.instance("work"), ".credentials.json");
    chmodSync(login, 0o644);
    unlinkSync(join(person.instance("spare"), "projects"));
    const main = window.page.locator("main");
    await eventually(
      "both",
      () => main.innerText(),
      (seen) => seen.includes("can be read by others") && seen.includes("not linked"),
    );
    await browser.picture(window.page, "dashboard/doctor-problems");
    await window.page.getByRole("button", { name: "Fix credentials of work" }).click();
    await window.plan("becomes readable by you alone");
    expect(statSync(login).mode & 0o777).toBe(0o644);
    await window.press("Fix");
    await eventually(
      "it is mended",
      () => statSync(login).mode & 0o777,
      (mode) => mode === 0o600,
    );
    await closeDialog();
    await eventually(
      "only the links are left",
      () => main.innerText(),
      (seen) => !seen.includes("can be read by others"),
    );
    await window.page.getByRole("button", { name: /^Fix all that is safe/ }).click();
    await window.plan("The links of spare are mended");
    await window.press("Fix");
    await eventually(
      "nothing is left",
      () => main.innerText(),
      (seen) => !seen.includes("not linked"),
    );
    await closeDialog();
    const { checks } = JSON.parse((await person.ccs(["doctor", "--json"])).stdout) as { checks: { result: string }[] };
    expect(checks.filter(({ result }) => result === "error")).toEqual([]);
  });
});

describe("a browser", () => {
  test("keeps no cookie, and its bearer for one tab; the token is gone from the address, and its link is good once", async () => {
    const { page } = await dashboard.window(browser);
    expect(await page.context().cookies()).toEqual([]);
    expect(page.url()).not.toContain("token");
    const kept = await page.evaluate(() => {
      const { localStorage, sessionStorage } = globalThis as unknown as {
        localStorage: { length: number };
        sessionStorage: { length: number };
      };
      return [localStorage.length, sessionStorage.length];
    });
    expect(kept).toEqual([0, 1]);
    await page.reload();
    await page.locator("table.accounts").waitFor();
    // Another tab of the same profile has nothing to show.
    const other = await page.context().newPage();
    await other.goto(dashboard.origin);
    await eventually(
      "it is not signed in",
      () => other.locator("body").innerText(),
      (text) => text.includes("ccs config"),
    );
    expect(await other.locator("table").count()).toBe(0);
    await browser.picture(other, "dashboard/not-signed-in");
    expect(await complaints(other)).toEqual([]);
  });

  test("refuses what a page of somebody else posts to it, whatever address it was reached by", async () => {
    const stranger = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: () => new Response("<!doctype html><title>x</title>", { headers: { "content-type": "text/html" } }),
    });
    try {
      const page = await browser.page();
      await page.goto(`http://127.0.0.1:${stranger.port}/`);
      const answered = await page.evaluate(async (address) => {
        try {
          const response = await fetch(`${address}/api/accounts`, { method: "POST", mode: "no-cors", body: "{}" });
          return response.type;
        } catch (error) {
          return String(error);
        }
      }, dashboard.origin);
      // What comes back cannot be read, and by the server's own tests is a refusal.
      expect(answered).toMatch(/opaque|TypeError/);
      // What the frame and the post of a stranger come to is told by the console as an error.
      const framed = await page.evaluate(async (address) => {
        const { document } = globalThis as unknown as {
          document: { createElement(tag: string): { src: string; onload: () => void }; body: { append(part: unknown): void } };
        };
        const frame = document.createElement("iframe");
        const loaded = new Promise<void>((done) => {
          frame.onload = done;
        });
        frame.src = address;
        document.body.append(frame);
        await loaded;
        return (globalThis as unknown as { frames: { length: number } }).frames.length;
      }, dashboard.origin);
      expect(framed).toBe(1);
      const inside = page.frames().find((frame) => frame !== page.mainFrame());
      expect(await inside?.content().catch(() => "")).not.toContain("<nav");
    } finally {
      await stranger.stop(true);
    }
  });
});

test("500 accounts are shown and searched, names that look like markup as they are", async () => {
  const many = makePerson();
  try {
    const entries = Array.from({ length: 500 }, (_, n) => `  account-${n}:\n    context_mode: shared\n    context_group: team-${n % 7}\n`);
    mkdirSync(many.ccsDir, { recursive: true });
    writeFileSync(many.config, `accounts:\n${entries.join("")}  "<img src=x>": {}\n`, { mode: 0o600 });
    const served = await openDashboard(many);
    try {
      const window = await served.window(browser);
      await eventually(
        "all rows",
        () => window.page.locator("table.accounts tbody tr").count(),
        (found) => found >= 500,
      );
      await window.page.getByRole("searchbox").fill("account-499");
      await eventually(
        "one row",
        () => window.page.locator("table.accounts tbody tr").count(),
        (found) => found === 1,
      );
      expect(await window.page.locator("main img").count()).toBe(0);
      expect(await window.page.locator("main").innerText()).toContain("<img src=x>");
    } finally {
      await served.end();
    }
  } finally {
    await many.close();
  }
});

test("nothing was asked of anybody but this machine, no policy was run into, and nothing was thrown", () => {
  expect(browser.asked.length).toBeGreaterThan(0);
  expect(browser.strangers()).toEqual([]);
  // What the frame and the post of a stranger come to is told by the console as an error.
  const framed = (line: string) => /ERR_BLOCKED_BY_RESPONSE|ERR_FAILED|frame-ancestors|status of 40/i.test(line);
  expect(browser.said.filter((line) => /^(?:error|uncaught)/.test(line) && !framed(line))).toEqual([]);
});
