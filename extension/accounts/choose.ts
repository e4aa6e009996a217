import * as vscode from "vscode";
import type { Extension } from "../context.ts";
import type { Node } from "./model.ts";

/** What a command of an account is called with: a row's node, a name, or nothing, as from the palette. */
export type Target = Node | string | undefined;

/** The account that is likeliest meant, and why. */
export type First = { readonly account: string; readonly why: string } | null;

/**
 * The account a command is about; asked for where it was called without one.
 * @param first stands before the others
 * @returns its name; null where the person let go of it, or there is none
 */
export async function accountOf(extension: Extension, target: Target, title: string, first: First = null): Promise<string | null> {
  if (typeof target === "string") return target;
  if (target?.kind === "account") return target.row.report.name;
  if (target?.kind === "member") return target.account;
  await extension.accounts.refresh();
  const all = extension.accounts.snapshot?.rows ?? [];
  const rows = [...all].sort((a, b) => Number(b.report.name === first?.account) - Number(a.report.name === first?.account));
  if (rows.length === 0) {
    void vscode.window.showInformationMessage("There are no accounts yet.", "Create Account").then((verb) => {
      if (verb !== undefined) void vscode.commands.executeCommand("ccs.createAccount");
    });
    return null;
  }
  const picked = await vscode.window.showQuickPick(
    rows.map(({ report, standing }) => ({
      label: report.name,
      description: [report.context, report.isDefault ? "default" : "", report.name === first?.account ? first.why : ""]
        .filter((words) => words !== "")
        .join(" · "),
      detail: standing.state === "signed-in" ? (report.identity.email ?? standing.words) : standing.words,
    })),
    { title, placeHolder: "Which account?", matchOnDescription: true },
  );
  return picked?.label ?? null;
}
