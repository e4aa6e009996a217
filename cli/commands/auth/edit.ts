import { type ArgsDef, defineCommand } from "citty";
import {
  CcsError,
  type Change,
  type ContextPolicy,
  describePolicy,
  type Home,
  leaves,
  readConfig,
  requireAccount,
  requireValid,
  type Take,
} from "../../../shared/index.ts";
import { JSON_FLAG, YES_FLAG } from "../../arguments/common.ts";
import { valuesOf } from "../../arguments/flags.ts";
import { DEFAULT_GROUP, type PolicyFlags, policyFrom, saysPolicy } from "../../arguments/policy.ts";
import { usage } from "../../arguments/strict.ts";
import { carryOut } from "../../carry-out.ts";
import { home } from "../../home.ts";
import { canAsk } from "../../prompt/ask.ts";
import { askPolicy, askTake } from "../../prompt/edit.ts";

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

    return carryOut(there, change, { dryRun: args["dry-run"] === true, yes: args.yes === true, json: args.json === true });
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
