import { type ArgsDef, defineCommand } from "citty";
import { showAccount } from "../../../shared/index.ts";
import { JSON_FLAG } from "../../arguments/common.ts";
import { reportedConfig } from "../../config.ts";
import { home } from "../../home.ts";
import { out } from "../../output.ts";
import { accountDetails } from "../../render/accounts.ts";
import { json } from "../../render/json.ts";
import { paintFor, widthOf } from "../../render/style.ts";

export const args = {
  account: { type: "positional", required: true, description: "an account there is" },
  json: JSON_FLAG,
} as const satisfies ArgsDef;

export const examples = ["ccs auth show work", "ccs auth show work --json"];

export const command = defineCommand({
  meta: { name: "show" },
  args,
  run({ args }) {
    const there = home();
    const now = Date.now();
    const account = showAccount(there, args.account, now, reportedConfig(there));
    out(args.json ? json({ account }) : accountDetails(account, now, paintFor(1), widthOf(1)));
  },
});
