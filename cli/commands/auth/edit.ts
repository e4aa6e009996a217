import { type ArgsDef, defineCommand } from "citty";
import {
  CcsError,
  type Change,
  type ContextPolicy,
  describePolicy,
  type Home,
  leaves,
  type Preview,
  previewChange,
  readConfig,
  requireAccount,
  requireUnblocked,
  requireValid,
  type Take,
} from "../../../shared/index.ts";
import { JSON_FLAG, YES_FLAG } from "../../arguments/common.ts";
import { valuesOf } from "../../arguments/flags.ts";
import { DEFAULT_GROUP, type PolicyFlags, policyFrom, saysPolicy } from "../../arguments/policy.ts";
import { usage } from "../../arguments/strict.ts";
import { applyNow, preview } from "../../change.ts";
import { home } from "../../home.ts";
import { err, out } from "../../output.ts";
import { applyAsking } from "../../prompt/apply.ts";
import { canAsk } from "../../prompt/ask.ts";
import { askPolicy, askTake } from "../../prompt/edit.ts";
import { json } from "../../render/json.ts";
import { planText, sentenceLines } from "../../render/plan.ts";
import { paintFor, widthOf } from "../../render/style.ts";

const TAKES = ["mine", "all", "none"] as const satisfies readonly Take[];

export const args = {
  account: { type: "positional", required: true, description: "an account there is" },
  isolated: { type: "boolean", description: "see its own history only" },
  "share-context": { type: "boolean", description: "see one history with the accounts of the group `default`" },
  "context-group": { type: "string", valueHint: "group", description: "see one history with the accounts of this group" },
  "deeper-continuity": { type: "boolean", description: "share checkpoints and task lists too, so that /rewind restores files" },
  "standard-continuity": { type: "boolean", description: "share conversations and memory only" },
  take: { type: "enum", options: [...TAKES], description: "on leaving a group, the sessions to take a copy of (without it: mine)" },
  "take-session": { type: "string", valueHint: "id", description: "on leaving a group, take this session too; may be given several times" },
  "copy-settings": { type: "boolean", description: "where settings.json is a link, replace it by a copy of its own" },
  "dry-run": { type: "boolean", description: "say what would happen, and change nothing" },
  yes: YES_FLAG,
  json: JSON_FLAG,
} as const satisfies ArgsDef;

export const repeatable = ["--take-session"];

export const examples = [
  "ccs auth edit work                                   asks step by step",
  "ccs auth edit work --context-group sprint-a --dry-run",
  "ccs auth edit work --deeper-continuity",
  "ccs auth edit work --isolated --take mine --yes",
];

export const notes = [
  "With standard continuity /rewind cannot restore files that another account's turns changed; with deeper continuity it can. " +
    "What was shared stays with the group: leaving withdraws nothing.",
];

export const command = defineCommand({
  meta: { name: "edit" },
  args,
  async run({ args, rawArgs }) {
    const typed = `ccs auth edit ${args.account}`;
    const flags: PolicyFlags = {
      isolated: args.isolated === true,
      shareContext: args["share-context"] === true,
      contextGroup: args["context-group"] ?? null,
      deeper: args["deeper-continuity"] === true,
      standard: args["standard-continuity"] === true,
    };
    // What is wrong whatever the account is, before anything is read.
    policyFrom(flags, typed, { mode: "shared", group: DEFAULT_GROUP, continuity: "standard" });
    const there = home();
    const { name, policy: now } = accountNow(there, args.account);
    const asks = canAsk() && args.json !== true;
    const steps = !saysPolicy(flags);
    if (steps && (!asks || args.yes === true)) {
      const why = args.yes === true ? "--yes applies what the flags say" : "there is no terminal to ask on";
      throw usage(`no policy is given, and ${why}`, `Say which: ${typed} --isolated, --share-context or --context-group <group>`);
    }

    const takeSessions = valuesOf(rawArgs, "--take-session");
    const takes = args.take !== undefined || takeSessions.length > 0;
    const to = steps ? await askPolicy(there, name, now) : policyFrom(flags, typed, now);
    if (takes && !leaves(now, to)) {
      const flag = args.take === undefined ? "--take-session" : "--take";
      throw usage(`${flag} is about leaving a group, and ${name} leaves none: it is ${describePolicy(now)}`, "See: ccs auth edit --help");
    }
    const asksTake = steps && !takes && leaves(now, to);
    const take = asksTake ? await askTake(there, name, now, to) : (args.take ?? "mine");
    const change: Change = { account: name, to, take, takeSessions, copySettings: args["copy-settings"] === true };

    if (args["dry-run"] === true) return dryRun(there, change, args.json === true);
    if (args.yes === true) return applyUnseen(there, change, args.json === true);
    if (!asks) throw unasked(there, change);
    return applyAsking(there, change);
  },
});

/** An account and the policy it has. @throws CcsError `not-found`, `config-invalid` */
function accountNow(there: Home, wanted: string): { readonly name: string; readonly policy: ContextPolicy } {
  const config = readConfig(there);
  requireValid(config);
  const { name, policy } = requireAccount(config, wanted);
  if (policy === null) throw new CcsError("config-invalid", `config.yaml does not say whose history ${name} sees`, { where: config.file });
  return { name, policy };
}

/** Says what would happen. @returns 0, or the exit code the change itself would have */
function dryRun(there: Home, change: Change, asJson: boolean): number {
  const seen = preview(there, change);
  const blocked = blockerOf(seen);
  if (asJson) {
    const { sentences, digest, plan } = seen;
    out(json({ account: change.account, from: plan.intent.from, to: change.to, applicable: blocked === null, sentences, digest, plan }));
  } else if (nothing(seen)) {
    out(`Nothing would change: ${change.account} is ${describePolicy(change.to)}.\n`);
  } else {
    out(planText(change.account, seen, paintFor(1), widthOf(1)));
  }
  return blocked?.exit ?? 0;
}

/** Applies what is right now: with `--yes` nobody looks at a plan first. */
function applyUnseen(there: Home, change: Change, asJson: boolean): number {
  const report = applyNow(there, change);
  if (asJson) out(json({ change: report }));
  else if (report.operations === 0 && report.sentences.length === 0)
    out(`Nothing to change: ${change.account} is ${describePolicy(change.to)}.\n`);
  else out(`${sentenceLines(report.sentences, widthOf(1))}${change.account} is ${describePolicy(report.to)}.\n`);
  return 0;
}

/** A change that nobody can say yes to: the plan on standard error, nothing changed. */
function unasked(there: Home, change: Change): CcsError {
  const seen = previewChange(there, change);
  err(planText(change.account, seen, paintFor(2), widthOf(2)));
  return new CcsError("usage", "there is no terminal to ask on whether to apply this", {
    untouched: "Nothing was changed.",
    hint: "Apply it unseen: the same command with --yes",
  });
}

function nothing(seen: Preview): boolean {
  return seen.sentences.length === 0 && seen.plan.blockers.length === 0;
}

function blockerOf(seen: Preview): CcsError | null {
  try {
    requireUnblocked(seen.plan);
    return null;
  } catch (error) {
    if (error instanceof CcsError) return error;
    throw error;
  }
}
