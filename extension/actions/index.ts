import * as vscode from "vscode";
import type { Take } from "../../shared/index.ts";
import { accountOf, type Target } from "../accounts/choose.ts";
import { ask } from "../ask/dialogue.ts";
import { propose, sayDone } from "../ask/propose.ts";
import { sayError } from "../ask/say.ts";
import type { Extension } from "../context.ts";
import { policyOf } from "../sync/model.ts";
import { creationDialogue, removalDialogue } from "./model.ts";

/** What a person does with an account beside editing whose history it sees. */
export function registerActions(extension: Extension): void {
  const about = (command: string, title: string, act: (account: string) => Promise<void>) =>
    vscode.commands.registerCommand(command, async (target?: Target) => {
      try {
        const account = await accountOf(extension, target, title);
        if (account !== null) await act(account);
      } catch (error) {
        await sayError(error);
      }
    });
  extension.own(
    vscode.commands.registerCommand("ccs.createAccount", () => createAccount(extension).catch(sayError)),
    vscode.commands.registerCommand("ccs.restoreAccount", (account?: unknown) => restoreAccount(extension, account).catch(sayError)),
    about("ccs.logIn", "Log In", (account) => openClient(extension, account, ["auth", "login"])),
    about("ccs.openTerminalAs", "Open Terminal As", (account) => openClient(extension, account, [])),
    about("ccs.setDefault", "Set as Default", (account) => setDefault(extension, account)),
    about("ccs.useForFolder", "Use Account for This Folder", (account) => useForFolder(extension, account)),
    about("ccs.removeAccount", "Remove Account", (account) => removeAccount(extension, account)),
    about("ccs.revealDirectory", "Reveal Directory", (account) => revealDirectory(extension, account)),
    about("ccs.copyDirectory", "Copy Directory", async (account) => {
      await vscode.env.clipboard.writeText(await instanceOf(extension, account));
      vscode.window.setStatusBarMessage(`The directory of ${account} is in the clipboard`, 3000);
    }),
  );
}

async function createAccount(extension: Extension): Promise<void> {
  const { engine, accounts } = extension;
  const choices = await accounts.busy(() => engine.ask("newChoices"));
  const names = { check: (raw: string) => engine.ask("checkAccount", raw) };
  const groups = { check: (raw: string) => engine.ask("checkGroup", raw) };
  const { name, sync } = (await ask(creationDialogue(choices, names, groups)))?.at(-1) ?? {};
  if (name === undefined || sync === undefined) return;
  const group = sync.name === undefined ? null : await engine.ask("groupName", sync.name);
  await accounts.busy(() => engine.ask("createAccount", name, policyOf(sync, group)));
  await accounts.refresh();
  await openClient(extension, name, ["auth", "login"]);
}

/** A terminal in which the client is that account, and whatever would make it somebody else is gone. */
async function openClient(extension: Extension, account: string, args: string[]): Promise<void> {
  const { client, set, unset } = await extension.accounts.busy(() => extension.engine.ask("clientStart", account));
  const env = { ...set, ...Object.fromEntries(unset.map((name) => [name, null])) };
  const name = args.length === 0 ? `Claude Code: ${account}` : `Log in: ${account}`;
  vscode.window.createTerminal({ name, shellPath: client, shellArgs: args, env, iconPath: new vscode.ThemeIcon("account") }).show();
}

async function setDefault({ engine, accounts }: Extension, account: string): Promise<void> {
  await accounts.busy(() => engine.ask("setDefault", account));
  await accounts.refresh();
}

async function useForFolder({ engine, accounts }: Extension, account: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file" || uri.scheme === "vscode-remote");
  if (folder === undefined) {
    await vscode.window.showInformationMessage("There is no folder open that could have an account.");
    return;
  }
  const directory = await accounts.busy(() => engine.ask("useForFolder", folder.uri.fsPath, account));
  const answer = await vscode.window.showInformationMessage(`ccs starts ${account} in ${directory}.`, "Clear");
  if (answer === "Clear") await engine.ask("useForFolder", directory, null);
}

async function removeAccount(extension: Extension, account: string): Promise<void> {
  const { engine, accounts } = extension;
  const choices = await accounts.busy(() => engine.ask("syncChoices", account));
  const dialogue = removalDialogue(account, choices);
  let states: Awaited<ReturnType<typeof ask<{ readonly take?: Take }>>> = await ask(dialogue);
  while (states !== null) {
    const take = states.at(-1)?.take ?? "mine";
    const done = await propose(extension, {
      account,
      title: `Remove Account: ${account}`,
      verb: "Remove",
      look: () => engine.ask("proposeRemoval", account, take),
      nothing: `There is nothing to remove of ${account}.`,
      back: states.length > 1,
    });
    if (done === null) return;
    if (done !== "back") return sayDone(done);
    states = await ask(dialogue, states.slice(0, -1));
  }
}

async function restoreAccount(extension: Extension, account: unknown): Promise<void> {
  const { engine } = extension;
  const wanted = typeof account === "string" ? account : await chooseRemoved(extension);
  if (wanted === null) return;
  const done = await propose(extension, {
    account: wanted,
    title: `Restore Account: ${wanted}`,
    verb: "Restore",
    look: () => engine.ask("proposeRestore", wanted),
    nothing: `There is nothing to restore of ${wanted}.`,
    back: false,
  });
  if (done !== null && done !== "back") await sayDone(done);
}

async function chooseRemoved({ engine }: Extension): Promise<string | null> {
  const removed = await engine.ask("removed");
  if (removed.length === 0) {
    await vscode.window.showInformationMessage("No account was removed.");
    return null;
  }
  const picked = await vscode.window.showQuickPick(
    removed.map(({ account, dated, at }) => ({
      label: account,
      description: at === null ? dated : `removed ${at.slice(0, 16).replace("T", " ")}`,
      dated,
    })),
    { title: "Restore Account", placeHolder: "Which account?" },
  );
  return picked?.dated ?? null;
}

async function instanceOf({ accounts }: Extension, account: string): Promise<string> {
  await accounts.refresh();
  const row = accounts.snapshot?.rows.find(({ report }) => report.name === account);
  if (row === undefined) throw new Error(`There is no account ${account}.`);
  return row.report.instance;
}

/** In the system's file manager; where the files are on another machine, in a window of this one. */
async function revealDirectory(extension: Extension, account: string): Promise<void> {
  const uri = vscode.Uri.file(await instanceOf(extension, account));
  if (vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop)
    await vscode.commands.executeCommand("revealFileInOS", uri);
  else await vscode.commands.executeCommand("vscode.openFolder", uri, { forceNewWindow: true });
}
