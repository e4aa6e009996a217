import { createHash, randomUUID } from "node:crypto";
import { ARTIFACTS, sharedArtifacts } from "../artifacts.ts";
import { runningClients } from "../claude/index.ts";
import { type Config, policyText, readConfig, requireValid } from "../config/index.ts";
import { CcsError } from "../errors.ts";
import { type Home, instanceOf } from "../paths.ts";
import { type ContextPolicy, policyKeys, policyOfKeys, samePolicy } from "../policy/index.ts";
import { newChangeId } from "./change-id.ts";
import { describePlan } from "./describe.ts";
import { readIntent } from "./intents.ts";
import { actualOf } from "./links.ts";
import { requireSettled } from "./moves.ts";
import { type PlanResult, planIntent } from "./plan/plan.ts";
import { decideTaking, type Taking } from "./plan/take.ts";
import { accountId } from "./records.ts";
import type { Change, Intent, KeyChange, Plan } from "./types.ts";
import { requireUndoable } from "./undo.ts";

/** A plan as a person is shown it, and as it is applied later. */
export interface Preview {
  readonly plan: Plan;
  /** Plain sentences, in the order to show them; empty when nothing changes. */
  readonly sentences: readonly string[];
  /** Equal digests: the same plan. */
  readonly digest: string;
}

/** Of a preview, what it takes to apply just that: plain data, which can be kept, or handed to another thread, while a person reads. */
export interface Seen {
  readonly plan: Pick<Plan, "intent">;
  readonly digest: string;
}

/** What config.yaml says of an account; null where that does not parse, or there is none. */
export function policyOf(config: Config, account: string): ContextPolicy | null {
  return config.accounts.get(account)?.policy ?? null;
}

/** The groups an account's links lead to that it leaves with a policy: wholly, or with some of its artifacts. */
export function groupsLeft(home: Home, account: string, from: ContextPolicy | null, to: ContextPolicy): string[] {
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

/** What a change decides once, when it is first looked at. */
export function newSeed(home: Home, account: string, now: Date): Seed {
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

/** A change as a plan, with what has to be remembered before it is applied. Reads only. */
export function planChange(home: Home, config: Config, change: Change, seed: Seed, careful = false): Preview & PlanResult {
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

/** SHA-256, in hex. */
export function hash(text: string): string {
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

/** The error for a plan that is another by now than the one a person said yes to. */
export function anotherPlan(): CcsError {
  return new CcsError("stale", "something changed since the plan was shown", {
    untouched: "Nothing was changed.",
    hint: "Look at the new plan and approve it.",
  });
}

/** The error for an account that is not there. */
export function noAccount(account: string): CcsError {
  return new CcsError("not-found", `there is no account "${account}"`, { untouched: "Nothing was changed.", hint: "ccs auth list" });
}

/** @throws the first blocker of a plan, those that only need waiting first */
export function requireUnblocked(plan: Pick<Plan, "blockers">): void {
  const blocker = plan.blockers.find((b) => b.code === "refused") ?? plan.blockers[0];
  if (blocker === undefined) return;
  throw new CcsError(blocker.code, blocker.message, { where: blocker.where, untouched: "Nothing was changed.", hint: blocker.hint });
}

/** What is left to do so that the disk is what config.yaml says; where it needs a choice, a CcsError says so. Reads only. */
export function planMend(home: Home, account: string, config: Config = readConfig(home)): Plan {
  return planMending(home, config, account).plan;
}

/** As `planMend`, with what has to be remembered. */
export function planMending(home: Home, config: Config, account: string): PlanResult {
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
