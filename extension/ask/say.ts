import * as vscode from "vscode";
import { EngineError, type Refusal } from "../engine/refusal.ts";

/** A refusal in one line: what is wrong, where, what was left untouched, what to do. */
export function refusalText({ message, where, untouched, hint }: Refusal): string {
  const at = where === null || message.includes(where) ? "" : ` (${where})`;
  const ending = /[.!?]$/.test(message) || at !== "" ? "" : ".";
  const parts = [`${message}${at}${at === "" ? ending : "."}`, untouched, hint].filter((part) => part !== null && part !== "");
  return parts.join(" ").replaceAll("\n", " ");
}

/** @returns the button that was pressed */
export async function sayRefusal(refusal: Refusal, ...verbs: string[]): Promise<string | undefined> {
  return vscode.window.showErrorMessage(refusalText(refusal), ...verbs);
}

/** What went wrong with a command, to the person who gave it. */
export async function sayError(error: unknown): Promise<void> {
  if (error instanceof EngineError) await sayRefusal(error.refusal);
  else await vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
}
