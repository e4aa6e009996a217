import { CcsError, type Change, describePolicy, type Home, type Preview, previewChange, requireUnblocked } from "../shared/index.ts";
import { applyNow, preview } from "./change.ts";
import { err, out } from "./output.ts";
import { applyAsking } from "./prompt/apply.ts";
import { canAsk } from "./prompt/ask.ts";
import { json } from "./render/json.ts";
import { planText, sentenceLines } from "./render/plan.ts";
import { paintFor, widthOf } from "./render/style.ts";

/** How a person wants a change carried out. */
export interface Wanted {
  /** Only say what would happen. */
  readonly dryRun: boolean;
  /** Do not ask. */
  readonly yes: boolean;
  readonly json: boolean;
}

/**
 * Says what a change would do, applies it, or shows it and asks.
 * @returns the exit code
 * @throws CcsError `usage` where nobody can be asked and nobody said --yes
 */
export async function carryOut(there: Home, change: Change, { dryRun, yes, json: asJson }: Wanted): Promise<number> {
  if (dryRun) return sayOnly(there, change, asJson);
  if (yes) return applyUnseen(there, change, asJson);
  if (!canAsk() || asJson) throw unasked(there, change);
  return applyAsking(there, change);
}

/** Says what would happen. @returns 0, or the exit code the change itself would have */
function sayOnly(there: Home, change: Change, asJson: boolean): number {
  const seen = preview(there, change);
  const blocked = blockerOf(seen);
  if (asJson) {
    const { sentences, digest, plan } = seen;
    out(json({ account: change.account, from: plan.intent.from, to: change.to, applicable: blocked === null, sentences, digest, plan }));
  } else if (nothing(seen)) {
    out(`Nothing would change: ${change.account} is ${describePolicy(change.to)}.\n`);
  } else {
    out(planText(change.account, seen, paintFor(1), widthOf(1)));
  }
  return blocked?.exit ?? 0;
}

/** Applies what is right now: with `--yes` nobody looks at a plan first. */
function applyUnseen(there: Home, change: Change, asJson: boolean): number {
  const report = applyNow(there, change);
  if (asJson) out(json({ change: report }));
  else if (report.operations === 0 && report.sentences.length === 0)
    out(`Nothing to change: ${change.account} is ${describePolicy(change.to)}.\n`);
  else out(`${sentenceLines(report.sentences, widthOf(1))}${change.account} is ${describePolicy(report.to)}.\n`);
  return 0;
}

/** A change that nobody can say yes to: the plan on standard error, nothing changed. */
function unasked(there: Home, change: Change): CcsError {
  const seen = previewChange(there, change);
  err(planText(change.account, seen, paintFor(2), widthOf(2)));
  return new CcsError("usage", "there is no terminal to ask on whether to apply this", {
    untouched: "Nothing was changed.",
    hint: "Apply it unseen: the same command with --yes",
  });
}

function nothing(seen: Preview): boolean {
  return seen.sentences.length === 0 && seen.plan.blockers.length === 0;
}

function blockerOf(seen: Preview): CcsError | null {
  try {
    requireUnblocked(seen.plan);
    return null;
  } catch (error) {
    if (error instanceof CcsError) return error;
    throw error;
  }
}
