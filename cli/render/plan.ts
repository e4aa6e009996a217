import type { Blocker, Preview } from "../../shared/index.ts";
import type { Paint } from "./style.ts";
import { hanging, plain } from "./wrap.ts";

/** What would happen, one sentence an item. */
export function sentenceLines(sentences: readonly string[], width: number | null): string {
  return sentences.map((sentence) => `${hanging("  - ", plain(sentence), width)}\n`).join("");
}

/** A plan as a person reads it before saying yes: what it does, and what stands in its way. */
export function planText(account: string, { sentences, plan }: Preview, paint: Paint, width: number | null): string {
  return proposalText(account, sentences, plan.blockers, paint, width);
}

/** The same for anything that is asked about. @param about whom or what it happens to */
export function proposalText(
  about: string,
  sentences: readonly string[],
  blockers: readonly Blocker[],
  paint: Paint,
  width: number | null,
): string {
  const does = sentences.length > 0 ? `${paint.bold(`What happens to ${about}`)}\n${sentenceLines(sentences, width)}` : "";
  if (blockers.length === 0) return does;
  return `${does}${paint.bold("What stands in the way")}\n${blockers.map((blocker) => blockerLines(blocker, paint, width)).join("")}`;
}

function blockerLines(blocker: Blocker, paint: Paint, width: number | null): string {
  const where = blocker.message.includes(blocker.where) ? "" : `    at ${plain(blocker.where)}\n`;
  return `${hanging("  - ", plain(blocker.message), width)}\n${where}${paint.cyan(hanging("    ", plain(blocker.hint), width))}\n`;
}
