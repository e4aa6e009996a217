import { type ArgsDef, defineCommand } from "citty";

export const args = {
  command: { type: "positional", required: false, description: "a command, as in `ccs help auth create`" },
} as const satisfies ArgsDef;

export const examples = ["ccs help", "ccs help auth create"];

/** `run.ts` answers `help` itself; this is here for its own usage. */
export const command = defineCommand({ meta: { name: "help", description: "how a command is used" }, args });
