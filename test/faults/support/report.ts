import { EVERYTHING, PHASE, type Result } from "./campaign.ts";
import type { Fault } from "./tracer.ts";

const FAULTS: readonly Fault[] = ["KILL", "TORN", "EIO", "ENOSPC"];

/** One line per transition, and the sum. */
export function table(results: readonly Result[]): string {
  const width = Math.max(...results.map((result) => result.transition.length), "transition".length);
  const row = (name: string, numbers: readonly (string | number)[]) =>
    `${name.padEnd(width)}${numbers.map((n) => String(n).padStart(9)).join("")}`;
  const sum = (of: (result: Result) => number) => results.reduce((total, result) => total + of(result), 0);
  const line = (name: string, numbersOf: (of: (result: Result) => number) => number) =>
    row(name, [
      numbersOf((r) => r.calls),
      ...FAULTS.map((fault) => numbersOf((r) => r.runs[fault])),
      numbersOf((r) => r.spared),
      numbersOf((r) => r.seconds).toFixed(0),
    ]);
  const total = sum((r) => FAULTS.reduce((n, fault) => n + r.runs[fault], 0));
  return [
    row("transition", ["calls", ...FAULTS, "known", "s"]),
    ...results.map((result) => line(result.transition, (of) => of(result))),
    line("all", sum),
    `${total} injections in ${sum((r) => r.seconds).toFixed(0)} s.`,
    EVERYTHING
      ? "KILL at every mutating call, TORN in the middle of every write, EIO and ENOSPC at every mutating call."
      : `KILL at every nth mutating call that finds another tree than the one before it, TORN in the middle of every nth write, EIO or ENOSPC in turn at every nth call, n as the test says; phase ${PHASE} (CCS_FAULTS_PHASE=${PHASE}: the same ones again; CCS_FAULTS=all: everything at every call).`,
    "known: the fault left a state that another had left before, and that had been recovered from.",
  ].join("\n");
}
