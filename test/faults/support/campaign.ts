import { shown } from "./bytes.ts";
import { type Call, spot } from "./calls.ts";
import { dispose, prepare, type Reference } from "./reference.ts";
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
  /** A call fails at every nth; 0 for none. Which of EIO and ENOSPC it is takes turns. */
  readonly failures: number;
}

/** `CCS_FAULTS=all`: every call fails both ways, and every state is recovered from, known or not. */
export const EVERYTHING = process.env["CCS_FAULTS"] === "all";

/** Kills at every call, torn writes at every write, failures as dense as asked for. */
export function plansFor(calls: readonly Call[], density: Density): Plan[] {
  return calls.flatMap((call, n): Plan[] => {
    const kills: Plan[] = [{ call, fault: "KILL" }, ...(call.name === "write" ? [{ call, fault: "TORN" as const }] : [])];
    if (EVERYTHING) return [...kills, { call, fault: "EIO" }, { call, fault: "ENOSPC" }];
    if (density.failures === 0 || n % density.failures !== 0) return kills;
    return [...kills, { call, fault: (n / density.failures) % 2 === 0 ? "EIO" : "ENOSPC" }];
  });
}

/** Runs a transition with one fault after another. */
export async function campaign(transition: Transition, density: Density): Promise<Result> {
  const began = performance.now();
  const reference = await prepare(transition);
  try {
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
      failures: [...failuresOf(plans, outcomes), ...wavering(plans, outcomes)],
    };
  } finally {
    dispose(reference);
  }
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

export function failureText({ call, fault }: Plan, outcome: Outcome): string {
  return `${fault} at ${shown(spot(call))} (the ${call.nth}. ${call.name}):\n    ${outcome.wrong.map(shown).join("\n    ")}`;
}

function failuresOf(plans: readonly Plan[], outcomes: readonly Outcome[]): string[] {
  return plans.flatMap((plan, n) => {
    const outcome = outcomes[n] as Outcome;
    return outcome.wrong.length === 0 ? [] : [failureText(plan, outcome)];
  });
}

/** Once a change has begun it is finished: after the first kill that comes to "done", none comes to "never". */
function wavering(plans: readonly Plan[], outcomes: readonly Outcome[]): string[] {
  const kills = plans.flatMap((plan, n) => (plan.fault === "KILL" ? [{ plan, outcome: outcomes[n] as Outcome }] : []));
  const begun = kills.findIndex(({ outcome }) => outcome.came === "done");
  const back = begun < 0 ? [] : kills.slice(begun).filter(({ outcome }) => outcome.came === "never");
  return back.map(({ plan }) => `KILL at ${shown(spot(plan.call))}: the change had begun by then, and did not happen`);
}
