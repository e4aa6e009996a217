import { list } from "../context/disk.ts";
import { type RemovedRecord, readRemoved } from "../context/records.ts";
import { CcsError } from "../errors.ts";
import { type Home, removedOf } from "../paths.ts";
import { foldName } from "../policy/index.ts";
import { nearest } from "./find.ts";

/** An account that was removed, and what is kept of it. */
export interface RemovedAccount {
  readonly account: string;
  /** The name its instance was set aside under. */
  readonly dated: string;
  readonly path: string;
  /** Whether it is whole; one that is not was being purged. */
  readonly whole: boolean;
  /** What was known of it; null where that is not. */
  readonly record: RemovedRecord | null;
}

const DATED = /^(.+)\.(\d{8}T\d+Z(?:-\d+)?)(\.purged)?$/;
/** What is being purged is not to be brought back. */
export const PURGED = ".purged";

/** Every instance that was set aside with its account, the last one last. */
export function removedAccounts(home: Home): RemovedAccount[] {
  const records = readRemoved(home);
  return (list(home.removed) ?? [])
    .flatMap(({ name, kind }) => {
      const [, account, when, purged] = DATED.exec(name) ?? [];
      if (kind !== "directory" || account === undefined || when === undefined) return [];
      const dated = `${account}.${when}`;
      const record = records.find((r) => r.dated === dated) ?? null;
      return [{ when, account, dated, path: removedOf(home, name), whole: purged === undefined, record }];
    })
    .sort((a, b) => (a.when < b.when ? -1 : 1))
    .map(({ account, dated, path, whole, record }) => ({ account, dated, path, whole, record }));
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
