import { applyMove, type MovePreview } from "../shared/index.ts";
import type { Wanted } from "./carry-out.ts";
import { carryOutProposal } from "./carry-out-proposal.ts";
import { progressLine } from "./render/progress.ts";

/** Shows what a rename, a removal or a return comes to, asks, and carries it out. As `carryOutProposal`. */
export function carryOutMove(look: () => MovePreview, question: string, wanted: Wanted): Promise<MovePreview | null> {
  return carryOutProposal<MovePreview, MovePreview>(
    {
      about: ({ move }) => move.account,
      question,
      look,
      apply: carry,
      asJson: ({ move, leaving }) => ({ does: move.do, account: move.account, to: move.to, plan: leaving?.plan ?? null }),
    },
    wanted,
  );
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
