import { readdirSync, rmdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { flush, list, look, moveDirectory, real, setMode } from "../context/disk.ts";
import { withLock } from "../context/lock.ts";
import { unfinishedMoves } from "../context/moves.ts";
import { nativePath } from "../context/names.ts";
import { CcsError, isErrno } from "../errors.ts";
import type { Home } from "../paths.ts";
import { whatLeadsInto } from "./led-into.ts";
import { finishBegun } from "./moving.ts";
import { type RemovedAccount, removedOfAccount } from "./removed.ts";
import { PURGED } from "./removed-names.ts";

/** What a purge would remove for good. */
export interface Purge {
  readonly found: readonly RemovedAccount[];
  readonly files: number;
  readonly bytes: number;
}

/** What is set aside of an account, and how much that is. Reads only. */
export function purgeable(home: Home, account: string): Purge {
  const found = removedOfAccount(home, account);
  const size = { files: 0, bytes: 0 };
  for (const { path } of found) measure(path, size);
  return { found, ...size };
}

function measure(directory: string, size: { files: number; bytes: number }): void {
  for (const { name, kind } of list(directory) ?? []) {
    const path = join(directory, name);
    if (kind === "directory") measure(path, size);
    else {
      size.files += 1;
      size.bytes += kind === "file" ? (look(path)?.size ?? 0) : 0;
    }
  }
}

/**
 * Removes what was set aside of an account, for good: the one place of the program that removes what is not kept elsewhere.
 * Each is marked first, so that one whose purge was cut short is never brought back. No link is followed, no other filesystem
 * entered, and nothing that a group leads into is touched.
 * @param seen what a person said yes to: what was brought back since, or set aside since, stays
 * @returns what was removed
 * @throws CcsError refused, busy, failed
 */
export function purge(home: Home, account: string, seen: Purge): RemovedAccount[] {
  return withLock(home, `purging what was set aside of ${account}`, () => {
    finishBegun(home, account);
    const found = removedOfAccount(home, account).filter(({ dated }) => seen.found.some((one) => one.dated === dated));
    for (const removed of found) {
      requireOurs(home, removed.path);
      requireUnclaimed(home, removed);
    }
    for (const removed of found) {
      const { path, whole } = removed;
      const marked = whole ? `${path}${PURGED}` : path;
      try {
        if (whole) moveDirectory(path, marked);
        removeTree(marked, look(marked)?.dev);
        flush(home.removed);
      } catch (error) {
        throw failed(marked, error);
      }
    }
    return found;
  });
}

/** Only a directory right below `removed` is, and only where no group lies in it. */
function requireOurs(home: Home, path: string): void {
  const root = real(home.removed);
  const there = real(path);
  const refuse = (message: string): CcsError => new CcsError("refused", message, { where: path, untouched: "Nothing was removed." });
  if (look(path)?.kind !== "directory" || root === null || there === null || join(root, path.slice(home.removed.length + 1)) !== there) {
    throw refuse("it is no directory that ccs set aside");
  }
  const led = whatLeadsInto(home, there);
  if (led !== null) throw refuse(`${led} leads into it`);
}

/** One that is on its way back under another name, and could not be brought there yet, is that account's. */
function requireUnclaimed(home: Home, { dated, path }: RemovedAccount): void {
  const move = unfinishedMoves(home).find(({ aside }) => aside === dated);
  if (move === undefined) return;
  throw new CcsError("busy", `the ${move.do} of ${move.account} was begun at ${move.began} and not finished`, {
    where: path,
    untouched: "Nothing was removed.",
    hint: "ccs doctor --fix",
  });
}

function removeTree(directory: string, dev: bigint | undefined): void {
  const facts = look(directory);
  if (facts !== null && (facts.mode & 0o300) !== 0o300) setMode(directory, facts.mode | 0o700);
  for (const { name, kind } of list(directory) ?? []) {
    const path = `${directory}/${name}`;
    if (kind !== "directory") unlinkSync(nativePath(path));
    else if (look(path)?.dev === dev) removeTree(path, dev);
    else
      throw new CcsError("refused", "a filesystem of its own lies in it", { where: path, untouched: "What lies on it was not touched." });
  }
  if (readdirSync(nativePath(directory)).length === 0) rmdirSync(nativePath(directory));
}

function failed(path: string, error: unknown): unknown {
  if (error instanceof CcsError || !isErrno(error)) return error;
  return new CcsError("failed", `the purge stopped half way: ${error.message}`, {
    where: path,
    untouched: "The rest of it is still there, marked, and is not brought back.",
    hint: "Mend the cause, then run the command again.",
    cause: error,
  });
}
