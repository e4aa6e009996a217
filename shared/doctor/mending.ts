import { mend } from "../accounts/locked.ts";
import { look, setMode } from "../context/disk.ts";
import { describePlan, requireUnblocked } from "../context/index.ts";
import { withLock } from "../context/lock.ts";
import { CcsError } from "../errors.ts";
import { instanceOf } from "../paths.ts";
import type { Mending, Remedy, Stage } from "./finding.ts";
import { hasNoHardLinks } from "./mounts.ts";
import type { World } from "./world.ts";

/**
 * How an account is mended without a choice.
 * @returns the error that says what a person has to decide or wait for; null where there is nothing the planner would do
 */
export function mendingOf(world: World, account: string, stage: Stage): Mending | CcsError | null {
  const plan = world.mend(account);
  if (plan instanceof CcsError) return plan;
  try {
    requireUnblocked(plan);
  } catch (error) {
    if (error instanceof CcsError) return error;
    throw error;
  }
  if (plan.operations.length === 0) return null;
  const made = world.instance(account) === null ? [`${instanceOf(world.home, account)} is made.`] : [];
  return { stage, describes: [...made, ...describePlan(plan)], apply: (onProgress) => mend(world.home, account, onProgress) };
}

/** Takes permissions away from other users; on FAT, where the whole mount has one mode, a person has to. */
export function modeRemedy(world: World, path: string, mode: number): Remedy {
  const facts = look(path);
  if (facts !== null && hasNoHardLinks(world.mount(facts)))
    return { command: "Put it on a filesystem that has permissions, or mount this one with umask=077" };
  return { mending: modeMending(world, path, mode) };
}

function modeMending(world: World, path: string, mode: number): Mending {
  return {
    stage: "modes",
    describes: [`${path} becomes readable by you alone (mode ${mode.toString(8).padStart(4, "0")}).`],
    apply() {
      withLock(world.home, `mending the permissions of ${path}`, () => {
        const kind = look(path)?.kind;
        if (kind === "file" || kind === "directory") setMode(path, mode);
      });
    },
  };
}

/** Whether others than the owner may do anything with it. Windows has no such permissions. */
export function openToOthers(mode: number): boolean {
  return process.platform !== "win32" && (mode & 0o077) !== 0;
}
