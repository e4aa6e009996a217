import type { Which } from "../engine/calls.ts";

/** The status bar's item: what it says, and what it tells who points at it. */
export interface StatusItem {
  readonly text: string;
  readonly tooltip: string;
  readonly spoken: string;
}

/** @returns null where there is nothing to say: no account, so that none could be chosen */
export function statusOf({ account, why, rule, known, context, names }: Which): StatusItem | null {
  if (names.length === 0 && account === null) return null;
  if (account === null) {
    const tooltip =
      "No account is set for this folder, and there is no default account: ccs starts Claude Code as it is. Click to choose one.";
    return { text: "$(account) no account", tooltip, spoken: "Claude Code account of this folder: none" };
  }
  const reason = why === "directory" ? `set for ${rule}` : "the default account";
  const says = known ? `${context ?? "its policy does not parse"}; ${reason}` : `there is no such account; ${reason}`;
  const text = `$(${known ? "account" : "warning"}) ${account.replaceAll("$(", "$\u200b(")}`;
  return {
    text,
    tooltip: `Claude Code account: ${account} (${says}). Click to switch.`,
    spoken: `Claude Code account of this folder: ${account}`,
  };
}
