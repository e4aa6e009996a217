import { type ArgsDef, defineCommand } from "citty";
import { instanceOf, previewRestore } from "../../../shared/index.ts";
import { JSON_FLAG, YES_FLAG } from "../../arguments/common.ts";
import { carryOutMove } from "../../carry-out-move.ts";
import { home } from "../../home.ts";
import { out } from "../../output.ts";
import { json } from "../../render/json.ts";
import { sentenceLines } from "../../render/plan.ts";
import { widthOf } from "../../render/style.ts";

export const args = {
  account: { type: "positional", required: true, description: "an account that was removed, or the dated name of one of several" },
  as: { type: "string", valueHint: "name", description: "the name it gets, where its own is taken by now" },
  "dry-run": { type: "boolean", description: "say what would happen, and change nothing" },
  yes: YES_FLAG,
  json: JSON_FLAG,
} as const satisfies ArgsDef;

export const examples = ["ccs auth restore work", "ccs auth restore work --as old-work"];

export const notes = ["Brings back what `ccs auth remove` set aside last, isolated: it says how to log in, and how to share again."];

export const command = defineCommand({
  meta: { name: "restore" },
  args,
  async run({ args }) {
    const there = home();
    const look = () => previewRestore(there, args.account, args.as ?? null);
    const wanted = { dryRun: args["dry-run"] === true, yes: args.yes === true, json: args.json === true };
    const done = await carryOutMove(look, "Bring it back?", wanted);
    if (done === null) return 0;
    const { account, aside } = done.move;
    const restored = { account, dated: aside, instance: instanceOf(there, account), sentences: done.sentences };
    if (wanted.json) out(json({ restored }));
    else out(`${wanted.yes ? sentenceLines(done.sentences, widthOf(1)) : ""}${account} is back.\n`);
    return 0;
  },
});
