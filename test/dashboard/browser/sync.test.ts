import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, openBrowser } from "../../support/browser.ts";
import { eventually } from "../../support/eventually.ts";
import { makePerson, type Person } from "../../support/person.ts";
import { type Dashboard, openDashboard, type Window } from "../support/window.ts";

let person: Person;
let browser: Browser;
let dashboard: Dashboard;
let window: Window;

beforeEach(async () => {
  person = makePerson();
  await person.must("auth", "create", "work", "--no-login");
  for (let n = 0; n < 3; n++) person.session("work", `task ${n}`);
  await person.must("auth", "create", "spare", "--context-group", "team-alpha", "--no-login");
  person.session("spare", "theirs");
  browser = await openBrowser();
  dashboard = await openDashboard(person);
  window = await dashboard.window(browser);
});
afterEach(async () => {
  await browser?.close();
  await dashboard?.end();
  await person?.close();
});

const contextOf = async (account: string) => JSON.parse((await person.must("auth", "show", account, "--json")).stdout).account.context;
const shown = (account: string, wanted: string) =>
  eventually(
    `${account} is ${wanted}`,
    async () => (await window.cells(account))[1] ?? "",
    (cell) => cell.replace(" ,", ",") === wanted,
  );

describe("Edit History Sync", () => {
  test("shows the plan while one chooses, applies it, and takes it back from the confirmation", async () => {
    await window.edit("work");
    await window.choose("shared", "team-alpha");
    expect(await window.plan("3 sessions move into team-alpha")).toContain("work becomes shared (team-alpha)");
    await window.choose("deeper");
    expect(await window.plan("work becomes shared (team-alpha), deeper")).toContain("3 sessions move");
    expect(await contextOf("work")).toBe("isolated");
    await browser.picture(window.page, "dashboard/plan");
    await window.press("Apply");
    await eventually(
      "the confirmation",
      () => window.dialog.innerText(),
      (text) => text.includes("Undo"),
    );
    expect(await contextOf("work")).toBe("shared (team-alpha), deeper");
    expect(lstatSync(join(person.instance("work"), "projects")).isSymbolicLink()).toBe(true);

    await window.dialog.getByRole("button", { name: /^Undo/ }).click();
    await window.plan("work becomes isolated");
    await window.dialog.getByRole("button", { name: /^Undo/ }).last().click();
    await shown("work", "isolated");
    expect(await contextOf("work")).toBe("isolated");
  });

  test("says what is wrong with the name of a new group at its field, in the policy's words, until it is one", async () => {
    await window.edit("work");
    await window.choose("shared", "a new group");
    const name = window.dialog.getByLabel("Name of the new group");
    await name.fill("9 lives");
    await eventually(
      "what is wrong",
      () => window.dialog.innerText(),
      (text) => text.includes("has to start with a letter"),
    );
    expect(await name.getAttribute("aria-invalid")).toBe("true");
    expect(await window.dialog.getByRole("button", { name: "Apply" }).isDisabled()).toBe(true);
    await name.fill("Team Beta");
    await window.plan("work becomes shared (team-beta)");
    await window.press("Apply");
    await shown("work", "shared (team-beta)");
  });

  test("on leaving asks what comes along, with counts", async () => {
    await person.must("auth", "edit", "work", "--context-group", "team-alpha", "--yes");
    await shown("work", "shared (team-alpha)");
    await window.edit("work");
    await window.choose("isolated");
    expect(await window.plan(/takes a copy of 3 sessions along/)).toContain("1 stays in team-alpha");
    await window.choose("all sessions");
    await window.plan(/takes a copy of 4 sessions along/);
    await window.press("Apply");
    await shown("work", "isolated");
    expect(await contextOf("work")).toBe("isolated");
  });

  test("a plan that is another by now is refused, and shown anew", async () => {
    await window.edit("work");
    await window.choose("shared", "team-alpha");
    await window.plan("3 sessions move into team-alpha");
    const apply = window.dialog.getByRole("button", { name: "Apply", exact: true });
    // Between what is seen and the click: the page has not heard of it when it asks.
    await window.page.route("**/api/apply", async (route) => {
      person.session("work", "one more");
      await route.continue();
    });
    await apply.click();
    const text = await eventually(
      "the new plan",
      () => window.dialog.innerText(),
      (seen) => seen.includes("4 sessions move into team-alpha"),
    );
    expect(text).toMatch(/changed/i);
    expect(await contextOf("work")).toBe("isolated");
  });

  test("a lock that is held is said, with who holds it, and nothing is changed", async () => {
    await window.edit("work");
    await window.choose("shared", "team-alpha");
    await window.plan("3 sessions move into team-alpha");
    const lock = join(person.ccsDir, "state", "lock");
    mkdirSync(lock, { recursive: true });
    writeFileSync(join(lock, "holder"), JSON.stringify(elsewhere()));
    await window.press("Apply");
    const text = await eventually(
      "who holds it",
      () => window.dialog.innerText(),
      (seen) => seen.includes("another-host"),
    );
    expect(text).toContain("another-host");
    expect(await contextOf("work")).toBe("isolated");
  });

  test("Esc at any step changes nothing", async () => {
    const before = person.tree();
    await window.edit("work");
    await window.choose("shared", "team-alpha");
    await window.plan("3 sessions move into team-alpha");
    await window.page.keyboard.press("Escape");
    await window.dialog.waitFor({ state: "detached" });
    expect(person.tree()).toEqual(before);
  });
});

/** A holder on another machine, which nobody here can tell to be dead. */
function elsewhere(): object {
  return {
    ...{ token: "b6f0f3a2", host: "another-host", machine: "another", boot: "another", namespace: "another", pid: 7, start: "7" },
    ...{ doing: "changing the history sync of spare", since: new Date().toISOString() },
  };
}

test("two windows and the command line see what each other does, within a moment", async () => {
  const other = await dashboard.window(browser);
  await person.must("auth", "edit", "work", "--context-group", "team-alpha", "--yes");
  await shown("work", "shared (team-alpha)");
  await eventually(
    "the other window",
    async () => (await other.cells("work"))[1] ?? "",
    (cell) => cell === "shared (team-alpha)",
  );
  await other.edit("spare");
  await other.choose("isolated");
  await other.plan("spare becomes isolated");
  await other.press("Apply");
  await shown("spare", "isolated");
  expect(await contextOf("spare")).toBe("isolated");
});
