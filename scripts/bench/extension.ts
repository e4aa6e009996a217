import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Editor, openEditor } from "../../test/vscode/support/editor.ts";
import type { Workbench } from "../../test/vscode/support/workbench.ts";
import { findBun } from "../setup/bun.mjs";
import { ensureExtension, VSIX } from "../setup/extension.mjs";
import { type Measured, median } from "./measure.ts";
import { makeWorld, manyAccounts, removeWorld } from "./world.ts";

const ROUNDS = 5;

/** Opens windows of the newest editor on many accounts, with the packaged extension, and times what they show. */
export async function measureExtension(accounts: number): Promise<Measured[]> {
  const bun = findBun();
  if (bun === undefined) throw new Error("Bun is not installed here: npm run setup");
  ensureExtension(bun);
  const world = makeWorld();
  manyAccounts(world, accounts);
  const editor = await openEditor({ editor: "newest", person: world, vsix: VSIX });
  try {
    const rounds: Record<string, number>[] = [];
    for (let round = -1; round < ROUNDS; round++) {
      const times = await once(editor, join(world.ccs, "config.yaml"), accounts);
      if (round >= 0) rounds.push(times);
    }
    return Object.keys(rounds[0] ?? {}).map((name) => {
      const times = rounds.map((round) => round[name] ?? Number.NaN).sort((a, b) => a - b);
      return { name, times, median: median(times), ratio: 1 };
    });
  } finally {
    await editor.close();
    removeWorld(world);
  }
}

/** Bytes of the packaged extension. */
export function extensionSize(): number {
  return statSync(VSIX).size;
}

async function once(editor: Editor, config: string, accounts: number): Promise<Record<string, number>> {
  const window = await editor.window();
  try {
    await window.statusItem.waitFor();
    const opened = await untilShown(window, "account-0", () =>
      window.page.locator('.activitybar a.action-label[aria-label^="CCS"]').click(),
    );
    const before = readFileSync(config, "utf8").replace(/^default: .*\n/m, "");
    writeFileSync(config, before);
    await window.untilRows(
      "no default account",
      (rows) => rows.length > 0 && rows.every(({ spoken }) => !spoken.includes("the default account")),
    );
    const change = () => writeFileSync(config, `${before}default: account-0\n`);
    const shown = await untilShown(window, "account-0, the default account", change);
    const activation = await activationOf(window);
    return {
      [`activation, ${accounts} accounts (as the editor tells it)`]: activation,
      [`the Accounts view opened, to its first row, ${accounts} accounts`]: opened,
      [`a change on disk, to the row that shows it, ${accounts} accounts`]: shown,
    };
  } finally {
    await window.page.context().close();
  }
}

/** Milliseconds, from the list of running extensions that the editor keeps. */
async function activationOf(window: Workbench): Promise<number> {
  await window.command("Developer: Show Running Extensions");
  const row = window.page.locator(".runtime-extensions-editor .extension").filter({ hasText: "CCS: accounts for Claude Code" });
  const time = row.locator(".activation-time", { hasText: /\d+ ?ms/ });
  await time.waitFor({ timeout: 60_000 });
  const told = /(\d+) ?ms/.exec((await time.textContent()) ?? "")?.[1];
  if (told === undefined) throw new Error("the editor does not tell how long the activation took");
  return Number(told);
}

/** From what is done until a row says something, by this process's clock. */
async function untilShown({ page }: Workbench, spoken: string, act: () => unknown): Promise<number> {
  const from = performance.now();
  await act();
  await page.locator(`.sidebar .monaco-list-row[aria-label^="${spoken}"]`).first().waitFor();
  return performance.now() - from;
}
