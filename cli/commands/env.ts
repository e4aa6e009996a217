import { type ArgsDef, defineCommand } from "citty";
import { JSON_FLAG } from "../arguments/common.ts";
import { env } from "../quick/env.ts";
import { SHELLS } from "../quick/shells.ts";

export const args = {
  account: { type: "positional", required: true, description: "an account there is" },
  shell: { type: "enum", options: [...SHELLS], description: "the shell to write for (without it: posix, which bash and zsh read too)" },
  json: JSON_FLAG,
} as const satisfies ArgsDef;

export const examples = [
  'eval "$(ccs env work)"                    in a shell, or in the .envrc of direnv',
  "ccs env work --shell fish | source",
  "ccs env work --shell powershell | Out-String | Invoke-Expression",
];

export const notes = [
  "Sets CLAUDE_CONFIG_DIR and CCS_ACCOUNT, and unsets the variables that would make the client somebody else " +
    "(CCS_KEEP_AUTH_ENV=1 leaves them). Where `ccs <account>` would not start a client, it prints nothing and fails.",
];

export const command = defineCommand({
  meta: { name: "env" },
  args,
  run({ args }) {
    return env({ account: args.account, shell: args.shell ?? "posix", json: args.json === true });
  },
});
