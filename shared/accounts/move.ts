import { requireWholeRenames } from "../context/abilities.ts";
import { finishIntent } from "../context/change.ts";
import { withLock } from "../context/lock.ts";
import { type Move, writeMove } from "../context/moves.ts";
import type { Preview } from "../context/preview.ts";
import { anotherPlan, requireUnblocked } from "../context/preview.ts";
import type { Blocker } from "../context/types.ts";
import type { Home } from "../paths.ts";
import { finishOthers } from "./locked.ts";
import { finishBegun, finishMove, type OnStep } from "./moving.ts";

/** A rename, a removal or a return as a person is shown it, and as it is carried out later. */
export interface MovePreview {
  readonly home: Home;
  readonly move: Move;
  /** Plain sentences, in the order to show them. */
  readonly sentences: readonly string[];
  readonly blockers: readonly Blocker[];
  /** What a shared account does first. */
  readonly leaving: Preview | null;
  /** Equal digests: the same to say yes to. */
  readonly digest: string;
  /** The same from what is on disk now. */
  again(): MovePreview;
}

/** How a move is carried out. */
export interface MoveOptions {
  /** Whether a person saw exactly this preview: where it is another by now, it is refused as stale. */
  readonly approved: boolean;
  readonly onStep?: OnStep;
}

/** Carries out a move that was previewed. @throws CcsError stale, busy, refused, failed */
export function applyMove(seen: MovePreview, { approved, onStep }: MoveOptions): MovePreview {
  const { home } = seen;
  const { account, do: kind } = seen.move;
  return withLock(home, `the ${kind} of ${account}`, () => {
    finishBegun(home, account);
    finishOthers(home, account);
    if (kind === "rename") finishIntent(home, account);
    const now = seen.again();
    requireUnblocked(now);
    if (approved && now.digest !== seen.digest) {
      throw anotherPlan();
    }
    requireWholeRenames(home);
    writeMove(home, now.move);
    onStep?.("intent");
    finishMove(home, now.move, onStep);
    return now;
  });
}
