/** Changing the disk: these operations and no others. The rule that nothing is ever lost stands on this list. */
import { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { dirname } from "node:path";
import { isErrno } from "../../errors.ts";
import { nativePath } from "../names.ts";
import {
  commonLength,
  endsWithNewline,
  type Facts,
  follow,
  isForeign,
  list,
  look,
  Moved,
  read,
  readText,
  real,
  type Times,
} from "./look.ts";

/** Bytes copied at a time. */
const BLOCK = 1 << 16;

/**
 * Acts where a mode of ours may be in the way: a file or directory its owner made read-only is opened for the moment of
 * the act. Only what a call refused is looked at, so that this costs nothing as a rule.
 */
function opening<T>(paths: readonly string[], act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!isErrno(error, "EACCES")) throw error;
    const locked = paths.flatMap((path) => {
      const facts = look(path);
      const open = facts?.kind === "directory" ? 0o300 : 0o200;
      return facts === null || isForeign(facts) || (facts.mode & open) === open ? [] : [{ path, mode: facts.mode, open }];
    });
    if (locked.length === 0) throw error;
    try {
      for (const { path, mode, open } of locked) setMode(path, mode | open);
      return act();
    } finally {
      for (const { path, mode } of locked) setMode(path, mode);
    }
  }
}

/** Makes a directory; one that is there already is as good. */
export function makeDirectory(path: string, mode = 0o700): void {
  try {
    opening([dirname(path)], () => fs.mkdirSync(nativePath(path), { mode }));
  } catch (error) {
    if (isErrno(error, "EEXIST") && look(path)?.kind === "directory") return;
    if (isErrno(error, "EEXIST")) throw new Moved(path);
    throw error;
  }
}

/** Makes a directory and those above it. */
export function makeDirectories(path: string, mode = 0o700): void {
  if (follow(path)?.kind === "directory") return;
  const above = dirname(path);
  if (above !== path) makeDirectories(above, mode);
  makeDirectory(path, mode);
}

/** Removes a directory if it is empty. @returns whether it is gone */
export function removeEmptyDirectory(path: string): boolean {
  try {
    opening([dirname(path)], () => fs.rmdirSync(nativePath(path)));
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return true;
    if (isErrno(error, "ENOTEMPTY", "EEXIST")) return false;
    throw error;
  }
}

/**
 * Renames a directory to a free name. An empty directory of that name counts as free: rename(2) takes its
 * place in one step and refuses (ENOTEMPTY) as soon as anything stands in it. A file or a link never does: ENOTDIR.
 */
export function moveDirectory(from: string, to: string): void {
  const facts = look(from);
  if (facts?.kind !== "directory") throw new Moved(from);
  // Another parent means another `..`, which is a write to the directory itself: one its owner made read-only is opened for it.
  const locked = (facts.mode & 0o200) === 0 && process.geteuid?.() !== 0;
  if (locked) setMode(from, facts.mode | 0o200);
  let now = from;
  try {
    opening([dirname(from), dirname(to)], () => renameTo(from, to));
    now = to;
  } finally {
    if (locked) setMode(now, facts.mode);
  }
}

function renameTo(from: string, to: string): void {
  try {
    fs.renameSync(nativePath(from), nativePath(to));
  } catch (error) {
    if (isErrno(error, "ENOTEMPTY", "EEXIST", "ENOTDIR", "ENOENT")) throw new Moved(to);
    // Windows and some FUSE filesystems take no directory's place, not even an empty one's.
    if (!isErrno(error, "EPERM", "EACCES") || look(to)?.kind !== "directory") throw error;
    if (!removeEmptyDirectory(to)) throw new Moved(to);
    fs.renameSync(nativePath(from), nativePath(to));
  }
}

/**
 * Renames a file or a link to a name where no client reaches (staging, set-aside). There only the holder of
 * the lock writes, so that looking first and renaming after does not race.
 */
export function putAway(from: string, to: string): void {
  if (look(to) !== null) throw new Moved(to);
  const facts = look(from);
  if (facts === null || facts.kind === "directory") throw new Moved(from);
  opening([dirname(from), dirname(to)], () => fs.renameSync(nativePath(from), nativePath(to)));
}

/** Gives a file a second name. Never overwrites: link(2) fails with EEXIST. */
export function linkFile(from: string, to: string): void {
  try {
    opening([dirname(to)], () => fs.linkSync(nativePath(from), nativePath(to)));
  } catch (error) {
    if (isErrno(error, "EEXIST", "ENOENT")) throw new Moved(to);
    throw error;
  }
}

