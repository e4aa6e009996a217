import { list } from "../context/disk.ts";
import { type Home, removedOf } from "../paths.ts";
import { foldName } from "../policy/names.ts";

/** What a name in `removed` says. */
export interface RemovedName {
  readonly account: string;
  /** The name its instance was set aside under. */
  readonly dated: string;
  readonly path: string;
  /** Whether it is whole; one that is not was being purged. */
  readonly whole: boolean;
}

const DATED = /^(.+)\.(\d{8}T\d+Z(?:-\d+)?)(\.purged)?$/;
/** What is being purged is not to be brought back. */
export const PURGED = ".purged";

/** Every instance that was set aside with its account, the last one last. */
export function removedNames(home: Home): RemovedName[] {
  return (list(home.removed) ?? [])
    .flatMap(({ name, kind }) => {
      const [, account, when, purged] = DATED.exec(name) ?? [];
      if (kind !== "directory" || account === undefined || when === undefined) return [];
      return [{ when, account, dated: `${account}.${when}`, path: removedOf(home, name), whole: purged === undefined }];
    })
    .sort((a, b) => (a.when < b.when ? -1 : 1))
    .map(({ account, dated, path, whole }) => ({ account, dated, path, whole }));
}

/** The command that brings an account back, where something is set aside of one of that name. */
export function restoring(home: Home, wanted: string): string | null {
  const found = removedNames(home).findLast(({ account, whole }) => whole && foldName(account) === foldName(wanted));
  return found === undefined ? null : `ccs auth restore ${found.account}`;
}
