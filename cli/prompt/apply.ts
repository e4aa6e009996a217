import { CcsError, type Change, describePolicy, type Home, requireUnblocked, settingsCopy } from "../../shared/index.ts";
import { applySeen, preview } from "../change.ts";
import { err, out } from "../output.ts";
import { planText } from "../render/plan.ts";
import { paintFor, widthOf } from "../render/style.ts";
import { cancelled, confirm } from "./ask.ts";

/**
 * Shows a plan, asks, applies. Where the disk moved in between, the plan is shown anew and asked about again.
 * @returns the exit code
 * @throws CcsError `cancelled` for a no; `busy` or `refused` where something stands in the way
 */
export async function applyAsking(home: Home, wanted: Change): Promise<number> {
  let change = wanted;
  for (;;) {
    let seen = preview(home, change);
    const copying = settingsCopy(home, seen);
    if (copying !== null) {
      err(`\n${planText(change.account, seen, paintFor(2), widthOf(2))}`);
      if (!(await confirm("settings.json is a link. Replace it by a copy of its own?"))) throw cancelled();
      change = { ...change, copySettings: true };
      seen = copying;
    }
    if (seen.sentences.length === 0 && seen.plan.blockers.length === 0) {
      out(`Nothing to change: ${change.account} is ${describePolicy(change.to)}.\n`);
      return 0;
    }
    if (seen.plan.blockers.length === 0 || seen.sentences.length > 0) err(`\n${planText(change.account, seen, paintFor(2), widthOf(2))}`);
    requireUnblocked(seen.plan);
    if (!(await confirm("Apply?"))) throw cancelled();
    try {
      const report = applySeen(home, seen);
      out(`Done: ${change.account} is ${describePolicy(report.to)}.\n`);
      return 0;
    } catch (error) {
      if (!(error instanceof CcsError) || error.code !== "stale") throw error;
      err("\nSomething changed since the plan was made. This is the plan now:\n");
    }
  }
}
