import { useEffect, useRef, useState } from "preact/hooks";
import type { Proposal, Refusal } from "../../api/schemas.ts";
import { CallError } from "../call.ts";

/** Milliseconds of quiet before what is typed is asked about. */
const TYPING = 120;

export interface Answered<T> {
  /** The last answer; it stays while the next one is on its way, and is gone where nothing is asked. */
  readonly answer: T | null;
  readonly refusal: Refusal["error"] | null;
  /** Whether it is for what is chosen now, on whatever disk. */
  readonly current: boolean;
}

interface Asking {
  readonly key: string;
  readonly overtaken: AbortController;
  /** Whether something changed on disk since it was asked. */
  again: boolean;
}

/**
 * Asks whenever `key` or `revision` changes. Another key overtakes what was asked before; another revision waits for its
 * answer and asks again, or a disk on which much happens would leave nothing answered.
 * @param key what is asked, as text; null asks nothing
 * @param revision of what is on disk
 * @param typed whether the key changes letter by letter
 */
export function useAnswer<T>(ask: (signal: AbortSignal) => Promise<T>, key: string | null, revision = 0, typed = false): Answered<T> {
  const [state, setState] = useState<{ readonly key: string | null; readonly answer: T | null; readonly refusal: Refusal["error"] | null }>(
    {
      ...{ key: null, answer: null, refusal: null },
    },
  );
  const latest = useRef(ask);
  latest.current = ask;
  const asking = useRef<Asking | null>(null);

  const begin = (key: string, wait: number) => {
    const mine: Asking = { key, overtaken: new AbortController(), again: false };
    const { signal } = mine.overtaken;
    asking.current = mine;
    const settle = (said: { readonly answer: T | null; readonly refusal: Refusal["error"] | null }) => {
      if (signal.aborted) return;
      asking.current = null;
      setState({ key, ...said });
      if (mine.again) begin(key, 0);
    };
    const go = () => {
      if (signal.aborted) return;
      mine.again = false;
      latest.current(signal).then(
        (answer) => settle({ answer, refusal: null }),
        (error: unknown) => {
          if (signal.aborted) return;
          if (!(error instanceof CallError)) throw error;
          settle({ answer: null, refusal: error.refusal });
        },
      );
    };
    if (wait > 0) setTimeout(go, wait);
    else go();
  };
  useEffect(
    () => () => {
      asking.current?.overtaken.abort();
      asking.current = null;
    },
    [key],
  );
  useEffect(() => {
    if (key === null) return;
    if (asking.current === null) begin(key, typed ? TYPING : 0);
    else asking.current.again = true;
  }, [key, revision]);
  if (key === null) return { answer: null, refusal: null, current: true };
  return { answer: state.answer, refusal: state.refusal, current: state.key === key };
}

export type Plan = Answered<Proposal>;