/** Makes a symbolic link (a junction on Windows) at a free name. */
export function makeLink(path: string, target: string): void {
  try {
    const kind = process.platform === "win32" ? "junction" : null;
    opening([dirname(path)], () => fs.symlinkSync(nativePath(target), nativePath(path), kind));
  } catch (error) {
    if (isErrno(error, "EEXIST", "ENOENT")) throw new Moved(path);
    throw error;
  }
}

/** Creates a file under staging from bytes: exclusively, complete and fsynced. One cut short by a kill is carried on. */
export function createFile(path: string, bytes: Uint8Array, mode: number): void {
  const begun = look(path) === null ? Buffer.alloc(0) : read(path);
  if (Buffer.compare(begun, bytes.subarray(0, begun.length)) !== 0) throw new Moved(path);
  const there = look(path) !== null;
  // One an earlier attempt left may have its mode already.
  const fd = there ? opening([path], () => fs.openSync(nativePath(path), "a")) : openNew(path, mode);
  try {
    writeFully(fd, bytes.subarray(begun.length));
    whereKept(() => fs.fchmodSync(fd, mode));
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Copies a file under staging; a copy that was cut short is carried on where it is a prefix of the source.
 * The caller makes it durable (`flush`) before it is used.
 */
export function copyFile(from: string, to: string, facts: Facts): void {
  try {
    // COPYFILE_EXCL: only ever to a free name. It gives the copy the mode of what it copies.
    fs.copyFileSync(nativePath(from), nativePath(to), fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE);
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
    carryOn(from, to, facts);
  }
  whereKept(() => setTimes(to, facts));
}

/** Completes a copy that was cut short. */
function carryOn(from: string, to: string, facts: Facts): void {
  const there = look(to);
  if (there?.kind !== "file" || commonLength(from, to) !== there.size) throw new Moved(to);
  if (there.size < facts.size) {
    const fd = opening([to], () => fs.openSync(nativePath(to), "a")); // it may have its mode already
    try {
      pour(from, fd, there.size);
    } finally {
      fs.closeSync(fd);
    }
  }
  setMode(to, facts.mode);
}

/** Modes and times of what we just made: a filesystem that keeps none (FAT) says so, and there is nothing to lose. */
function whereKept(set: () => void): void {
  try {
    set();
  } catch (error) {
    if (!isErrno(error, "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EPERM")) throw error;
  }
}

function pour(from: string, into: number, position: number): void {
  const fd = fs.openSync(nativePath(from), "r");
  try {
    const block = Buffer.allocUnsafe(BLOCK);
    for (let at = position; ; ) {
      const n = fs.readSync(fd, block, 0, block.length, at);
      if (n === 0) return;
      writeFully(into, block.subarray(0, n));
      at += n;
    }
  } finally {
    fs.closeSync(fd);
  }
}

/** Appends to a file in one O_APPEND write; what a full disk cut off is written on from where it stopped, or fails. */
export function appendTail(path: string, bytes: Uint8Array): void {
  const fd = opening([path], () => fs.openSync(nativePath(path), fs.constants.O_WRONLY | fs.constants.O_APPEND));
  try {
    writeFully(fd, bytes);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Like appendTail, for a file of ours that may not be there yet. */
export function appendRecord(path: string, text: string): void {
  const before = look(path);
  const fd = fs.openSync(path, "a", 0o600);
  try {
    writeFully(fd, Buffer.from(before !== null && before.size > 0 && !endsWithNewline(path, before.size) ? `\n${text}` : text));
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Unlinks a staged name whose file lives on under another one: same device and inode, at least two names. */
export function drop(staged: string, kept: string): void {
  const a = look(staged);
  if (a === null) return;
  const b = look(kept);
  if (b === null || a.kind === "directory" || a.dev !== b.dev || a.ino !== b.ino || a.nlink < 2) throw new Moved(staged);
  opening([dirname(staged)], () => fs.unlinkSync(nativePath(staged)));
}

/** Unlinks a set-aside file the caller has just compared with what stands in the group. Only `doctor --fix` does. */
export function dropCompared(path: string): void {
  opening([dirname(path)], () => fs.unlinkSync(nativePath(path)));
}

const MICROSECOND = 1000n;

/**
 * Sets a file's or directory's times, to the microsecond. utimes(2) takes floating-point seconds here: half a
 * microsecond more keeps the rounding from falling into the one before.
 */
export function setTimes(path: string, times: Times): void {
  fs.utimesSync(nativePath(path), stamp(times.atime), stamp(times.mtime));
}

/** The same for a symbolic link itself. */
export function setLinkTimes(path: string, times: Times): void {
  fs.lutimesSync(nativePath(path), stamp(times.atime), stamp(times.mtime));
}

/** A negative number means "now" there: times before 1970 go as a Date, to the millisecond. */
function stamp(ns: bigint): number | Date {
  return ns < 0n ? new Date(Number(ns / 1_000_000n)) : (Number(ns / MICROSECOND) + 0.5) / 1e6;
}

/** Sets permission bits of a directory we made. */
export function setMode(path: string, mode: number): void {
  whereKept(() => fs.chmodSync(nativePath(path), mode));
}

/** The ending of a file that is about to replace the one beside it. */
export const EDITING = ".ccs-new";

/**
 * Replaces a person's file atomically, only if it still holds what the caller saw (null: it was not there).
 * The new file lies complete and fsynced beside it before it takes the name.
 * @throws Moved when the file changed meanwhile
 */
export function editFile(named: string, seen: string | null, next: string, mode: number): void {
  const path = real(named) ?? named; // a link, as dotfile managers make it, stays: the file it leads to is edited
  putFile(path, Buffer.from(next, "utf8"), mode, seen === null ? null : () => readText(path) === seen);
}

/**
 * Puts a whole file under a name, atomically: it lies complete and fsynced beside it before it takes the name.
 * @param isSeen whether what stands there may give way, asked at the last moment; null: the name has to be free
 * @throws Moved when it may not, or is not
 */
export function putFile(path: string, bytes: Uint8Array, mode: number, isSeen: (() => boolean) | null): void {
  const temporary = `${path}${EDITING}`;
  removeOurs(temporary);
  createFile(temporary, bytes, mode);
  try {
    if (isSeen === null) {
      takeFreeName(temporary, path);
    } else {
      if (!isSeen()) throw new Moved(path);
      fs.renameSync(temporary, path);
    }
  } catch (error) {
    removeOurs(temporary);
    throw error;
  }
  flush(dirname(path));
}

/** Without hard links (FAT, exFAT), a name that was free a moment ago has to do. */
function takeFreeName(temporary: string, path: string): void {
  try {
    linkFile(temporary, path);
    removeOurs(temporary);
  } catch (error) {
    if (!isErrno(error, "EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP")) throw error;
    if (look(path) !== null) throw new Moved(path);
    fs.renameSync(temporary, path);
  }
}

/** Unlinks a file of our own bookkeeping (an intent that is done, a lock of ours). Never used on what a person or a client wrote. */
export function removeOurs(path: string): void {
  try {
    fs.unlinkSync(path);
  } catch (error) {
    if (!isErrno(error, "ENOENT", "ENOTDIR")) throw error;
  }
}

/** fsync of a file or a directory. */
export function flush(path: string): void {
  const fd = fs.openSync(nativePath(path), "r");
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** From this many files on, one syncfs(2) costs less than an fsync(2) for each. */
const MANY = 64;

/** Makes a tree durable: every file and directory in it. */
export function flushTree(directory: string): void {
  const files: string[] = [];
  const directories: string[] = [];
  const visit = (path: string) => {
    for (const entry of list(path) ?? []) {
      if (entry.kind === "directory") visit(`${path}/${entry.name}`);
      else if (entry.kind === "file") files.push(`${path}/${entry.name}`);
    }
    directories.push(path);
  };
  visit(directory);
  if (files.length >= MANY && process.platform === "linux" && flushFilesystem(directory)) return;
  for (const path of files) flush(path);
  for (const path of directories) flush(path);
}

/** syncfs(2), which Node does not offer, through coreutils' `sync -f`. @returns whether it was done */
function flushFilesystem(path: string): boolean {
  const { status } = spawnSync("sync", ["-f", path], { stdio: "ignore", timeout: 120_000 });
  return status === 0;
}

function openNew(path: string, mode: number): number {
  try {
    return fs.openSync(nativePath(path), "wx", mode);
  } catch (error) {
    if (isErrno(error, "EEXIST")) throw new Moved(path);
    throw error;
  }
}

function writeFully(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(fd, bytes, at);
}
