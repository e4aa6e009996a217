import { randomUUID } from "node:crypto";
import { sharedArtifacts } from "../artifacts.ts";
import { type Config, readConfig, requireValid } from "../config/index.ts";
import { CcsError } from "../errors.ts";
import { type Home, instanceOf } from "../paths.ts";
import { type ContextPolicy, samePolicy } from "../policy/index.ts";
import { has, requireAbilities } from "./abilities.ts";
import { groupArea } from "./areas.ts";
import { begin, converge, editConfigFor } from "./converge.ts";
import { list } from "./disk.ts";
import { readIntent } from "./intents.ts";
import { requireSettled } from "./moves.ts";
import { anotherPlan, hash, newSeed, noAccount, planChange, planMending, policyOf, requireUnblocked, type Seed } from "./preview.ts";
import type { Change, Intent, Plan, Progress } from "./types.ts";
import { keysWritten, requireUndoable } from "./undo.ts";

/** What was done. */
export interface Changed {
  readonly plan: Plan;
  readonly sentences: readonly string[];
  readonly operations: number;
}

/**
 * Applies a change. Under the lock, with nothing of the account left unfinished but what this change takes over.
 * @param seed what a preview chose; null: chosen now
 * @param approved the digest of the plan a person said yes to; null: whatever it comes to
 * @throws CcsError stale where that plan is another by now
 */
export function applyLocked(
  home: Home,
  change: Change,
  seed: Seed | null,
  approved: string | null,
  onProgress?: (p: Progress) => void,
): Changed {
  const { account } = change;
  const config = readConfig(home);
  requireValid(config);
  if (!config.accounts.has(account)) throw noAccount(account);
  requireSettled(home, config, account);
  requireUndoable(home, config, change);
  const careful = lacksHardLinks(home, change.to);
  const planned = planChange(home, config, change, seed ?? newSeed(home, account, new Date()), careful);
  requireUnblocked(planned.plan);
  if (approved !== null && planned.digest !== approved) {
    if (careful) requireAbilities(home, planned.plan); // what can never be done is said before what was done meanwhile
    throw anotherPlan();
  }
  return { plan: planned.plan, sentences: planned.sentences, operations: begin(home, config, planned, onProgress) };
}

/** Makes an account that is not in config.yaml. Under the lock. */
export function createLocked(home: Home, account: string, to: ContextPolicy, now: Date): void {
  const config = readConfig(home);
  requireValid(config);
  requireSettled(home, config, account);
  // Looked at before the lock was had: somebody may have made, brought back or renamed an account to that name since.
  const instance = instanceOf(home, account);
  const where = config.accounts.has(account) ? config.file : (list(instance) ?? []).length > 0 ? instance : null;
  if (where !== null) {
    throw new CcsError("exists", `the name "${account}" was taken at this moment`, {
      where,
      untouched: "Nothing was changed.",
      hint: "ccs auth list",
    });
  }
  const change: Change = { account, to, take: "mine", takeSessions: [], copySettings: false };
  const seed = { ...newSeed(home, account, now), accountId: randomUUID() };
  const planned = planChange(home, config, change, seed);
  requireUnblocked(planned.plan);
  begin(home, config, planned);
}

/** Mends what needs no choice. Under the lock, with nothing of the account left unfinished. */
export function mendLocked(home: Home, account: string, onProgress?: (p: Progress) => void): void {
  const config = readConfig(home);
  requireValid(config);
  const planned = planMending(home, config, account);
  requireUnblocked(planned.plan);
  begin(home, config, planned, onProgress);
}

/** Finishes the change of an account that was begun and not ended. Under the lock. @returns whether there was one */
export function finishIntent(home: Home, account: string, onProgress?: (p: Progress) => void): boolean {
  const begun = readIntent(home, account);
  if (begun === null) return false;
  const config = readConfig(home);
  requireValid(config);
  const { intent, writes } = asFinished(config, begun);
  converge(home, writes ? editConfigFor(home, config, intent) : intent, onProgress);
  return true;
}

/**
 * What is left to do of a change that was begun and not ended: what a person wrote into config.yaml since stands, and where the
 * account was taken out of it, its files are still put in order. Pure.
 * @returns with it whether config.yaml has yet to be written
 */
export function asFinished(config: Config, intent: Intent): { readonly intent: Intent; readonly writes: boolean } {
  const said = policyOf(config, intent.account);
  const written = said !== null && samePolicy(said, intent.to);
  const asBefore = intent.from === null ? said === null : hash(config.text) === intent.configBefore;
  if (!written && !intent.configWritten && asBefore) return { intent, writes: true };
  if (said === null) return { intent: { ...intent, keys: null }, writes: false };
  return { intent: { ...intent, keys: keysWritten(config, intent) ? (intent.keys ?? null) : null, to: said }, writes: false };
}

/** Where a group lies without hard links, its filesystem may well ignore case, too: every name is then looked at before anything changes. */
function lacksHardLinks(home: Home, to: ContextPolicy): boolean {
  if (to.mode === "isolated") return false;
  const areas = sharedArtifacts(to).map((artifact) => groupArea(home, to.group, artifact));
  return areas.some((area) => area.staging !== home.staging && !has(area, "hard links"));
}
