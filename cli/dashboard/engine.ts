/**
 * A thread that answers calls, one after the other: shared's use cases are synchronous, and a plan for a large group takes
 * a while. The server's own thread stays free for everything else.
 */
import { type Progress, rememberOwners } from "../../shared/index.ts";
import { ANSWERS, type Asking } from "./answers/index.ts";
import { refusalOf } from "./api/refused.ts";
import type { Said, Task } from "./engines.ts";

/** Milliseconds between two sayings of progress. */
const PACE = 50;

// It is asked for the same groups again at every choice.
rememberOwners();

declare const self: { onmessage: (event: { readonly data: Task }) => void; postMessage(said: Said): void };

self.onmessage = ({ data: { home, name, asked } }) => {
  let kept: unknown = null;
  try {
    const answer = ANSWERS[name] as (asking: Asking, asked: unknown) => unknown;
    const keep = (approved: unknown) => {
      kept = approved;
    };
    self.postMessage({ answer: answer({ home, onProgress: paced(), keep }, asked), kept });
  } catch (error) {
    self.postMessage({ refusal: refusalOf(error) });
  }
};

/** Progress as often as an eye can follow, and its end. */
function paced(): (progress: Progress) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const now = performance.now();
    if (now - last < PACE && progress.done < progress.total) return;
    last = now;
    self.postMessage({ progress });
  };
}
