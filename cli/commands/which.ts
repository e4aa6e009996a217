import { type ArgsDef, defineCommand } from "citty";
import { JSON_FLAG } from "../arguments/common.ts";
import { usage } from "../arguments/strict.ts";
import { PLACEHOLDERS, which } from "../quick/which.ts";

export const args = {
  dir: { type: "positional", required: false, description: "a directory; left out: the one you are in" },
  format: { type: "string", valueHint: "template", description: "print one line made from a template, for prompts and status lines" },
  json: JSON_FLAG,
} as const satisfies ArgsDef;

export const examples = ["ccs which", "ccs which ~/work/api --json", "ccs which --format '{account} {context}'"];

export const notes = [
  "It starts no client and asks no network: a prompt can call it every time.",
  `--format knows ${Object.entries(PLACEHOLDERS)
    .map(([name, meaning]) => `{${name}} (${meaning})`)
    .join(", ")}; what is not known is empty.`,
];

export const command = defineCommand({
  meta: { name: "which" },
  args,
  run({ args }) {
    if (args.json && args.format !== undefined) throw usage("--json and --format exclude each other", "See: ccs which --help");
    return which({ directory: args.dir, json: args.json === true, format: args.format });
  },
});
