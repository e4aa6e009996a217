import * as vscode from "vscode";
import { EngineError, type Refusal } from "../engine/refusal.ts";

export const TRY_AGAIN = "Try Again";

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

/**
 * Does what a person asked for, and says what went wrong with it. Where somebody else is at work, that says who, and offers to
 * try again.
 */
export async function trying(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof EngineError) || error.refusal.code !== "busy") return sayError(error);
      if ((await sayRefusal(error.refusal, TRY_AGAIN)) !== TRY_AGAIN) return;
    }
  }
}

/** What went wrong with a command, to the person who gave it. */
export async function sayError(error: unknown): Promise<void> {
  if (error instanceof EngineError) await sayRefusal(error.refusal);
  else await vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
}
