import { createHash, randomUUID } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { ARTIFACTS, sharedArtifacts } from "../artifacts.ts";
import { runningClients } from "../claude/index.ts";
import { type Config, editConfig, NEW_CONFIG, policyText, readConfig, requireValid } from "../config/index.ts";
import { CcsError } from "../errors.ts";
import { type Home, instanceOf } from "../paths.ts";
import { type ContextPolicy, policyKeys, policyOfKeys, samePolicy } from "../policy/index.ts";
import { has, requireAbilities } from "./abilities.ts";
import { applyPlan } from "./apply.ts";
import { type Area, groupArea, instanceArea } from "./areas.ts";
import { newChangeId } from "./change-id.ts";
import { recordConflicts } from "./conflicts.ts";
import { describePlan } from "./describe.ts";
import { editFile, list, look, Moved, makeDirectories, removeEmptyDirectory } from "./disk.ts";
import { stoppedHalfWay } from "./half-way.ts";
import { readIntent, removeIntent, writeIntent } from "./intents.ts";
import { actualOf } from "./links.ts";
import { requireSettled } from "./moves.ts";
import { memberIds, sessionsOf, unrecordedSessions } from "./owners.ts";
import { type PlanResult, planIntent } from "./plan/plan.ts";
import { stagingOf } from "./plan/slots.ts";
import { decideTaking, type Taking } from "./plan/take.ts";
import {
  accountId,
  assignAccountId,
  beginGroupRecord,
  ensureAccountId,
  readForks,
  readGroupRecord,
  recordForks,
  recordKeyChange,
  recordMembers,
  recordSessions,
} from "./records.ts";
import type { Change, Intent, KeyChange, Operation, Plan, Progress } from "./types.ts";
import { keysWritten, requireUndoable } from "./undo.ts";

/** A plan as a person is shown it, and as it is applied later. */
export interface Preview {
  readonly plan: Plan;
  /** Plain sentences, in the order to show them; empty when nothing changes. */
  readonly sentences: readonly string[];
  /** Equal digests: the same plan. */
  readonly digest: string;
}

const ROUNDS = 40;

// ---- Deciding ----

function policyOf(config: Config, account: string): ContextPolicy | null {
  return config.accounts.get(account)?.policy ?? null;
}

/** The groups an account's links lead to that it leaves with a policy: wholly, or with some of its artifacts. */
function groupsLeft(home: Home, account: string, from: ContextPolicy | null, to: ContextPolicy): string[] {
  const wanted = new Set(sharedArtifacts(to).map((a) => a.name));
  const left = new Set<string>();
  let linked = false;
  for (const artifact of ARTIFACTS) {
    const actual = actualOf(home, account, artifact);
    if (actual.is !== "our-link" || actual.group === null) continue;
    linked = true;
    if (!wanted.has(artifact.name) || (to.mode === "shared" && to.group !== actual.group)) left.add(actual.group);
  }
  if (!linked && from?.mode === "shared" && leaves(from, to)) left.add(from.group);
  return [...left];
}

function decideAll(home: Home, config: Config, change: Change, groups: readonly string[], before: readonly string[]): Taking | null {
  if (groups.length === 0 && before.length === 0) return null;
  const each = groups.map((group) => decideTaking(home, config, change.account, group, change.take, change.takeSessions));
  return {
    taken: [...new Set([...before, ...each.flatMap((t) => t.taken)])],
    stay: each.reduce((sum, t) => sum + t.stay, 0),
    continued: each.reduce((sum, t) => sum + t.continued, 0),
  };
}

/** Whether going from one policy to another leaves something behind, so that it has to be decided what comes along. */
export function leaves(from: ContextPolicy | null, to: ContextPolicy): boolean {
  if (from === null || from.mode === "isolated") return false;
  if (to.mode === "isolated" || to.group !== from.group) return true;
  return from.continuity === "deeper" && to.continuity === "standard";
}

