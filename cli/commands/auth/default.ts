import { type ArgsDef, defineCommand } from "citty";
import { setDefault } from "../../../shared/index.ts";
import { JSON_FLAG } from "../../arguments/common.ts";
import { reportedConfig } from "../../config.ts";
import { home } from "../../home.ts";
import { err, out } from "../../output.ts";
import { json } from "../../render/json.ts";

export const args = {
  account: { type: "positional", required: false, description: "the account to start from now on; left out: say which it is" },
  json: JSON_FLAG,
} as const satisfies ArgsDef;

export const examples = ["ccs auth default", "ccs auth default work"];

export const command = defineCommand({
  meta: { name: "default" },
  args,
  run({ args }) {
    const there = home();
    const { account } = args;
    if (account !== undefined) setDefault(there, account);
    const chosen = account ?? reportedConfig(there).default;
    if (args.json) out(json({ default: chosen }));
    else if (account !== undefined) out(`\`ccs\` alone starts ${account} from now on.\n`);
    else if (chosen !== null) out(`${chosen}\n`);
    else err("There is no default account: `ccs` alone starts Claude Code as it is. Set one: ccs auth default <account>\n");
  },
});
