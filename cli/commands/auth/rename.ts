import { type ArgsDef, defineCommand } from "citty";
import { instanceOf, previewRename } from "../../../shared/index.ts";
import { JSON_FLAG, YES_FLAG } from "../../arguments/common.ts";
import { carryOutMove } from "../../carry-out-move.ts";
import { home } from "../../home.ts";
import { out } from "../../output.ts";
import { json } from "../../render/json.ts";

export const args = {
  account: { type: "positional", required: true, description: "an account there is" },
  name: { type: "positional", required: true, description: "its new name: letters, digits, `.`, `_`, `-`" },
  "dry-run": { type: "boolean", description: "say what would happen, and change nothing" },
  yes: YES_FLAG,
  json: JSON_FLAG,
} as const satisfies ArgsDef;

export const examples = ["ccs auth rename work office", "ccs auth rename work Work --yes"];

export const notes = [
  "History, group, settings and login stay with the account. On macOS the Keychain keeps a login under the directory's name, which " +
    "is another one then: log in again after it.",
];

export const command = defineCommand({
  meta: { name: "rename" },
  args,
  async run({ args }) {
    const there = home();
    const look = () => previewRename(there, args.account, args.name);
    const wanted = { dryRun: args["dry-run"] === true, yes: args.yes === true, json: args.json === true };
    const done = await carryOutMove(look, `Rename ${args.account} to ${args.name}?`, wanted);
    if (done === null) return 0;
    const { account } = done.move;
    const renamed = { account, to: args.name, instance: instanceOf(there, args.name), sentences: done.sentences };
    out(wanted.json ? json({ renamed }) : `${account} is ${args.name} now. Start it: ccs ${args.name}\n`);
    return 0;
  },
});
