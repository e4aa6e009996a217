import * as vscode from "vscode";
import { Accounts, registerAccounts } from "./accounts/index.ts";
import { registerActions } from "./actions/index.ts";
import { refusalText } from "./ask/say.ts";
import { registerConfig } from "./config/index.ts";
import type { Extension } from "./context.ts";
import { registerDoctor } from "./doctor/index.ts";
import { Engine } from "./engine/engine.ts";
import { registerStatus } from "./status/index.ts";
import { registerSync } from "./sync/index.ts";

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("CCS");
  const engine = new Engine(vscode.Uri.joinPath(context.extensionUri, "engine.js").fsPath);
  const changed = new vscode.EventEmitter<void>();
  engine.onChange(
    () => changed.fire(),
    (refusal) => log.appendLine(refusalText(refusal)),
  );
  let followers = 0;
  const extension: Omit<Extension, "accounts"> = {
    engine,
    log,
    uri: context.extensionUri,
    onChange: changed.event,
    follow() {
      followers += 1;
      engine.follow(true);
      let ended = false;
      return new vscode.Disposable(() => {
        if (ended) return;
        ended = true;
        followers -= 1;
        if (followers === 0) engine.follow(false);
      });
    },
    own: (...disposables) => void context.subscriptions.push(...disposables),
  };
  extension.own(log, changed, engine);
  const accounts = new Accounts(extension);
  const whole: Extension = { ...extension, accounts };
  for (const register of [registerSync, registerActions, registerConfig, registerDoctor, registerStatus]) register(whole);
  registerAccounts(whole, accounts);
}
