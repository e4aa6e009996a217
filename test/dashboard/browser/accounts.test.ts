import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, lstatSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, openBrowser } from "../../support/browser.ts";
import { eventually } from "../../support/eventually.ts";
import { makePerson, type Person } from "../../support/person.ts";
import { type Dashboard, openDashboard, type Window } from "../support/window.ts";

let person: Person;
let browser: Browser;
let dashboard: Dashboard;
let window: Window;

beforeAll(async () => {
  person = makePerson();
  await person.must("auth", "create", "work", "--context-group", "team-alpha", "--deeper-continuity");
  await person.must("auth", "create", "spare", "--context-group", "team-alpha");
  await person.must("auth", "create", "home", "--no-login");
  await person.must("auth", "default", "work");
  browser = await openBrowser();
  dashboard = await openDashboard(person);
  window = await dashboard.window(browser);
});
afterAll(async () => {
  await browser?.close();
  await dashboard?.end();
  await person?.close();
});

const names = () => window.page.locator("table.accounts .account").allInnerTexts();
const context = async (account: string) => (await window.cells(account))[1];

describe("the table of accounts", () => {
  test("shows each with its context, who is logged in, until when, last used and health, and marks the default and deeper", async () => {
    expect(await names()).toEqual(["work", "spare", "home"]);
    expect((await window.cells("work")).slice(0, 6)).toEqual([
      expect.stringMatching(/^work ?default$/),
      expect.stringMatching(/^shared \(team-alpha\) ?, ?deeper$/),
      expect.stringContaining("person@example.invalid"),
      "2100-01-01",
      "never",
      "ok",
    ]);
    expect(await context("spare")).toBe("shared (team-alpha)");
    expect(await context("home")).toBe("isolated");
    expect((await window.cells("home"))[5]).toContain("nobody is logged in");
    expect(await window.page.getByRole("button", { name: /^Edit History Sync of / }).count()).toBe(3);
  });

  test("is narrowed by what is typed behind a slash, and whole again after Esc", async () => {
    await window.page.keyboard.press("/");
    await window.page.keyboard.type("team");
    await eventually("two rows", names, (found) => found.join() === "work,spare");
    await window.page.keyboard.press("Escape");
    await window.page.getByRole("searchbox").fill("");
    await eventually("three rows", names, (found) => found.length === 3);
  });

  test("is sorted by a column, the other way round, and back", async () => {
    const heading = window.page.getByRole("columnheader", { name: "Account" });
    const sort = heading.getByRole("button");
    await sort.click();
    await eventually("by name", names, (found) => found.join() === "home,spare,work");
    expect(await heading.getAttribute("aria-sort")).toBe("ascending");
    await sort.click();
    await eventually("the other way round", names, (found) => found.join() === "work,spare,home");
    await sort.click();
    await eventually(
      "as in config.yaml",
      () => heading.getAttribute("aria-sort"),
      (sorted) => sorted === null,
    );
  });

  test("is gone through with the keyboard: arrows from pencil to pencil, Enter opens, Esc closes and gives the focus back", async () => {
    const pencil = (account: string) => window.page.getByRole("button", { name: `Edit History Sync of ${account}`, exact: true });
    await pencil("work").focus();
    await window.page.keyboard.press("ArrowDown");
    await window.page.keyboard.press("Enter");
    await window.dialog.getByRole("heading", { name: "Edit History Sync of spare" }).waitFor();
    await window.page.keyboard.press("Escape");
    await window.dialog.waitFor({ state: "detached" });
    expect(await pencil("spare").evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true);
  });
});

describe("an account", () => {
  test("becomes the default, and none is", async () => {
    await window.menu("spare", "Make it the default");
    await eventually(
      "spare is the default",
      async () => (await window.cells("spare"))[0] ?? "",
      (cell) => cell.includes("default"),
    );
    await window.menu("spare", "No default account");
    await eventually(
      "none is",
      () => window.page.locator(".tag", { hasText: "default" }).count(),
      (found) => found === 0,
    );
    expect((await person.must("auth", "default", "--json")).stdout).toContain("null");
  });

  test("is created; its login is finished in a terminal, and the page sees it come about", async () => {
    await window.page.getByRole("button", { name: "Create account" }).click();
    const name = window.dialog.getByLabel("Name", { exact: true });
    await name.fill("doctor");
    await eventually(
      "what is wrong with the name",
      () => window.dialog.innerText(),
      (text) => text.includes("command of ccs"),
    );
    expect(await window.dialog.getByRole("button", { name: "Create", exact: true }).isDisabled()).toBe(true);
    await name.fill("fresh");
    await window.choose("shared", "team-alpha", "deeper");
    await window.press("Create");
    await eventually(
      "the command of the login",
      () => window.dialog.innerText(),
      (text) => text.includes("ccs auth login fresh"),
    );
    expect(await window.dialog.innerText()).toContain("Waiting for the login");
    expect(lstatSync(join(person.instance("fresh"), "file-history")).isSymbolicLink()).toBe(true);
    await person.must("auth", "login", "fresh");
    await eventually(
      "the login",
      () => window.dialog.innerText(),
      (text) => text.includes("Logged in: person@example.invalid"),
    );
    await window.press("Done");
    expect((await window.cells("fresh"))[2]).toContain("person@example.invalid");
  });

  test("is removed with a plan and a way back, and comes back", async () => {
    await window.menu("fresh", "Remove");
    await window.plan("is taken out of config.yaml");
    await window.press("Remove");
    await eventually(
      "the way back",
      () => window.dialog.innerText(),
      (text) => text.includes("Bring it back"),
    );
    await eventually("it is gone", names, (found) => !found.includes("fresh"));
    expect(existsSync(person.instance("fresh"))).toBe(false);
    await window.press("Bring it back");
    await window.plan("comes back, isolated");
    await window.press("Bring it back");
    await eventually("it is back", names, (found) => found.includes("fresh"));
    await window.page.keyboard.press("Escape");
    expect(await context("fresh")).toBe("isolated");
  });
});

test("a config.yaml that cannot be followed is said with its line, and nothing is written", async () => {
  const sound = readFileSync(person.config, "utf8");
  const broken = sound.replace(/(context_mode: )"?isolated"?/, "$1isolatd");
  writeFileSync(person.config, broken);
  await eventually(
    "the problem",
    () => window.page.locator("main").innerText(),
    (text) => /config\.yaml:\d+:\d+/.test(text) && text.includes("isolatd"),
  );
  await browser.picture(window.page, "dashboard/broken");
  expect(readFileSync(person.config, "utf8")).toBe(broken);
  writeFileSync(person.config, sound);
  await eventually(
    "it is sound again",
    () => window.page.locator("main").innerText(),
    (text) => !text.includes("isolatd"),
  );
});
