import { type ArgsDef, defineCommand } from "citty";
import { importing, listAccounts, strayNames } from "../../../shared/index.ts";
import { JSON_FLAG } from "../../arguments/common.ts";
import { reportedConfig } from "../../config.ts";
import { home } from "../../home.ts";
import { err, out } from "../../output.ts";
import { accountTable } from "../../render/accounts.ts";
import { json } from "../../render/json.ts";
import { paintFor, widthOf } from "../../render/style.ts";

export const args = { json: JSON_FLAG } as const satisfies ArgsDef;

export const examples = ["ccs auth list", "ccs auth list --json"];

export const command = defineCommand({
  meta: { name: "list" },
  args,
  run({ args }) {
    const there = home();
    const now = Date.now();
    const config = reportedConfig(there);
    const accounts = listAccounts(there, now, config);
    if (args.json) {
      out(json({ default: config.default, accounts }));
      return;
    }
    const strays = strayNames(there, config);
    const take =
      strays.length === 0 ? "" : `Not in config.yaml yet: ${strays.join(", ")}. Take over: ${importing(there, strays[0] ?? "")}\n`;
    if (accounts.length === 0 && strays.length > 0) {
      err(take);
      return;
    }
    if (accounts.length === 0) {
      err("There are no accounts yet. Make one: ccs auth create <account>\n");
      return;
    }
    out(accountTable(accounts, now, paintFor(1), widthOf(1)));
    const ill = accounts.filter((account) => account.health === "warning" || account.health === "error");
    if (ill.length > 0) {
      err(`\n${paintFor(2).dim(ill.length === 1 ? `What is wrong: ccs auth show ${ill[0]?.name}` : "What is wrong: ccs doctor")}\n`);
    }
    err(take);
  },
});
