import type { AccountReport } from "../../shared/index.ts";
import { resultPaint } from "./health.ts";
import { loginLong, loginShort } from "./login.ts";
import type { Paint } from "./style.ts";
import { type Cell, table } from "./table.ts";
import { ago, date, moment } from "./time.ts";
import { count } from "./words.ts";
import { GLUE, hanging, plain } from "./wrap.ts";

const TITLES = ["Account", "Context", "Login", "Limited until", "Last used", "Health"];

/** `ccs auth list`. */
export function accountTable(accounts: readonly AccountReport[], now: number, paint: Paint, width: number | null): string {
  const titles = TITLES.map((text) => ({ text, paint: paint.bold }));
  const rows = accounts.map((account): Cell[] => [
    { text: `${account.name}${account.isDefault ? " (default)" : ""}`, paint: account.isDefault ? paint.bold : String },
    contextCell(account, paint),
    { text: loginShort(account.identity, now), paint: account.identity.loggedIn ? String : paint.yellow },
    account.limitedUntil === null ? { text: "-", paint: paint.dim } : { text: moment(account.limitedUntil, now), paint: paint.yellow },
    { text: account.running > 0 ? "running" : ago(account.lastUsed, now).replaceAll(" ", GLUE) },
    { text: account.health, paint: resultPaint(account.health, paint) },
  ]);
  return table(titles, rows, width);
}

/** `ccs auth show`. */
export function accountDetails(account: AccountReport, now: number, paint: Paint, width: number | null): string {
  const running = account.running > 0 ? `, ${count(account.running, "client")} running now` : "";
  const rows: [string, string][] = [
    ["Account", `${account.name}${account.isDefault ? " (default)" : ""}`],
    ["Context", account.context],
    ["Login", loginLong(account.identity, now)],
    ["Limited until", account.limitedUntil === null ? "not limited, as far as its transcripts tell" : moment(account.limitedUntil, now)],
    ["Last used", `${ago(account.lastUsed, now)}${running}`],
    ["Created", day(account.created)],
    ["Instance", plain(account.instance)],
    ["Health", account.health],
  ];
  const lines = rows.map(([title, value]) => {
    const label = `${title}:`.padEnd(15);
    const line = hanging(label, value, width).replace(label, paint.bold(label));
    return title === "Health" ? line.replace(value, resultPaint(account.health, paint)(value)) : line;
  });
  const problems = account.problems.flatMap(({ message, fix }) => [
    hanging("  - ", plain(message), width),
    ...(fix === null ? [] : [`    ${paint.cyan(plain(fix))}`]),
  ]);
  return `${[...lines, ...problems].join("\n")}\n`;
}

function day(iso: string | null): string {
  const time = iso === null ? Number.NaN : Date.parse(iso);
  return Number.isNaN(time) ? "not recorded" : date(time);
}

function contextCell(account: AccountReport, paint: Paint): Cell {
  // The group's name stays beside its word; only ", deeper" may go to a line of its own.
  const text = account.context.replace("shared (", `shared${GLUE}(`);
  return { text, paint: account.policy === null ? paint.red : String };
}
