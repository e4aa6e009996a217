import { realpathSync } from "node:fs";
import { isatty } from "node:tty";
import { type ArgsDef, defineCommand } from "citty";
import { CcsError, setStatusLine, statusLineOf } from "../../shared/index.ts";
import { YES_FLAG } from "../arguments/common.ts";
import { usage } from "../arguments/strict.ts";
import { home } from "../home.ts";
import { err, out } from "../output.ts";
import { canAsk, cancelled, confirm } from "../prompt/ask.ts";
import { shellWord } from "../quick/shells.ts";
import { statusLine } from "../quick/statusline.ts";

export const args = {
  on: {
    type: "string",
    valueHint: "account",
    description: "show it in this account's Claude Code: says what it adds to settings.json, and asks",
  },
  off: { type: "string", valueHint: "account", description: "take it out of this account's settings.json again" },
  yes: { ...YES_FLAG, description: "with --on: do it without asking" },
} as const satisfies ArgsDef;

export const examples = ["ccs statusline --on work", "ccs statusline --off work", "ccs statusline < payload.json"];

export const notes = [
  "Without a flag it is what Claude Code runs: it reads the JSON that a status line command is handed, and prints one line with " +
    "the account, its context policy, and how much of the login's limits is used where that is told. A status line of your own is never touched.",
];

export const command = defineCommand({
  meta: { name: "statusline" },
  args,
  async run({ args }) {
    if (args.on !== undefined && args.off !== undefined) throw usage("--on and --off exclude each other", "See: ccs statusline --help");
    if (args.yes && args.on === undefined) throw usage("--yes is about --on", "Try: ccs statusline --on <account> --yes");
    if (args.on !== undefined) return putIn(args.on, args.yes === true);
    if (args.off !== undefined) return takeOut(args.off);
    if (isatty(0)) throw usage("statusline reads what Claude Code hands to it", "Show it in Claude Code: ccs statusline --on <account>");
    return statusLine();
  },
});

async function putIn(account: string, yes: boolean): Promise<number> {
  const there = home();
  const wanted = `${program()} statusline`;
  const now = statusLineOf(there, account);
  if (now.is === "ours" && now.command === wanted) {
    out(`${account} has it already.\n`);
    return 0;
  }
  if (!yes && now.is !== "theirs") {
    err(`To the settings.json of ${account} this is added:\n  "statusLine": ${JSON.stringify({ type: "command", command: wanted })}\n`);
    if (!canAsk()) {
      throw new CcsError("usage", "there is no terminal to ask on whether to add it", {
        untouched: "Nothing was changed.",
        hint: `Add it unseen: ccs statusline --on ${account} --yes`,
      });
    }
    if (!(await confirm("Add it?"))) throw cancelled();
  }
  setStatusLine(there, account, wanted);
  out(`Claude Code shows it for ${account} from now on. Take it out: ccs statusline --off ${account}\n`);
  return 0;
}

function takeOut(account: string): number {
  const changed = setStatusLine(home(), account, null);
  out(changed ? `The status line of ccs is out of the settings.json of ${account}.\n` : `${account} has no status line.\n`);
  return 0;
}

/** This program as a client's shell finds it: by its name where that leads here, else by its path. */
function program(): string {
  const onPath = Bun.which("ccs");
  return onPath !== null && realpathSync(onPath) === realpathSync(process.execPath) ? "ccs" : shellWord(process.execPath);
}
