import { type RemovedRecord, readRemoved } from "../context/records.ts";
import { CcsError } from "../errors.ts";
import type { Home } from "../paths.ts";
import { foldName } from "../policy/index.ts";
import { nearest } from "./find.ts";
import { type RemovedName, removedNames } from "./removed-names.ts";

/** An account that was removed, and what is kept of it. */
export interface RemovedAccount extends RemovedName {
  /** What was known of it; null where that is not. */
  readonly record: RemovedRecord | null;
}

/** Every instance that was set aside with its account, the last one last. */
export function removedAccounts(home: Home): RemovedAccount[] {
  const records = readRemoved(home);
  return removedNames(home).map((removed) => ({ ...removed, record: records.find((r) => r.dated === removed.dated) ?? null }));
}

/** What is kept of an account. @param wanted its name, in any case, or the dated name of one of several */
export function removedOfAccount(home: Home, wanted: string): RemovedAccount[] {
  return removedAccounts(home).filter(({ account, dated }) => dated === wanted || foldName(account) === foldName(wanted));
}

/** The last that was set aside of an account. @throws CcsError not-found */
export function requireRemoved(home: Home, wanted: string): RemovedAccount {
  const found = removedOfAccount(home, wanted).findLast(({ whole }) => whole);
  if (found !== undefined) return found;
  const near = nearest(
    wanted,
    removedAccounts(home).map(({ account }) => account),
  );
  throw new CcsError("not-found", `nothing is set aside of an account "${wanted}"`, {
    where: home.removed,
    untouched: "Nothing was changed.",
    hint: near === null ? `Make it: ccs auth create ${wanted}` : `Did you mean "${near}"?`,
  });
}
