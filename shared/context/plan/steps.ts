import type { Operation, PlanSummary } from "../types.ts";

type Draft = { -readonly [K in keyof PlanSummary]: PlanSummary[K] extends readonly (infer E)[] ? E[] : PlanSummary[K] };

/** A plan while it is being made: what builds up first, what clears away after that is durable, and what it amounts to. */
export class Steps {
  readonly main: Operation[] = [];
  readonly sweep: Operation[] = [];
  readonly summary: Draft = {
    sessionsIn: 0,
    sessionsKnown: 0,
    sessionsAppended: 0,
    forks: [],
    conflicts: [],
    setAside: 0,
    sessionsOut: 0,
    sessionsStay: 0,
    sessionsContinued: 0,
    bytesCopied: 0,
    retention: [],
    settings: [],
    notes: [],
  };

  /** Everything in the order it has to happen: nothing is cleared away before what replaces it is on the disk for good. */
  operations(): Operation[] {
    return this.sweep.length === 0 ? this.main : [...this.main, { do: "flush" }, ...this.sweep];
  }
}
