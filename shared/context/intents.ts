import { basename } from "node:path";
import { CcsError } from "../errors.ts";
import { type Home, intentOf } from "../paths.ts";
import type { ContextPolicy } from "../policy/policy.ts";
import { editFile, list, makeDirectories, readText, removeOurs } from "./disk.ts";
import { areTexts } from "./records.ts";
import type { Intent } from "./types.ts";

/** The unfinished change of one account, or null. @throws CcsError refused where its record cannot be read */
export function readIntent(home: Home, account: string): Intent | null {
  const path = intentOf(home, account);
  const text = readText(path);
  if (text === null) return null;
  const intent = parse(text);
  if (intent !== null && intent.account === account && isWhole(intent)) return intent;
  throw new CcsError("refused", `the record of an unfinished change of ${account} cannot be read`, {
    where: path,
    untouched: "Links and files were left as they are.",
    hint: isOfAnotherVersion(intent) ? "It was written by another version of ccs: finish the change with that one." : "ccs doctor --fix",
  });
}

/** Whether the record of an unfinished change holds no sense, in this version or another: nobody can finish it from that. */
export function isSenselessIntent(home: Home, account: string): boolean {
  let text: string | null;
  try {
    text = readText(intentOf(home, account));
  } catch (error) {
    if (error instanceof CcsError && error.code === "refused") return true; // not even text
    throw error;
  }
  const intent = text === null ? null : parse(text);
  return text !== null && !isOfAnotherVersion(intent) && !(intent?.account === account && isWhole(intent));
}

function parse(text: string): Intent | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Intent) : null;
  } catch {
    return null;
  }
}

function isOfAnotherVersion(intent: { readonly version: number } | null): boolean {
  return typeof intent?.version === "number" && intent.version !== 1;
}

/** Whether everything a plan asks an intent for is there. */
function isWhole(intent: Intent): boolean {
  const { version, id, accountId, from, to, takeSessions, began, forks, live, configBefore, taken } = intent;
  const lists = [takeSessions, live, ...(taken === null ? [] : [taken])];
  return (
    version === 1 &&
    areTexts(id, accountId, began, configBefore) &&
    !Number.isNaN(Date.parse(began)) &&
    (from === null || isPolicy(from)) &&
    isPolicy(to) &&
    lists.every((list) => Array.isArray(list) && areTexts(...list)) &&
    typeof forks === "object" &&
    forks !== null &&
    areTexts(...Object.values(forks))
  );
}

function isPolicy(policy: ContextPolicy | undefined): boolean {
  return policy?.mode === "isolated" || (policy?.mode === "shared" && areTexts(policy.group, policy.continuity));
}

/** Whether anything was begun and not ended. One system call, for the launcher. */
export function hasIntents(home: Home): boolean {
  return (list(home.intents) ?? []).some(({ name }) => /\.(?:json|rename|remove|restore|making|resolve)$/.test(name));
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
