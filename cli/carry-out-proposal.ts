import { type Blocker, CcsError, requireUnblocked } from "../shared/index.ts";
import type { Wanted } from "./carry-out.ts";
import { err, out } from "./output.ts";
import { canAsk, cancelled, confirm } from "./prompt/ask.ts";
import { json } from "./render/json.ts";
import { proposalText } from "./render/plan.ts";
import { paintFor, widthOf } from "./render/style.ts";

/** What can be shown before anybody says yes to it. */
interface Shown {
  readonly sentences: readonly string[];
  readonly blockers: readonly Blocker[];
}

/** Something that is looked at, shown, asked about and done. */
export interface Proposal<S extends Shown, D> {
  /** Whom or what it happens to. */
  readonly about: (seen: S) => string;
  readonly question: string;
  readonly look: () => S;
  /** @param approved whether a person saw exactly this @throws CcsError `stale` where it would be something else by now */
  readonly apply: (seen: S, approved: boolean) => D;
  /** For `--dry-run --json`. */
  readonly asJson: (seen: S) => object;
}

/**
 * Shows what is proposed, asks, and carries it out. Where the disk moved in between, it is shown anew and asked about again.
 * @returns what was done; null where it was only to be said
 * @throws CcsError `usage` where nobody can be asked and nobody said --yes; `cancelled` for a no; `busy`, `refused`, `failed`
 */
export async function carryOutProposal<S extends Shown, D>(proposal: Proposal<S, D>, wanted: Wanted): Promise<D | null> {
  const { about, question, look, apply, asJson } = proposal;
  const shown = (seen: S, fd: 1 | 2) => proposalText(about(seen), seen.sentences, seen.blockers, paintFor(fd), widthOf(fd));
  let seen = look();
  if (wanted.dryRun) {
    if (!wanted.json) out(shown(seen, 1));
    else if (seen.blockers.length === 0) out(json({ ...asJson(seen), applicable: true, sentences: seen.sentences }));
    requireUnblocked(seen);
    return null;
  }
  if (!wanted.yes && (!canAsk() || wanted.json)) {
    err(shown(seen, 2));
    throw new CcsError("usage", "there is no terminal to ask on whether to do this", {
      untouched: "Nothing was changed.",
      hint: "Do it unasked: the same command with --yes",
    });
  }
  for (;;) {
    if (!wanted.yes) {
      err(`\n${shown(seen, 2)}`);
      requireUnblocked(seen);
      if (!(await confirm(question))) throw cancelled();
    }
    try {
      return apply(seen, !wanted.yes);
    } catch (error) {
      if (!(error instanceof CcsError) || error.code !== "stale" || wanted.yes) throw error;
      err("\nSomething changed since the plan was made. This is the plan now:\n");
      seen = look();
    }
  }
}
