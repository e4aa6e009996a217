import {
  applyChange,
  applyMove,
  CcsError,
  describePolicy,
  fixDoctor,
  type Home,
  type MovePreview,
  type Progress,
  previewRemoval,
  previewRestore,
} from "../../../shared/index.ts";
import type { Applied } from "../api/schemas.ts";
import type { Approved } from "./approved.ts";

type OnProgress = (progress: Progress) => void;

/** Applies just what somebody saw. @throws CcsError stale where it would be something else by now; busy, refused, failed */
export function apply(home: Home, approved: Approved, onProgress: OnProgress): Applied {
  switch (approved.does) {
    case "change": {
      const { account, to, sentences } = applyChange(home, approved.seen, { approved: true, onProgress });
      return { said: `${account} is ${describePolicy(to)}.`, sentences, undo: account, restore: null, left: [] };
    }
    case "removal": {
      const seen = requireSame(previewRemoval(home, approved.asked), approved.digest);
      const { move, sentences } = carryOut(seen, onProgress);
      return { said: `${move.account} is removed.`, sentences, undo: null, restore: move.aside, left: [] };
    }
    case "return": {
      const { dated, as } = approved.asked;
      const { move, sentences } = carryOut(requireSame(previewRestore(home, dated, as), approved.digest), onProgress);
      return { said: `${move.account} is back, isolated.`, sentences, undo: null, restore: null, left: [] };
    }
    case "mending": {
      const { only } = approved.asked;
      const around = { env: process.env, now: Date.now(), onProgress, approved: approved.sentences };
      const { fixed, left } = fixDoctor(home, only === null ? around : { ...around, only });
      const wanted = left.filter(({ id, result }) => result === "error" && (only?.includes(id) ?? true));
      const said = wanted.length === 0 ? "Mended." : "Not all of it could be mended.";
      return { said, sentences: fixed, undo: null, restore: null, left: wanted };
    }
  }
}

/** How a move was shown in another thread is known by its digest. */
function requireSame(seen: MovePreview, digest: string): MovePreview {
  if (seen.digest === digest) return seen;
  throw new CcsError("stale", "something changed since the plan was shown", {
    untouched: "Nothing was changed.",
    hint: "Look at the new plan and approve it.",
  });
}

function carryOut(seen: MovePreview, onProgress: OnProgress): MovePreview {
  let done = 0;
  return applyMove(seen, {
    approved: true,
    onStep() {
      done += 1;
      onProgress({ done, total: Math.max(done, seen.leaving?.plan.operations.length ?? 0) });
    },
  });
}
