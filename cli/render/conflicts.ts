import { type ConflictReport, formatBytes, type Side } from "../../shared/index.ts";
import { compared, shortened } from "./diff.ts";
import type { Paint } from "./style.ts";
import { moment } from "./time.ts";
import { plain } from "./wrap.ts";

/** Lines of difference that are shown: enough to tell which one is meant. */
const SHOWN = 14;

/** Two files side by side: what each is, and what differs. @param now milliseconds since the epoch */
export function conflictText({ conflict, this: here, that: there }: ConflictReport, now: number, paint: Paint): string {
  return [
    `${paint.bold(plain(conflict.path))}\n`,
    sideLine("this", here, now, paint.red),
    sideLine("that", there, now, paint.green),
    difference(here, there, paint),
  ].join("");
}

function sideLine(name: string, { path, kind, size, changed }: Side, now: number, colour: (text: string) => string): string {
  const what =
    kind === "file" ? formatBytes(size) : kind === "other" ? "neither file, directory nor link" : kind === "nothing" ? "gone" : `a ${kind}`;
  const when = changed === null ? "" : `, changed ${moment(changed, now)}`;
  return `  ${colour(name)}  ${plain(path)}  (${what}${when})\n`;
}

function difference(here: Side, there: Side, paint: Paint): string {
  if (here.kind !== there.kind) return "";
  if (here.text === null || there.text === null) return here.kind === "file" ? `    ${paint.dim("not shown: too long, or no text")}\n` : "";
  const lines = compared(here.text, there.text);
  if (lines === null) return `    ${paint.dim("not shown: too many lines")}\n`;
  const { shown, more } = shortened(lines, SHOWN);
  const painted = shown.map(({ side, text }) => {
    const line = plain(text);
    return side === "both" ? paint.dim(`    ${line}`) : side === "this" ? paint.red(`  - ${line}`) : paint.green(`  + ${line}`);
  });
  return [...painted, ...(more > 0 ? [paint.dim(`    and ${more} more`)] : [])].map((line) => `  ${line}\n`).join("");
}
