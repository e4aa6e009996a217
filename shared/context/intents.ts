import { basename } from "node:path";
import { CcsError } from "../errors.ts";
import { type Home, intentOf } from "../paths.ts";
import { editFile, list, makeDirectories, readText, removeOurs } from "./disk.ts";
import type { Intent } from "./types.ts";

/** The unfinished change of one account, or null. */
export function readIntent(home: Home, account: string): Intent | null {
  const path = intentOf(home, account);
  const text = readText(path);
  if (text === null) return null;
  try {
    const intent = JSON.parse(text) as Intent;
    if (intent.version === 1 && typeof intent.id === "string" && intent.account === account) return intent;
  } catch {
    // falls through: said below
  }
  throw new CcsError("refused", `the record of an unfinished change of ${account} cannot be read`, {
    where: path,
    untouched: "Links and files were left as they are.",
    hint: "It was written by another version of ccs: finish the change with that one.",
  });
}

/** Whether any change was begun and not ended. One system call, for the launcher. */
export function hasIntents(home: Home): boolean {
  return unfinishedAccounts(home).length > 0;
}

/** The accounts with an unfinished change. */
export function unfinishedAccounts(home: Home): string[] {
  return (list(home.intents) ?? []).filter((entry) => entry.name.endsWith(".json")).map((entry) => basename(entry.name, ".json"));
}

/** Puts an intent on disk, durable, before anything else of the change happens. Replaces an earlier state of itself. */
export function writeIntent(home: Home, intent: Intent): void {
  makeDirectories(home.intents);
  const path = intentOf(home, intent.account);
  editFile(path, readText(path), `${JSON.stringify(intent, null, 2)}\n`, 0o600);
}

/** The last step of a change. */
export function removeIntent(home: Home, account: string): void {
  removeOurs(intentOf(home, account));
}
