import { takeLock } from "../context/lock.ts";
import type { Home } from "../paths.ts";
import { CHECKS } from "./checks/index.ts";
import { type Check, type Finding, resultOf, STAGES, type Stage } from "./finding.ts";
import { findingsOf } from "./run.ts";
import type { CheckResult, FixOptions, FixReport } from "./types.ts";
import { World } from "./world.ts";

/**
 * Mends what needs no choice, stage by stage, each from the disk as it is then. A fix that fails is reported, and the
 * others go on.
 * @throws CcsError busy where there is something to mend and another ccs holds the lock
 */
export function fixDoctor(home: Home, options: FixOptions): FixReport {
  const fixed: string[] = [];
  const failed = new Map<string, string>();
  const look = () => new World(home, options);
  const first = look();
  if (!CHECKS.some((check) => findingsOf(check, first).some((found) => found.mending !== null)))
    return { fixed, left: leftOf(first, failed) };
  // A living holder here may be done in a moment; of one elsewhere nobody can say.
  if (first.busy) takeLock(home, "mending what doctor found", first.lock.state === "elsewhere" ? 0 : undefined).release();
  for (const stage of STAGES) {
    const world = look();
    for (const { check, found } of mendable(world, stage)) {
      try {
        found.mending.apply(options.onProgress);
        fixed.push(...found.mending.describes);
      } catch (error) {
        failed.set(keyOf(check, found), error instanceof Error ? error.message : String(error));
      }
    }
  }
  return { fixed: [...new Set(fixed)], left: leftOf(look(), failed) };
}

function mendable(world: World, stage: Stage) {
  return CHECKS.filter((check) => check.mends.includes(stage)).flatMap((check) =>
    findingsOf(check, world).flatMap((found) => {
      const { mending } = found;
      return mending?.stage === stage ? [{ check, found: { ...found, mending } }] : [];
    }),
  );
}

function keyOf(check: Check, found: Finding): string {
  return JSON.stringify([check.name, found.subject, found.where]);
}

function leftOf(world: World, failed: ReadonlyMap<string, string>): CheckResult[] {
  return CHECKS.flatMap((check) =>
    findingsOf(check, world).map((found) => {
      const reason = failed.get(keyOf(check, found));
      if (reason === undefined) return resultOf(check, found);
      return resultOf(check, { ...found, result: "error", message: `${found.message}; mending it failed: ${reason}` });
    }),
  );
}
