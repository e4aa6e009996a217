import { isatty } from "node:tty";
import type { Progress } from "../../shared/index.ts";
import { err } from "../output.ts";

/** Milliseconds before anything is said, and between two sayings. */
const QUIET = 1000;
const PACE = 100;
const CLEAR = "\r\x1b[K";

/** What tells a person that it goes on; on a terminal's standard error only, one line that goes away again. */
export interface ProgressLine {
  readonly report: (progress: Progress) => void;
  readonly clear: () => void;
}

/** What a progress line goes by: the world's own, except in tests. */
export interface Surroundings {
  readonly terminal: boolean;
  /** Milliseconds, from anywhere on. */
  readonly now: () => number;
  readonly say: (text: string) => void;
}

/** Counts that appear where something takes longer than a second. */
export function progressLine(
  doing: string,
  around: Surroundings = { terminal: isatty(2), now: () => performance.now(), say: err },
): ProgressLine {
  let said = around.now() + QUIET - PACE;
  let shown = false;
  return {
    report({ done, total }) {
      if (!around.terminal || around.now() - said < PACE) return;
      said = around.now();
      shown = true;
      around.say(`${CLEAR}${doing}: ${done} of ${total}`);
    },
    clear() {
      if (shown) around.say(CLEAR);
      shown = false;
    },
  };
}

/**
 * Runs what may take longer than a second and tells nothing on its way: the line stands while it runs, and is gone after.
 * It cannot wait for the second to be over: the calls are synchronous and no timer fires in between.
 */
export function saying<T>(doing: string, work: () => T): T {
  if (!isatty(2)) return work();
  err(`${doing} ...`);
  try {
    return work();
  } finally {
    err(CLEAR);
  }
}
