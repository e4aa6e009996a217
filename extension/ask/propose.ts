import * as vscode from "vscode";
import type { Extension } from "../context.ts";
import type { Done, Proposal } from "../engine/calls.ts";
import { EngineError } from "../engine/refusal.ts";
import { proposalText } from "./proposal.ts";
import { sayRefusal, TRY_AGAIN } from "./say.ts";

/** Something that is shown, asked about and done. */
export interface Proposing {
  readonly account: string;
  readonly title: string;
  /** What the button that does it says. */
  readonly verb: string;
  /** @param copySettings whether the link that settings.json is may be replaced by a copy */
  readonly look: (copySettings: boolean) => Promise<Proposal>;
  /** What is said where there is nothing to do. */
  readonly nothing: string;
  /** Whether there is a question to go back to. */
  readonly back: boolean;
}

const COPY = "Copy settings.json";

/**
 * Shows a plan, asks, and carries it out. Where the disk moved in between, the plan is shown anew and asked about again.
 * @returns what was done; `back` to go back to the questions; null where nothing was done
 */
export async function propose(extension: Extension, proposing: Proposing): Promise<Done | "back" | null> {
  const { account, title, verb, nothing } = proposing;
  let copySettings = false;
  let moved = "";
  for (;;) {
    const seen = await extension.accounts.busy(() => proposing.look(copySettings));
    if (seen.sentences.length === 0 && seen.blockers.length === 0) {
      void vscode.window.showInformationMessage(nothing);
      return null;
    }
    const verbs = [...(seen.token === null ? [] : [verb]), ...(seen.copies ? [COPY] : []), ...(proposing.back ? ["Back"] : [])];
    const detail = `${moved}${proposalText(account, seen)}`;
    const said = await vscode.window.showInformationMessage(title, { modal: true, detail }, ...verbs);
    if (said === "Back") return "back";
    if (said === COPY) {
      copySettings = true;
      continue;
    }
    if (said !== verb || seen.token === null) return null;
    const done = await apply(extension, seen.token);
    if (done !== "stale") return done;
    moved = "Something changed since the plan was made. This is the plan now:\n\n";
  }
}

async function apply(extension: Extension, token: string): Promise<Done | "stale" | null> {
  try {
    const done = await extension.accounts.busy(() => extension.engine.ask("apply", token));
    return done ?? "stale";
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (error.refusal.code === "stale") return "stale";
    if (error.refusal.code === "busy") return (await sayRefusal(error.refusal, TRY_AGAIN)) === TRY_AGAIN ? "stale" : null;
    await sayRefusal(error.refusal);
    return null;
  } finally {
    await extension.accounts.refresh();
  }
}

/** Says what was done, once, with the way back. */
export async function sayDone({ said, account, back }: Done): Promise<void> {
  const verb = back === "undo" ? "Undo" : back === "restore" ? "Restore" : null;
  const answer = await vscode.window.showInformationMessage(said, ...(verb === null ? [] : [verb]));
  if (answer === "Undo") await vscode.commands.executeCommand("ccs.undoLastChange", account);
  if (answer === "Restore") await vscode.commands.executeCommand("ccs.restoreAccount", account);
}
