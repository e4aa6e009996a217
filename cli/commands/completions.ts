import { type ArgsDef, defineCommand } from "citty";
import { usage } from "../arguments/strict.ts";
import { nearest } from "../arguments/suggest.ts";
import { COMPLETED, SCRIPTS } from "../completions/scripts.ts";
import { out } from "../output.ts";

export const args = {
  shell: { type: "positional", required: true, valueHint: COMPLETED.join("|"), description: "bash, zsh, fish or powershell" },
} as const satisfies ArgsDef;

export const examples = [
  "source <(ccs completions bash)                              in ~/.bashrc",
  "source <(ccs completions zsh)                               in ~/.zshrc, after compinit",
  "ccs completions fish > ~/.config/fish/completions/ccs.fish",
  "ccs completions powershell | Out-String | Invoke-Expression   in $PROFILE",
];

export const notes = ["The script asks ccs at the Tab key, so that it knows today's commands, accounts and groups, and needs no renewal."];

export const command = defineCommand({
  meta: { name: "completions" },
  args,
  run({ args }) {
    const shell = COMPLETED.find((name) => name === args.shell);
    if (shell === undefined) {
      const meant = nearest(args.shell, COMPLETED);
      const hint = meant === undefined ? "See: ccs completions --help" : `Did you mean ccs completions ${meant}?`;
      throw usage(`there are no completions for "${args.shell}"; allowed: ${COMPLETED.map((name) => `"${name}"`).join(", ")}`, hint);
    }
    out(SCRIPTS[shell]);
  },
});
