import * as vscode from "vscode";
import { accountOf, type Target } from "../accounts/choose.ts";
import { ask } from "../ask/dialogue.ts";
import { propose, sayDone } from "../ask/propose.ts";
import { trying } from "../ask/say.ts";
import type { Extension } from "../context.ts";
import { changeOf, syncDialogue } from "./model.ts";

const TITLE = "Edit History Sync";

export function registerSync(extension: Extension): void {
  extension.own(
    vscode.commands.registerCommand("ccs.editHistorySync", (target?: Target) => trying(() => editHistorySync(extension, target))),
    vscode.commands.registerCommand("ccs.undoLastChange", (target?: Target) => trying(() => undoLastChange(extension, target))),
  );
}

async function editHistorySync(extension: Extension, target: Target): Promise<void> {
  const { engine, accounts } = extension;
  const account = await accountOf(extension, target, TITLE);
  if (account === null) return;
  const choices = await accounts.busy(() => engine.ask("syncChoices", account));
  const dialogue = syncDialogue(account, choices, { check: (raw) => engine.ask("checkGroup", raw) });
  let states = await ask(dialogue);
  while (states !== null) {
    const answers = states.at(-1) ?? {};
    const name = answers.name === undefined ? null : await engine.ask("groupName", answers.name);
    const change = changeOf(account, answers, name);
    const done = await propose(extension, {
      account,
      title: `${TITLE}: ${account}`,
      verb: "Apply",
      look: (copySettings) => engine.ask("proposeChange", { ...change, copySettings }),
      nothing: `Nothing to change: ${account} is ${choices.now}.`,
      back: true,
    });
    if (done === null) return;
    if (done !== "back") return sayDone(done);
    states = await ask(dialogue, states.slice(0, -1));
  }
}

async function undoLastChange(extension: Extension, target: Target): Promise<void> {
  const { engine } = extension;
  const last = target === undefined ? await engine.ask("lastChanged") : null;
  const first = last === null ? null : { account: last, why: "changed last" };
  const account = await accountOf(extension, target, "Undo Last Change", first);
  if (account === null) return;
  const done = await propose(extension, {
    account,
    title: `Undo Last Change: ${account}`,
    verb: "Undo",
    look: (copySettings) => engine.ask("proposeUndo", account, copySettings),
    nothing: `There is nothing to undo for ${account}.`,
    back: false,
  });
  if (done !== null && done !== "back") await sayDone(done);
}
