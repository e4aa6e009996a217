import * as vscode from "vscode";
import type { Extension } from "../context.ts";
import { statusOf } from "./model.ts";

/** The account of this window's folder, or the default one; a click switches it. */
export function registerStatus(extension: Extension): void {
  const item = vscode.window.createStatusBarItem("ccs.account", vscode.StatusBarAlignment.Left, 0);
  item.name = "Claude Code Account";
  item.command = "ccs.useForFolder";
  const show = async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? null;
    const found = await extension.engine.ask("which", folder).catch(() => null);
    const status = found === null ? null : statusOf(found);
    if (status === null) return item.hide();
    item.text = status.text;
    item.tooltip = status.tooltip;
    item.accessibilityInformation = { label: status.spoken, role: "button" };
    item.show();
  };
  // Only a window that somebody looks at has to know; another one looks again when it is.
  let following: vscode.Disposable | null = null;
  const attend = ({ focused }: vscode.WindowState) => {
    if (!focused) {
      following?.dispose();
      following = null;
      return;
    }
    following ??= extension.follow();
    void show();
  };
  // Not while the editor waits for the extension: this starts the engine.
  const start = setImmediate(() => {
    attend(vscode.window.state);
    if (!vscode.window.state.focused) void show();
  });
  extension.own(
    item,
    { dispose: () => clearImmediate(start) },
    { dispose: () => following?.dispose() },
    vscode.window.onDidChangeWindowState(attend),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void show()),
    extension.onChange(() => void show()),
  );
}