/** What is chosen once for a change and stays through every plan made for it. */
export type Seed = Pick<Intent, "id" | "accountId" | "forks" | "live" | "taken">;

function newSeed(home: Home, account: string, now: Date): Seed {
  const open = runningClients(instanceOf(home, account)).flatMap((c) => c.sessionId ?? []);
  // A change that was begun and not ended is taken over by the next one: what it staged and chose goes on with it.
  const begun = readIntent(home, account);
  if (begun !== null) return { ...begun, live: [...new Set([...begun.live, ...open])] };
  return { id: newChangeId(account, now), accountId: accountId(home, account) ?? randomUUID(), forks: {}, live: open, taken: null };
}

function seedOf({ id, accountId: permanent, forks, live, taken }: Seed): Seed {
  return { id, accountId: permanent, forks, live, taken };
}

/** What a change does to the keys of its account. One that goes on with a change that was begun, goes on with what that one did. */
function keyChangeOf(home: Home, config: Config, change: Change, from: ContextPolicy | null): KeyChange | null {
  const { account, to } = change;
  if (from !== null && samePolicy(from, to)) {
    const begun = readIntent(home, account)?.keys ?? null;
    const led = begun === null ? null : policyOfKeys(begun.after);
    return led !== null && samePolicy(led, to) ? begun : null;
  }
  const after = change.undoes?.keys ?? policyKeys(to);
  return { id: randomUUID(), at: new Date().toISOString(), before: policyText(config.text, account), after };
}

function decide(home: Home, config: Config, change: Change, seed: Seed): { intent: Intent; taking: Taking | null } {
  const from = policyOf(config, change.account);
  const taking = decideAll(home, config, change, groupsLeft(home, change.account, from, change.to), seed.taken ?? []);
  return {
    taking,
    intent: {
      version: 1,
      id: seed.id,
      account: change.account,
      accountId: seed.accountId,
      from,
      to: change.to,
      take: change.take,
      takeSessions: change.takeSessions,
      copySettings: change.copySettings,
      began: new Date().toISOString(),
      forks: seed.forks,
      live: seed.live,
      configBefore: hash(config.text),
      configWritten: false,
      taken: taking?.taken ?? null,
      keys: keyChangeOf(home, config, change, from),
      undoes: change.undoes ?? null,
    },
  };
}

function planChange(home: Home, config: Config, change: Change, seed: Seed, careful = false): Preview & PlanResult {
  const { intent, taking } = decide(home, config, change, seed);
  const result = planIntent(home, config, intent, { careful, newId: randomUUID });
  const plan: Plan = {
    ...result.plan,
    intent: { ...intent, forks: result.records.forks },
    summary: {
      ...result.plan.summary,
      sessionsOut: taking?.taken.length ?? 0,
      sessionsStay: taking?.stay ?? 0,
      sessionsContinued: taking?.continued ?? 0,
    },
  };
  return {
    plan,
    records: result.records,
    sentences: describePlan(plan),
    get digest() {
      return digestOf(plan);
    },
  };
}

/** Two plans are the same if they take the same steps on the same paths; times and sizes may move on meanwhile. */
function digestOf(plan: Plan): string {
  const parts = [plan.intent.to, plan.intent.taken, plan.operations, { ...plan.summary, bytesCopied: 0 }];
  return hash(JSON.stringify(parts, (key, value: unknown) => (key === "times" || key === "size" ? undefined : value)));
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A change that could be applied, as a preview. Reads only. */
export function previewChange(home: Home, change: Change): Preview {
  const config = readConfig(home);
  requireValid(config);
  if (!config.accounts.has(change.account)) throw noAccount(change.account);
  requireSettled(home, config, change.account);
  requireUndoable(home, config, change);
  return planChange(home, config, change, newSeed(home, change.account, new Date()));
}

function noAccount(account: string): CcsError {
  return new CcsError("not-found", `there is no account "${account}"`, { untouched: "Nothing was changed.", hint: "ccs auth list" });
}

/** @throws the first blocker of a plan, those that only need waiting first */
export function requireUnblocked(plan: Pick<Plan, "blockers">): void {
  const blocker = plan.blockers.find((b) => b.code === "refused") ?? plan.blockers[0];
  if (blocker === undefined) return;
  throw new CcsError(blocker.code, blocker.message, { where: blocker.where, untouched: "Nothing was changed.", hint: blocker.hint });
}

// ---- Doing ----

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
    throw new CcsError("stale", "something changed since the plan was shown", {
      untouched: "Nothing was changed.",
      hint: "Look at the new plan and approve it.",
    });
  }
  return { plan: planned.plan, sentences: planned.sentences, operations: begin(home, config, planned, onProgress) };
}

