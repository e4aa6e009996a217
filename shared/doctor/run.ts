import type { Home } from "../paths.ts";
import { CHECKS } from "./checks/index.ts";
import { type Check, errorFinding, type Finding, resultOf } from "./finding.ts";
import type { DoctorOptions, DoctorReport } from "./types.ts";
import { World } from "./world.ts";

/** Looks at everything, changes nothing, takes no lock. */
export function runDoctor(home: Home, options: DoctorOptions): DoctorReport {
  const world = new World(home, options);
  return { version: 1, checks: CHECKS.flatMap((check) => findingsOf(check, world).map((found) => resultOf(check, found))) };
}

/** What a check finds; one that cannot be made says so, and the others go on. */
export function findingsOf(check: Check, world: World): Finding[] {
  try {
    return check.run(world);
  } catch (error) {
    const found = errorFinding(error);
    return [{ ...found, message: `this could not be checked: ${found.message}` }];
  }
}
