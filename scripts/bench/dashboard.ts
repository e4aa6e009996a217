import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { type Browser, openBrowser } from "../../test/support/browser.ts";
import { type Measured, median } from "./measure.ts";
import { BINARY, fill, instance, run, type World } from "./world.ts";

const ACCOUNTS = 500;
const SESSIONS = 20_000;
const ROUNDS = 7;

/** Accounts, some of them in a group of many sessions. */
export function fillForDashboard(world: World): void {
  for (const account of ["work", "spare"]) run(world, BINARY, ["auth", "create", account, "--context-group", "team", "--no-login"]);
  run(world, BINARY, ["auth", "create", "third", "--no-login"]);
  fill(join(world.ccs, "shared/context-groups/team/projects"), SESSIONS, 100);
  const config = join(world.ccs, "config.yaml");
  const lines: string[] = [];
  for (let i = 3; i < ACCOUNTS; i++) {
    const name = `account-${i}`;
    const directory = instance(world, name);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(
      join(directory, ".claude.json"),
      JSON.stringify({ oauthAccount: { emailAddress: `${name}@example.invalid`, accountUuid: name } }),
    );
    lines.push(`  ${name}:`, '    created: "2026-02-24T00:00:00.000Z"', "    last_used: null");
  }
  writeFileSync(config, `${readFileSync(config, "utf8").trimEnd()}\n${lines.join("\n")}\n`, { mode: 0o600 });
}

/** Opens the page and chooses, as a person does, and times what the browser shows. */
export async function measureDashboard(world: World): Promise<Measured[]> {
  const server = spawn(BINARY, ["config", "--json"], { env: world.env, stdio: ["ignore", "pipe", "inherit"] });
  const browser = await openBrowser();
  try {
    await new Promise((listening) => server.stdout.once("data", listening));
    const rounds: Record<string, number>[] = [];
    for (let round = -1; round < ROUNDS; round++) {
      const times = await once(world, browser);
      if (round >= 0) rounds.push(times);
    }
    const names = Object.keys(rounds[0] ?? {});
    return names.map((name) => {
      const times = rounds.map((round) => round[name] ?? Number.NaN).sort((a, b) => a - b);
      return { name, times, median: median(times), ratio: 1 };
    });
  } finally {
    await browser.close();
    server.kill("SIGINT");
  }
}

async function once(world: World, browser: Browser): Promise<Record<string, number>> {
  const { url } = JSON.parse(run(world, BINARY, ["config", "--json"])) as { url: string };
  const page = await browser.page({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  await page
    .locator("tbody tr")
    .nth(ACCOUNTS - 1)
    .waitFor();
  const rows = await page.evaluate("performance.now()");
  const paint = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime");
  const edit = (account: string) => page.getByRole("button", { name: `Edit History Sync of ${account}`, exact: true }).click();
  const settled = () => page.locator(".plan[aria-busy=false]").waitFor();
  await edit("third");
  await page.getByRole("radio", { name: /^shared/ }).check();
  await page.getByRole("radio", { name: /^team/ }).check();
  await page.getByText("becomes shared (team)").waitFor();
  const join_ = await choice(page, /^deeper/);
  await page.keyboard.press("Escape");
  await edit("work");
  await settled();
  const leave = await choice(page, /^isolated/);
  await page.getByText(`0 of ${SESSIONS}`).waitFor();
  const all = await choice(page, /^all sessions/);
  await page.close();
  return {
    [`first paint, ${ACCOUNTS} accounts`]: Number(paint),
    [`all ${ACCOUNTS} rows there (told by the script that drives the browser)`]: Number(rows),
    [`the plan follows a choice: joining a group of ${SESSIONS.toLocaleString("en")} sessions`]: join_,
    "the same: leaving it with its own sessions": leave,
    "the same: leaving it with all of them": all,
  };
}

/** From the choice to the plan that is for it, by the page's own clock. @returns milliseconds */
async function choice(page: Page, name: RegExp): Promise<number> {
  await page.evaluate(`{
    const plan = document.querySelector(".plan");
    addEventListener("change", () => { globalThis.chosenAt = performance.now(); }, { once: true, capture: true });
    globalThis.planAfter = new Promise((done) => {
      new MutationObserver((_, observer) => {
        if (globalThis.chosenAt === undefined || plan.getAttribute("aria-busy") !== "false") return;
        observer.disconnect();
        done(performance.now() - globalThis.chosenAt);
        globalThis.chosenAt = undefined;
      }).observe(plan, { attributes: true, childList: true, subtree: true });
    });
    undefined;
  }`);
  await page.getByRole("radio", { name }).check();
  return Number(await page.evaluate("globalThis.planAfter"));
}
