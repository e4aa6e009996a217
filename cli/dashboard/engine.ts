/**
 * A thread that answers calls, one after the other: shared's use cases are synchronous, and a plan for a large group takes
 * a while. The server's own thread stays free for everything else.
 */
import type { Progress } from "../../shared/index.ts";
import { ANSWERS } from "./answers/index.ts";
import { refusalOf } from "./api/refused.ts";
import type { Said, Task } from "./engines.ts";

declare const self: { onmessage: (event: { readonly data: Task }) => void; postMessage(said: Said): void };

self.onmessage = ({ data: { home, name, asked } }) => {
  let kept: unknown = null;
  try {
    const answer = ANSWERS[name] as ((asking: object, asked: unknown) => unknown) | undefined;
    if (answer === undefined) throw new TypeError(`there is no call ${name}`);
    const onProgress = (progress: Progress) => self.postMessage({ progress });
    const keep = (approved: unknown) => {
      kept = approved;
    };
    const said = answer({ home, onProgress, keep }, asked);
    self.postMessage({ answer: said, kept });
  } catch (error) {
    self.postMessage({ refusal: refusalOf(error) });
  }
};