/** Makes an account that is not in config.yaml. Under the lock. */
export function createLocked(home: Home, account: string, to: ContextPolicy, now: Date): void {
  const config = readConfig(home);
  requireValid(config);
  requireSettled(home, config, account);
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

/** Where a group lies without hard links, its filesystem may well ignore case, too: every name is then looked at before anything changes. */
function lacksHardLinks(home: Home, to: ContextPolicy): boolean {
  if (to.mode === "isolated") return false;
  const areas = sharedArtifacts(to).map((artifact) => groupArea(home, to.group, artifact));
  return areas.some((area) => area.staging !== home.staging && !has(area, "hard links"));
}

/** From a plan nobody objects to, to the end: intent, records, config, disk. Under the lock. */
function begin(home: Home, config: Config, planned: PlanResult, onProgress?: (p: Progress) => void): number {
  const { plan } = planned;
  const same = plan.intent.from !== null && samePolicy(plan.intent.from, plan.intent.to);
  if (same && plan.operations.length === 0 && readIntent(home, plan.intent.account) === null) return 0;
  requireAbilities(home, plan);
  const { intent } = plan;
  rememberBegun(home, config, intent);
  if (intent.from === null) assignAccountId(home, intent.account, intent.accountId);
  else ensureAccountId(home, intent.account, intent.accountId);
  writeIntent(home, intent);
  return converge(home, editConfigFor(home, config, intent), onProgress, planned);
}

/** A change that is taken over before its end did change the keys: another one does not make that unhappened. */
function rememberBegun(home: Home, config: Config, intent: Intent): void {
  const begun = readIntent(home, intent.account);
  if (begun?.keys && begun.keys.id !== intent.keys?.id && keysWritten(config, begun)) recordKeyChange(home, begun.accountId, begun.keys);
}

/** Before the members of a group change, what is in it is recorded as theirs; then config.yaml says the new policy. */
function editConfigFor(home: Home, config: Config, intent: Intent): Intent {
  const groups = new Set([intent.from, intent.to].flatMap((p) => (p?.mode === "shared" ? [p.group] : [])));
  for (const group of groups) {
    if (readGroupRecord(home, group) === null) beginGroupRecord(home, group, look(join(home.groups, group)) === null);
    recordSessions(home, group, unrecordedSessions(home, config, group));
    const stays = intent.to.mode === "shared" && intent.to.group === group;
    const members = memberIds(home, config, group).filter((m): m is string => m !== null && (stays || m !== intent.accountId));
    if (stays && !members.includes(intent.accountId)) members.push(intent.accountId);
    if (JSON.stringify(readGroupRecord(home, group)?.members) !== JSON.stringify(members)) recordMembers(home, group, members);
  }
  if (intent.from !== null && samePolicy(intent.from, intent.to) && config.accounts.has(intent.account)) return intent;
  const keys = intent.keys?.after ?? policyKeys(intent.to);
  const isNew = !config.accounts.has(intent.account);
  const written = Object.fromEntries(Object.entries(keys).filter(([, value]) => !isNew || value !== null)) as Record<string, string | null>;
  const next = editConfig(config.exists ? config.text : NEW_CONFIG, [
    isNew
      ? { set: "new-account", account: intent.account, keys: { created: intent.began, last_used: null, ...written } }
      : { set: "account", account: intent.account, keys: written },
  ]);
  makeDirectories(home.root);
  try {
    editFile(home.config, config.exists ? config.text : null, next, 0o600);
  } catch (error) {
    if (!(error instanceof Moved)) throw error;
    removeIntent(home, intent.account);
    throw new CcsError("stale", "config.yaml was changed by somebody else just now", {
      where: home.config,
      untouched: "Nothing was changed.",
      hint: "Run the command again.",
    });
  }
  const noted: Intent = { ...intent, configWritten: true };
  writeIntent(home, noted);
  return noted;
}

/**
 * Plans and applies until nothing is left to do, then forgets the intent.
 * @param first the plan the change began with, made a moment ago under the same lock
 */
function converge(home: Home, begun: Intent, onProgress?: (p: Progress) => void, first?: PlanResult): number {
  try {
    return rounds(home, begun, onProgress, first);
  } catch (error) {
    throw stoppedHalfWay(begun.account, error);
  }
}

function rounds(home: Home, begun: Intent, onProgress?: (p: Progress) => void, first?: PlanResult): number {
  let intent = begun;
  let operations = 0;
  for (let round = 0, careful = false; round < ROUNDS; round++) {
    const result = round === 0 && first !== undefined ? first : planIntent(home, readConfig(home), intent, { careful, newId: randomUUID });
    requireUnblocked(result.plan);
    const plan = result.plan.operations.length > 0 ? result.plan : { ...result.plan, operations: leftovers(home, intent) };
    if (plan.operations.length === 0) {
      prune(home, intent);
      if (intent.keys) recordKeyChange(home, intent.accountId, intent.keys);
      removeIntent(home, intent.account);
      return operations;
    }
    intent = remember(home, intent, result);
    const applied = applyPlan(home, { ...plan, intent }, (account) => ensureAccountId(home, account), onProgress);
    operations += applied.done;
    careful ||= applied.moved > 0;
  }
  throw new CcsError("busy", `the history of ${begun.account} keeps changing while ccs works on it`, {
    where: instanceOf(home, begun.account),
    untouched: "Nothing is lost: what was not finished is recorded and will be finished.",
    hint: "ccs doctor --fix",
  });
}

/** Puts on disk what a plan decided, before the plan is applied: ids of forks, who brought what, conflicts to come. */
function remember(home: Home, intent: Intent, { plan, records }: PlanResult): Intent {
  const fresh = Object.entries(records.forks).filter(([key, as]) => intent.forks[key] !== as);
  const next: Intent = fresh.length === 0 ? intent : { ...intent, forks: { ...intent.forks, ...records.forks } };
  if (next !== intent) writeIntent(home, next);
  if (intent.to.mode === "shared") {
    const { group } = intent.to;
    const brought = readGroupRecord(home, group)?.brought;
    const account = intent.accountId;
    const fresh = records.brought.filter((session) => !brought?.get(session)?.includes(account));
    recordSessions(
      home,
      group,
      fresh.map((session) => ({ session, how: "brought", account })),
    );
    const known = readForks(home, account, group);
    const news = [...records.settled].filter(([session, as]) => (known.get(session)?.at(-1) ?? session) !== as);
    recordForks(
      home,
      news.map(([session, as]) => ({ account, group, session, as })),
    );
    recordConflicts(home, group, plan.summary.conflicts);
  }
  return next;
}

/** Files and links of a finished change that nothing asks for any more: kept in set-aside. */
function leftovers(home: Home, intent: Intent): Operation[] {
  const operations: Operation[] = [];
  for (const area of areasOf(home, intent)) {
    const root = stagingOf(area, intent.id);
    const visit = (directory: string) => {
      for (const entry of list(directory) ?? []) {
        const from = join(directory, entry.name);
        const kept = entry.kind === "file" ? forkLinkedIn(home, intent, from) : null;
        if (entry.kind === "directory") visit(from);
        else if (kept !== null) operations.push({ do: "drop", path: from, kept });
        else {
          const to = join(area.setAside, intent.id, from.slice(root.length + 1));
          operations.push({
            do: "set-aside",
            from,
            to: look(to) === null ? to : join(area.setAside, intent.id, `again-${randomUUID().slice(0, 4)}`, from.slice(root.length + 1)),
            size: look(from)?.size ?? 0,
            why: "in-the-way",
            beside: from,
          });
        }
      }
    };
    visit(root);
  }
  return operations;
}

/** Where a staged fork stands in the group already, under its second name; null where it does not. */
function forkLinkedIn(home: Home, { to }: Intent, staged: string): string | null {
  const facts = look(staged);
  if (to.mode !== "shared" || facts === null || facts.nlink < 2 || basename(dirname(staged)) !== "forks") return null;
  const held = sessionsOf(home, to.group).filter((session) => `${session.id}.jsonl` === basename(staged));
  return held.find(({ path }) => look(path)?.ino === facts.ino && look(path)?.dev === facts.dev)?.path ?? null;
}

function areasOf(home: Home, { account, to }: Intent): Area[] {
  const areas = [instanceArea(home, account)];
  if (to.mode === "shared") areas.push(...sharedArtifacts(to).map((artifact) => groupArea(home, to.group, artifact)));
  return [...new Map(areas.map((area) => [area.staging, area])).values()];
}

/** Removes the empty directories a change left in staging. */
function prune(home: Home, intent: Intent): void {
  const remove = (directory: string) => {
    for (const entry of list(directory) ?? []) if (entry.kind === "directory") remove(join(directory, entry.name));
    removeEmptyDirectory(directory);
  };
  for (const area of areasOf(home, intent)) remove(stagingOf(area, intent.id));
}

// ---- Recovering ----

/** Finishes the change of an account that was begun and not ended. Under the lock. @returns whether there was one */
export function finishIntent(home: Home, account: string, onProgress?: (p: Progress) => void): boolean {
  const intent = readIntent(home, account);
  if (intent === null) return false;
  const config = readConfig(home);
  requireValid(config);
  const said = policyOf(config, account);
  const written = said !== null && samePolicy(said, intent.to);
  const asBefore = intent.from === null ? said === null : hash(config.text) === intent.configBefore;
  if (!written && !intent.configWritten && asBefore) {
    converge(home, editConfigFor(home, config, intent), onProgress);
  } else if (said !== null) {
    const keys = keysWritten(config, intent) ? (intent.keys ?? null) : null;
    converge(home, { ...intent, keys, to: said }, onProgress); // what a person wrote since stands
  } else {
    converge(home, { ...intent, keys: null }, onProgress); // the account was taken out of config.yaml since: its files are still put in order
  }
  return true;
}

/** What is left to do so that the disk is what config.yaml says; where it needs a choice, a CcsError says so. Reads only. */
export function planMend(home: Home, account: string, config: Config = readConfig(home)): Plan {
  return planMending(home, config, account).plan;
}

function planMending(home: Home, config: Config, account: string): PlanResult {
  const policy = policyOf(config, account);
  if (policy === null) throw noAccount(account);
  requireSettled(home, config, account);
  const intent = mendIntent(home, config, account, policy);
  const { plan, records } = planIntent(home, config, intent, { careful: false, newId: randomUUID });
  return { plan: { ...plan, intent: { ...intent, forks: records.forks } }, records };
}

/** The intent of putting an account in order without changing what it is. */
export function mendIntent(home: Home, config: Config, account: string, policy: ContextPolicy): Intent {
  return {
    version: 1,
    ...seedOf(newSeed(home, account, new Date())),
    account,
    from: policy,
    to: policy,
    take: "mine",
    takeSessions: [],
    copySettings: false,
    began: new Date().toISOString(),
    configBefore: hash(config.text),
    configWritten: false,
  };
}
