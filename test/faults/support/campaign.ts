import { join } from "node:path";
import { shown } from "./bytes.ts";
import { type Call, spot } from "./calls.ts";
import { dispose, prepare, type Reference } from "./reference.ts";
import { type Snapshot, snapshot } from "./snapshot.ts";
import type { Fault } from "./tracer.ts";
import type { Transition } from "./transitions.ts";
import { type Outcome, type Recovered, tryFault } from "./trial.ts";

/** One run to make. */
export interface Plan {
  readonly call: Call;
  readonly fault: Fault;
}

/** How many runs of a transition were made, and what was wrong. */
export interface Result {
  readonly transition: string;
  readonly calls: number;
  readonly runs: Readonly<Record<Fault, number>>;
  /** Recoveries that were spared, because the same state had been recovered from before. */
  readonly spared: number;
  readonly seconds: number;
  readonly failures: readonly string[];
}

/** Trees at work at once: one for each of the two cores these tests are meant for. */
const WORKERS = 2;

export interface Density {
  /** Killed at every nth point of a kill, with its write torn at every nth write. */
  readonly kills: number;
  /** A call fails at every nth. Which of EIO and ENOSPC it is takes turns. */
  readonly failures: number;
}

/** `CCS_FAULTS=all`: a kill at every call, every call fails both ways, and every state is recovered from, known or not. */
export const EVERYTHING = process.env["CCS_FAULTS"] === "all";

/**
 * Which of every nth call it is: another one each day, so that runs on successive days come to all of them. The report
 * names it; `CCS_FAULTS_PHASE` runs that one again.
 */
export const PHASE = Number(process.env["CCS_FAULTS_PHASE"] ?? Math.floor(Date.now() / 86_400_000));

/**
 * Calls a kill at whose entry leaves another tree than a kill at the one before: not after one that only flushes, that
 * failed, or that opened what was there.
 */
export function killPoints(calls: readonly Call[]): Call[] {
  const idle = (call: Call) =>
    (call.name.startsWith("f") && call.name.endsWith("sync")) ||
    / = -1 /.test(call.line) ||
    (call.name.startsWith("open") && !call.line.includes("O_CREAT"));
  return calls.filter((_, n) => n === 0 || !idle(calls[n - 1] as Call));
}

function every<T>(nth: number, of: readonly T[]): T[] {
  return of.filter((_, n) => n % nth === PHASE % nth);
}

export function plansFor(calls: readonly Call[], density: Density): Plan[] {
  const { kills, failures } = EVERYTHING ? { kills: 1, failures: 1 } : density;
  const killed = every(kills, EVERYTHING ? calls : killPoints(calls)).map((call): Plan => ({ call, fault: "KILL" }));
  const torn = every(
    kills,
    calls.filter((call) => call.name === "write"),
  ).map((call): Plan => ({ call, fault: "TORN" }));
  const failed = every(failures, calls).flatMap((call, n): Plan[] => {
    if (EVERYTHING)
      return [
        { call, fault: "EIO" },
        { call, fault: "ENOSPC" },
      ];
    return [{ call, fault: n % 2 === 0 ? "EIO" : "ENOSPC" }];
  });
  return [...killed, ...torn, ...failed];
}

/**
 * Runs a transition with one fault after another.
 * @param above the directory to make trees in; without it, one in memory where there is one
 */
export async function campaign(transition: Transition, density: Density, above?: string): Promise<Result> {
  const began = performance.now();
  const reference = await prepare(transition, above);
  try {
    const home = outside(reference);
    const plans = plansFor(reference.calls, density);
    const outcomes = await runAll(reference, plans);
    const runs: Record<Fault, number> = { KILL: 0, TORN: 0, EIO: 0, ENOSPC: 0 };
    for (const { fault } of plans) runs[fault] += 1;
    return {
      transition: transition.name,
      calls: reference.calls.length,
      runs,
      spared: outcomes.filter((outcome) => outcome.known).length,
      seconds: (performance.now() - began) / 1000,
      failures: [...failuresOf(plans, outcomes), ...wavering(plans, outcomes), ...touched(home, outside(reference))],
    };
  } finally {
    dispose(reference);
  }
}

/** The person's home directory, which no run has any business in: what is imported from it is only read. */
function outside({ template }: Reference): Snapshot {
  return snapshot(join(template.base, "home"));
}

function touched(before: Snapshot, after: Snapshot): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [was, is] = [before.get(path), after.get(path)];
    const same = was?.hash === is?.hash && was?.mode === is?.mode && was?.mtime === is?.mtime && was?.target === is?.target;
    return same && was?.kind === is?.kind ? [] : [`${shown(path)} in the person's home is not what it was`];
  });
}

async function runAll(reference: Reference, plans: readonly Plan[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const recovered: Recovered | null = EVERYTHING ? null : new Map();
  let next = 0;
  const work = async (place: string) => {
    for (let n = next++; n < plans.length; n = next++) {
      const { call, fault } = plans[n] as Plan;
      outcomes[n] = await tryFault(reference, call, fault, place, recovered);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, n) => work(String(n))));
  return outcomes;
}

/** What a reader can take in; the rest is counted. */
const SHOWN = 8;

function firstOf(lines: readonly string[], what: string): string[] {
  return lines.length > SHOWN ? [...lines.slice(0, SHOWN), `and ${lines.length - SHOWN} ${what} more`] : [...lines];
}

export function failureText({ call, fault }: Plan, outcome: Outcome): string {
  return [`${fault} at ${shown(spot(call))} (the ${call.nth}. ${call.name}):`, ...firstOf(outcome.wrong.map(shown), "things")].join(
    "\n    ",
  );
}

function failuresOf(plans: readonly Plan[], outcomes: readonly Outcome[]): string[] {
  const failed = plans.flatMap((plan, n) => {
    const outcome = outcomes[n] as Outcome;
    return outcome.wrong.length === 0 ? [] : [failureText(plan, outcome)];
  });
  return firstOf(failed, "faults");
}

/** Once a change has begun it is finished: after the first kill that comes to "done", none comes to "never". */
function wavering(plans: readonly Plan[], outcomes: readonly Outcome[]): string[] {
  const kills = plans.flatMap((plan, n) => (plan.fault === "KILL" ? [{ plan, outcome: outcomes[n] as Outcome }] : []));
  const begun = kills.findIndex(({ outcome }) => outcome.came === "done");
  const back = begun < 0 ? [] : kills.slice(begun).filter(({ outcome }) => outcome.came === "never");
  return back.map(({ plan }) => `KILL at ${shown(spot(plan.call))}: the change had begun by then, and did not happen`);
}
