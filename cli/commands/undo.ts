import { type ArgsDef, defineCommand } from "citty";
import { undoing } from "../../shared/index.ts";
import { JSON_FLAG, YES_FLAG } from "../arguments/common.ts";
import { carryOut } from "../carry-out.ts";
import { home } from "../home.ts";

export const args = {
  account: { type: "positional", required: false, description: "an account there is; left out: the one that was changed last" },
  "copy-settings": { type: "boolean", description: "where settings.json is a link, replace it by a copy of its own" },
  "dry-run": { type: "boolean", description: "say what would happen, and change nothing" },
  yes: YES_FLAG,
  json: JSON_FLAG,
} as const satisfies ArgsDef;

export const examples = ["ccs undo", "ccs undo work --dry-run", "ccs undo work --yes"];

export const notes = [
  "Sets the policy back to what it was before the last change; an undo can itself be undone. What was made since stays: a group keeps " +
    "everything, and an account that leaves it takes a copy of its own sessions along. Refused where config.yaml was edited since.",
];

export const command = defineCommand({
  meta: { name: "undo" },
  args,
  run({ args }) {
    const there = home();
    const change = { ...undoing(there, args.account ?? null), copySettings: args["copy-settings"] === true };
    return carryOut(there, change, { dryRun: args["dry-run"] === true, yes: args.yes === true, json: args.json === true });
  },
});
