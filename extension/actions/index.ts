import * as vscode from "vscode";
import type { Take } from "../../shared/index.ts";
import { accountOf, type First, type Target } from "../accounts/choose.ts";
import { ask } from "../ask/dialogue.ts";
import { propose, sayDone } from "../ask/propose.ts";
import { trying } from "../ask/say.ts";
import type { Extension } from "../context.ts";
import { EngineError } from "../engine/refusal.ts";
import { policyOf } from "../sync/model.ts";
import { creationDialogue, importDialogue, removalDialogue } from "./model.ts";

/** What a person does with an account beside editing whose history it sees. */
export function registerActions(extension: Extension): void {
  const about = (command: string, title: string, act: (account: string) => Promise<void>, first = async (): Promise<First> => null) =>
    vscode.commands.registerCommand(command, async (target?: Target) => {
      let account: string | null = null;
      await trying(async () => {
        account ??= await accountOf(extension, target, title, target === undefined ? await first() : null);
        if (account !== null) await act(account);
      });
    });
  extension.own(
    vscode.commands.registerCommand("ccs.createAccount", () => trying(() => createAccount(extension))),
    vscode.commands.registerCommand("ccs.importHistory", () => trying(() => importHistory(extension))),
    vscode.commands.registerCommand("ccs.restoreAccount", (account?: unknown) => trying(() => restoreAccount(extension, account))),
    about("ccs.logIn", "Log In", (account) => openClient(extension, account, ["auth", "login"])),
    about("ccs.openTerminalAs", "Open Terminal As", (account) => openClient(extension, account, [])),
    about("ccs.setDefault", "Set as Default", (account) => setDefault(extension, account)),
    about(
      "ccs.useForFolder",
      "Use Account for This Folder",
      (account) => useForFolder(extension, account),
      () => usedNow(extension),
    ),
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
  // By itself, so that trying again makes no second account.
  await trying(() => openClient(extension, name, ["auth", "login"]));
}

/** An account of what Claude Code kept so far in `~/.claude`; where there is no such directory, in one that is chosen. */
async function importHistory(extension: Extension): Promise<void> {
  const { engine, accounts } = extension;
  const found = await accounts.busy(() => engine.ask("importChoices", null)).catch(orNothing);
  const directory = found === null ? await chooseDirectory() : null;
  if (found === null && directory === null) return;
  const choices = found ?? (await accounts.busy(() => engine.ask("importChoices", directory)));
  const dialogue = importDialogue(choices, { check: (raw) => engine.ask("checkAccount", raw) });
  let states = await ask(dialogue);
  while (states !== null) {
    const { name = choices.account, withSecrets = false } = states.at(-1) ?? {};
    const done = await propose(extension, {
      account: name,
      title: dialogue.title,
      verb: "Import",
      look: () => engine.ask("proposeImport", { directory, name, withSecrets }),
      nothing: `There is nothing to import in ${choices.from}.`,
      back: true,
    });
    if (done === null) return;
    if (done !== "back") {
      // What was somebody's account before may still have its login.
      const row = accounts.snapshot?.rows.find(({ report }) => report.name === done.account);
      return row?.report.identity.loggedIn === true ? sayDone(done) : trying(() => openClient(extension, done.account, ["auth", "login"]));
    }
    states = await ask(dialogue, states.slice(0, -1));
  }
}

function orNothing(error: unknown): null {
  if (error instanceof EngineError && error.refusal.code === "not-found") return null;
  throw error;
}

async function chooseDirectory(): Promise<string | null> {
  const chosen = await vscode.window.showOpenDialog({
    title: "A directory Claude Code ran in (there is no ~/.claude)",
    openLabel: "Import",
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return chosen?.[0]?.fsPath ?? null;
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

/** The account this window's folder has now. */
async function usedNow({ engine }: Extension): Promise<First> {
  const { account } = await engine.ask("which", vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? null);
  return account === null ? null : { account, why: "now" };
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
