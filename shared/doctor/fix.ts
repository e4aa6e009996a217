import { takeLock } from "../context/lock.ts";
import { CcsError } from "../errors.ts";
import type { Home } from "../paths.ts";
import { CHECKS } from "./checks/index.ts";
import { type Check, type Finding, idOf, type Mending, resultOf, STAGES, type Stage } from "./finding.ts";
import { findingsOf } from "./run.ts";
import type { CheckResult, FixOptions, FixReport } from "./types.ts";
import { World } from "./world.ts";

/** A mending that did not come about. */
interface Failure {
  readonly check: Check;
  readonly found: Finding;
  readonly reason: string;
}

/**
 * Mends what needs no choice, stage by stage, each from the disk as it is then. A fix that fails is reported as an error,
 * whatever the disk says afterwards, and the others go on.
 * @throws CcsError busy where there is something to mend and another ccs holds the lock; stale where something is to be
 * mended that was not approved
 */
export function fixDoctor(home: Home, options: FixOptions): FixReport {
  const fixed: string[] = [];
  const failed: Failure[] = [];
  const look = () => new World(home, options);
  const first = look();
  const wanted = STAGES.flatMap((stage) => mendable(first, stage, options.only));
  if (wanted.length === 0) return { fixed, failed: [], left: leftOf(first, failed) };
  requireApproved(wanted, options.approved);
  // A living holder here may be done in a moment; of one elsewhere nobody can say.
  if (first.busy) takeLock(home, "mending what doctor found", first.lock.state === "elsewhere" ? 0 : undefined).release();
  for (const stage of STAGES) {
    const world = look();
    for (const { check, found } of mendable(world, stage, options.only)) {
      try {
        found.mending.apply(options.onProgress);
        fixed.push(...found.mending.describes);
      } catch (error) {
        failed.push({ check, found, reason: error instanceof Error ? error.message : String(error) });
      }
    }
  }
  const told = failed.map(({ found, reason }) => `${found.message}; mending it failed: ${reason}`);
  return { fixed: [...new Set(fixed)], failed: told, left: leftOf(look(), failed) };
}

function requireApproved(wanted: readonly { found: { mending: Mending } }[], approved: readonly string[] | undefined): void {
  if (approved === undefined) return;
  const other = wanted.flatMap(({ found }) => found.mending.describes).filter((sentence) => !approved.includes(sentence));
  if (other.length === 0) return;
  throw new CcsError("stale", `something else would be mended by now: ${other.join(" ")}`, {
    untouched: "Nothing was changed.",
    hint: "Look again: ccs doctor",
  });
}

/** @param only ids of results; undefined: all */
function mendable(world: World, stage: Stage, only: readonly string[] | undefined) {
  return CHECKS.filter((check) => check.mends.includes(stage)).flatMap((check) =>
    findingsOf(check, world).flatMap((found) => {
      const { mending } = found;
      return mending?.stage === stage && (only?.includes(idOf(check, found)) ?? true) ? [{ check, found: { ...found, mending } }] : [];
    }),
  );
}

/** What every check says now, with what failed: beside what it was to mend, where that still is to be seen, else on its own. */
function leftOf(world: World, failed: readonly Failure[]): CheckResult[] {
  const told = new Set<Failure>();
  return CHECKS.flatMap((check) => {
    const mine = failed.filter((failure) => failure.check === check);
    const left = findingsOf(check, world).map((found) => {
      const about = mine.filter((failure) => isSame(failure.found, found));
      for (const failure of about) told.add(failure);
      return resultOf(check, about.length === 0 ? found : unmended(found, about));
    });
    const gone = mine.filter((failure) => !told.has(failure)).map((failure) => resultOf(check, unmended(failure.found, [failure])));
    // A check that has nothing else to say does not say that all is well beside what failed.
    return gone.length > 0 && left.every((result) => result.result === "ok") ? gone : [...left, ...gone];
  });
}

function isSame(a: Finding, b: Finding): boolean {
  return b.result !== "ok" && b.result !== "skipped" && a.subject === b.subject && a.about === b.about && a.where === b.where;
}

function unmended(found: Finding, failures: readonly Failure[]): Finding {
  const reasons = [...new Set(failures.map((failure) => failure.reason))].join("; ");
  return { ...found, result: "error", message: `${found.message}; mending it failed: ${reasons}` };
}
