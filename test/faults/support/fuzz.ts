import { rmSync } from "node:fs";
import { join } from "node:path";
import { failureText, type Plan } from "./campaign.ts";
import { differences, normalise } from "./normal.ts";
import { ccs, environment, must } from "./program.ts";
import { Random } from "./random.ts";
import { damage, work, writeRandomTree } from "./random-tree.ts";
import { refer } from "./reference.ts";
import { snapshot } from "./snapshot.ts";
import { freeze, placeForTrees, rootIn, type Template } from "./template.ts";
import { type Fault, run } from "./tracer.ts";
import type { Step } from "./transitions.ts";
import { tryFault } from "./trial.ts";

export interface Fuzzed {
  readonly injections: number;
  readonly steps: readonly string[];
}

/** Something broke. The trees are kept. */
export class Broken extends Error {}

const STEPS = 5;
const FAULTS_PER_STEP = 16;
const WORKERS = 2;

/**
 * A tree by chance, and changes of it by chance, each with faults at calls chosen by chance.
 * @throws Broken with all that is known of what went wrong
 */
export async function fuzzTree(seed: number): Promise<Fuzzed> {
  const random = new Random(seed);
  const base = placeForTrees();
  const root = rootIn(base, "t");
  const steps: string[] = [];
  let injections = 0;
  const accounts = writeRandomTree(root, random);
  const policies = new Map<string, Policy>(accounts.map((account) => [account, "isolated"]));
  try {
    for (let step = 0; step < STEPS; step++) {
      const transition = nextStep(root, accounts, policies, random);
      steps.push(transition.words.join(" "));
      injections += await fuzzStep(freeze(base), transition, random);
      await must(root, ...transition.words);
      work(root, accounts, step, random);
    }
  } catch (error) {
    throw new Broken(
      `seed ${seed}, trees in ${base}:\n  ${steps.join("\n  ")}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
  rmSync(base, { recursive: true, force: true });
  return { injections, steps };
}

type Policy = "isolated" | `${"one" | "two"} ${"standard" | "deeper"}`;
const POLICIES: readonly Policy[] = ["isolated", "one standard", "one deeper", "one deeper", "two standard", "two deeper"];

function nextStep(root: string, accounts: readonly string[], policies: Map<string, Policy>, random: Random): Step {
  if (random.chance(0.2) && damage(root, accounts, random)) return { name: "doctor", words: ["doctor", "--fix", "--yes"] };
  const account = random.pick(accounts);
  const now = policies.get(account) as Policy;
  const next = random.pick(POLICIES.filter((policy) => policy !== now));
  policies.set(account, next);
  const [group, continuity] = next.split(" ");
  const flags = next === "isolated" ? ["--isolated"] : ["--context-group", group as string, `--${continuity}-continuity`];
  const leaves =
    now !== "isolated" &&
    (next === "isolated" || !next.startsWith(now.split(" ")[0] as string) || (now.endsWith("deeper") && next.endsWith("standard")));
  const take = leaves && random.chance(0.6) ? ["--take", random.pick(["mine", "all", "none"])] : [];
  return { name: `${account}: ${now} to ${next}`, words: ["auth", "edit", account, ...flags, ...take, "--yes"] };
}

/** @returns how many faults were tried */
async function fuzzStep(template: Template, transition: Step, random: Random): Promise<number> {
  if (transition.words[0] === "auth") await dryRunChangesNothing(template, transition);
  const reference = await refer(template, transition);
  const plans: Plan[] = [];
  for (let n = 0; n < FAULTS_PER_STEP && reference.calls.length > 0; n++) {
    const call = random.pick(reference.calls);
    const faults: Fault[] = ["KILL", "KILL", "EIO", "ENOSPC", ...(call.name === "write" ? (["TORN"] as const) : [])];
    plans.push({ call, fault: random.pick(faults) });
  }
  let next = 0;
  const wrong: string[] = [];
  const worker = async (place: string) => {
    for (let plan = plans[next++]; plan !== undefined; plan = plans[next++]) {
      if (wrong.length > 0) return;
      const outcome = await tryFault(reference, plan.call, plan.fault, place, null);
      if (outcome.wrong.length > 0) wrong.push(`place ${place}: ${failureText(plan, outcome)}`);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, n) => worker(String(n))));
  if (wrong.length > 0) throw new Broken(wrong.join("\n"));
  return plans.length;
}

async function dryRunChangesNothing(template: Template, transition: Step): Promise<void> {
  const words = transition.words.map((word) => (word === "--yes" ? "--dry-run" : word));
  const ran = await run(ccs(...words), environment(template.root));
  if (ran.code !== 0) throw new Broken(`ccs ${words.join(" ")}: exit ${ran.code}: ${ran.stderr}${ran.stdout}`);
  const changed = differences(
    normalise(template.before, template.origin),
    normalise(snapshot(template.root), template.origin),
    () => false,
  );
  if (changed.length > 0) throw new Broken(`ccs ${words.join(" ")} changed something:\n  ${changed.join("\n  ")}`);
}

/** Where the log of the last run at a place lies. */
export function logOf(base: string, place: string): string {
  return join(base, place, "log");
}
