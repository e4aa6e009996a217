import { type ArgsDef, defineCommand } from "citty";
import { setDefault } from "../../../shared/index.ts";
import { home } from "../../home.ts";
import { out } from "../../output.ts";

export const args = {} as const satisfies ArgsDef;

export const examples = ["ccs auth reset-default"];

export const command = defineCommand({
  meta: { name: "reset-default" },
  args,
  run() {
    setDefault(home(), null);
    out("There is no default account any more: `ccs` alone starts Claude Code as it is.\n");
  },
});
