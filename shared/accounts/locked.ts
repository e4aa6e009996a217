import { readConfig } from "../config/index.ts";
import { applyLocked, type Changed, createLocked, finishIntent, mendLocked } from "../context/change.ts";
import { hasIntents, unfinishedAccounts } from "../context/intents.ts";
import { withLock } from "../context/lock.ts";
import type { Seed, Seen } from "../context/preview.ts";
import type { Change, Progress } from "../context/types.ts";
import { CcsError } from "../errors.ts";
import type { Home } from "../paths.ts";
import type { ContextPolicy } from "../policy/index.ts";
import { finishBegun } from "./moving.ts";

/** Applies a change a person has seen the plan of. @throws CcsError stale when the disk moved so that the plan is another by now */
export function applyPreview(home: Home, preview: Seen, onProgress?: (p: Progress) => void): Changed {
  const { intent } = preview.plan;
  return applyChange(home, intent, intent, preview.digest, onProgress);
}

/** Applies a change as it comes out right now, to whoever asked not to be shown a plan. */
export function applyNow(home: Home, change: Change, onProgress?: (p: Progress) => void): Changed {
  return applyChange(home, change, null, null, onProgress);
}

function applyChange(home: Home, change: Change, seed: Seed | null, approved: string | null, onProgress?: (p: Progress) => void): Changed {
  const { account } = change;
  return withLock(home, `changing the history sync of ${account}`, () => {
    finishBegun(home, account);
    finishOthers(home, account);
    if (!readConfig(home).accounts.has(account)) finishIntent(home, account, onProgress);
    return applyLocked(home, change, seed, approved, onProgress);
  });
}

/** Makes an account: its entry in config.yaml, its instance, its links. The caller has checked the name. */
export function applyCreation(home: Home, account: string, to: ContextPolicy, now: Date): void {
  withLock(home, `creating the account ${account}`, () => {
    finishBegun(home, account);
    finishOthers(home, account);
    createLocked(home, account, to, now);
  });
}

/** Finishes the changes of other accounts where that needs nobody: one that has to wait does not hold up this one. */
export function finishOthers(home: Home, account: string | null): void {
  for (const other of unfinishedAccounts(home)) {
    if (other === account) continue;
    try {
      finishIntent(home, other);
    } catch (error) {
      if (!(error instanceof CcsError)) throw error; // the launch of that account, and doctor, say what is in its way
    }
  }
}

/**
 * Finishes what other accounts left unfinished, before an account is launched that may share a group with them. Does
 * nothing while somebody else is at it.
 */
export function finishInterrupted(home: Home): void {
  if (!hasIntents(home)) return;
  const finish = () => {
    finishBegun(home, null);
    finishOthers(home, null);
  };
  try {
    withLock(home, "finishing what was begun", finish, 0);
  } catch (error) {
    if (!(error instanceof CcsError && error.code === "busy")) throw error;
  }
}

/**
 * Makes an account fit to launch: finishes its unfinished change and mends what needs no choice.
 * @throws CcsError refused where a choice is needed, busy where it has to wait
 */
export function mend(home: Home, account: string, onProgress?: (p: Progress) => void): void {
  withLock(home, `mending the links of ${account}`, () => {
    finishBegun(home, account);
    finishIntent(home, account, onProgress);
    mendLocked(home, account, onProgress);
  });
}
