import { applyMove, CcsError, type MovePreview, requireFree } from "../shared/index.ts";
import type { Wanted } from "./carry-out.ts";
import { err, out } from "./output.ts";
import { canAsk, cancelled, confirm } from "./prompt/ask.ts";
import { json } from "./render/json.ts";
import { proposalText } from "./render/plan.ts";
import { progressLine } from "./render/progress.ts";
import { paintFor, widthOf } from "./render/style.ts";

/**
 * Shows what a rename, a removal or a return comes to, asks, and carries it out. Where the disk moved in between, it is shown
 * anew and asked about again.
 * @returns what was done; null where it was only to be said
 * @throws CcsError `usage` where nobody can be asked and nobody said --yes; `cancelled` for a no; `busy`, `refused`, `failed`
 */
export async function carryOutMove(look: () => MovePreview, question: string, wanted: Wanted): Promise<MovePreview | null> {
  let seen = look();
  if (wanted.dryRun) {
    sayOnly(seen, wanted.json);
    requireFree(seen);
    return null;
  }
  const asks = canAsk() && !wanted.json;
  if (!wanted.yes && !asks) {
    err(shown(seen, 2));
    throw new CcsError("usage", "there is no terminal to ask on whether to do this", {
      untouched: "Nothing was changed.",
      hint: "Do it unasked: the same command with --yes",
    });
  }
  for (;;) {
    if (!wanted.yes) {
      err(`\n${shown(seen, 2)}`);
      requireFree(seen);
      if (!(await confirm(question))) throw cancelled();
    }
    try {
      return carry(seen, !wanted.yes);
    } catch (error) {
      if (!(error instanceof CcsError) || error.code !== "stale" || wanted.yes) throw error;
      err("\nSomething changed since the plan was made. This is the plan now:\n");
      seen = look();
    }
  }
}

function carry(seen: MovePreview, approved: boolean): MovePreview {
  const line = progressLine("Changing");
  let done = 0;
  try {
    return applyMove(seen, {
      approved,
      onStep: () => {
        done += 1;
        line.report({ done, total: Math.max(done, seen.leaving?.plan.operations.length ?? 0) });
      },
    });
  } finally {
    line.clear();
  }
}

function shown({ move, sentences, blockers }: MovePreview, fd: 1 | 2): string {
  return proposalText(move.account, sentences, blockers, paintFor(fd), widthOf(fd));
}

function sayOnly(seen: MovePreview, asJson: boolean): void {
  const { move, sentences, blockers } = seen;
  if (!asJson) return out(shown(seen, 1));
  if (blockers.length > 0) return;
  out(json({ does: move.do, account: move.account, to: move.to, applicable: true, sentences, plan: seen.leaving?.plan ?? null }));
}
