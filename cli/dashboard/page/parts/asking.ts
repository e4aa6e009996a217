import { useEffect, useRef, useState } from "preact/hooks";
import type { Proposal, Refusal } from "../../api/schemas.ts";
import { CallError } from "../call.ts";

/** Milliseconds of quiet before what is typed is asked about. */
const TYPING = 120;

export interface Answered<T> {
  /** The last answer; it stays while the next one is on its way, and is gone where nothing is asked. */
  readonly answer: T | null;
  readonly refusal: Refusal["error"] | null;
  /** Whether it is for what is chosen now. */
  readonly current: boolean;
}

/**
 * Asks anew whenever `key` changes, and drops what was overtaken.
 * @param key what is asked, as text; null asks nothing
 * @param typed whether it changes letter by letter
 */
export function useAnswer<T>(ask: (signal: AbortSignal) => Promise<T>, key: string | null, typed = false): Answered<T> {
  const [state, setState] = useState<{ readonly key: string | null; readonly answer: T | null; readonly refusal: Refusal["error"] | null }>(
    {
      ...{ key: null, answer: null, refusal: null },
    },
  );
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    if (key === null) return;
    const overtaken = new AbortController();
    const go = () => {
      latest.current(overtaken.signal).then(
        (answer) => {
          if (!overtaken.signal.aborted) setState({ key, answer, refusal: null });
        },
        (error: unknown) => {
          if (overtaken.signal.aborted) return;
          if (!(error instanceof CallError)) throw error;
          setState({ key, answer: null, refusal: error.refusal });
        },
      );
    };
    const waiting = setTimeout(go, typed ? TYPING : 0);
    return () => {
      clearTimeout(waiting);
      overtaken.abort();
    };
  }, [key, typed]);
  if (key === null) return { answer: null, refusal: null, current: true };
  return { answer: state.answer, refusal: state.refusal, current: state.key === key };
}

export type Plan = Answered<Proposal>;
