import { randomUUID } from "node:crypto";
import { basename, join } from "node:path";
import { sharedArtifacts } from "../artifacts.ts";
import { type Config, editConfig, NEW_CONFIG, readConfig } from "../config/index.ts";
import { CcsError } from "../errors.ts";
import { type Home, instanceOf } from "../paths.ts";
import { policyKeys, samePolicy } from "../policy/index.ts";
import { requireAbilities } from "./abilities.ts";
import { applyPlan } from "./apply.ts";
import { type Area, groupArea, instanceArea } from "./areas.ts";
import { recordConflicts } from "./conflicts.ts";
import { editFile, list, look, Moved, makeDirectories, removeEmptyDirectory } from "./disk.ts";
import { stoppedHalfWay } from "./half-way.ts";
import { readIntent, removeIntent, writeIntent } from "./intents.ts";
import { memberIds, sessionsOf, unrecordedSessions } from "./owners.ts";
import { type PlanResult, planIntent } from "./plan/plan.ts";
import { stagingOf } from "./plan/slots.ts";
import { requireUnblocked } from "./preview.ts";
import {
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
import type { Intent, Operation, Progress } from "./types.ts";
import { keysWritten } from "./undo.ts";

/** Rounds of planning and applying before it is given up: each finds less to do than the one before. */
const ROUNDS = 40;

/** From a plan nobody objects to, to the end: intent, records, config, disk. Under the lock. */
export function begin(home: Home, config: Config, planned: PlanResult, onProgress?: (p: Progress) => void): number {
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
export function editConfigFor(home: Home, config: Config, intent: Intent): Intent {
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
export function converge(home: Home, begun: Intent, onProgress?: (p: Progress) => void, first?: PlanResult): number {
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
        const isFork = entry.kind === "file" && from.startsWith(join(root, "forks/"));
        const kept = isFork ? forkLinkedIn(home, intent, from) : null;
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
  if (to.mode !== "shared" || facts === null || facts.nlink < 2) return null;
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
