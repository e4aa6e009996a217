import { existsSync, statSync } from "node:fs";
import { CcsError, type Home, hasIntents, instanceOf, intentOf, linkProblem, moveOf, surelyReady } from "../../shared/launch.ts";
import { err } from "../output.ts";
import type { LaunchAccount } from "./account.ts";

/** Whether an instance is what its policy says, and no change of the account is half done. */
async function isReady(home: Home, account: LaunchAccount): Promise<boolean> {
  return (
    statSync(instanceOf(home, account.name), { throwIfNoEntry: false })?.isDirectory() === true &&
    !existsSync(intentOf(home, account.name)) &&
    !["rename", "remove"].some((kind) => existsSync(moveOf(home, account.name, kind))) &&
    (await linkProblem(home, account.name, account.policy)) === null
  );
}

/**
 * Makes sure of the links before a client starts: a client whose `projects` leads nowhere answers as usual and saves
 * nothing. What needs no choice is mended.
 * @throws CcsError where a person has to choose or mend something first, or another change is under way
 */
export async function makeReady(home: Home, account: LaunchAccount): Promise<void> {
  if (surelyReady(home, account.name, account.policy)) return;
  if (await isReady(home, account)) return finishOthers(home);
  const { mendForLaunch, readConfig } = await import("../../shared/index.ts");
  mendForLaunch(home, account.name);
  // What was finished may have been on its way to another policy.
  const policy = readConfig(home).accounts.get(account.name)?.policy ?? account.policy;
  const problem = await linkProblem(home, account.name, policy);
  if (problem === null) return;
  throw new CcsError("refused", `${account.name} cannot be started: ${problem.message}`, {
    where: problem.path,
    untouched: "the client was not started",
    hint: problem.fix,
  });
}

/** Another account's unfinished change may have left a session of a shared group half way: that is finished first, if it can be. */
async function finishOthers(home: Home): Promise<void> {
  if (!(await hasIntents(home))) return;
  try {
    const { finishInterrupted } = await import("../../shared/index.ts");
    finishInterrupted(home);
  } catch (error) {
    err(`ccs: an unfinished change could not be finished: ${error instanceof Error ? error.message : String(error)} (see: ccs doctor)\n`);
  }
}
