/** Looking at the disk: nothing here changes anything. What cannot be looked at says so with its path and in words. */
import { Buffer } from "node:buffer";
import * as fs from "node:fs";
import { basename, dirname, join } from "node:path";
import { CcsError, isErrno, Unreadable } from "../../errors.ts";
import { displayPath, mayHaveLostBytes, nameFromBytes, nativePath } from "../names.ts";

export type Kind = "file" | "directory" | "link" | "other";

export interface Entry {
  readonly name: string;
  readonly kind: Kind;
}

/** Nanoseconds since the epoch. */
export interface Times {
  readonly atime: bigint;
  readonly mtime: bigint;
}

export interface Facts extends Times {
  readonly kind: Kind;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly nlink: number;
  /** Permission bits. */
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
  /** Whose it is, as the system numbers users. */
  readonly uid: number;
}

/** The disk was not as the plan saw it. The operation did nothing; the planner looks again. */
export class Moved extends Error {}

function kindOf(entry: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean }): Kind {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "link" : "other";
}

/** Most looks find nothing: an error made for each of them costs ten times the system call. */
const LOOK = { bigint: true, throwIfNoEntry: false } as const;

function factsOf(s: fs.BigIntStats | undefined): Facts | null {
  if (s === undefined) return null;
  return {
    kind: kindOf(s),
    dev: s.dev,
    ino: s.ino,
    nlink: Number(s.nlink),
    mode: Number(s.mode) & 0o7777,
    size: Number(s.size),
    uid: Number(s.uid),
    atime: s.atimeNs,
    mtime: s.mtimeNs,
  };
}

/** Codes of a call on a path where nothing stands. With ELOOP a link on the way leads to itself. */
const NOTHING = ["ENOENT", "ENOTDIR", "ELOOP"];

/** Null for a look that failed because nothing stands there. @throws Unreadable for every other */
function nothing(path: string, error: unknown): null {
  if (isErrno(error, ...NOTHING)) return null;
  throw unreadable(path, error);
}

function unreadable(path: string, error: unknown): unknown {
  return isErrno(error) ? new Unreadable(displayPath(path), error) : error;
}

/** What has to be there. @throws Unreadable */
function reading<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** What stands at a path itself (links are not followed); null where nothing does. */
export function look(path: string): Facts | null {
  try {
    return factsOf(fs.lstatSync(nativePath(path), LOOK));
  } catch (error) {
    return nothing(path, error);
  }
}

/** What a path leads to, links followed; null where it leads nowhere. */
export function follow(path: string): Facts | null {
  try {
    return factsOf(fs.statSync(nativePath(path), LOOK));
  } catch (error) {
    return nothing(path, error);
  }
}

/** The entries of a directory, sorted by name; null where there is none, also where something else stands in its place. */
export function list(path: string): Entry[] | null {
  const native = nativePath(path);
  let entries: Entry[];
  try {
    entries = fs.readdirSync(native, { withFileTypes: true }).map((e) => ({ name: e.name as string, kind: kindOf(e) }));
    if (typeof native !== "string" || entries.some((e) => mayHaveLostBytes(e.name))) entries = listBytes(path, native);
  } catch (error) {
    return nothing(path, error);
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function listBytes(path: string, native: string | Buffer): Entry[] {
  const names = fs.readdirSync(native, { encoding: "buffer" }) as unknown as Buffer[];
  return names.map((bytes) => {
    const name = nameFromBytes(Buffer.from(bytes));
    return { name, kind: look(`${path}/${name}`)?.kind ?? "other" };
  });
}

/** A symbolic link's literal target, escaped like a name. */
export function targetOf(path: string): string {
  return reading(path, () => nameFromBytes(fs.readlinkSync(nativePath(path), { encoding: "buffer" })));
}

/** The real path, or null where it leads nowhere. */
export function real(path: string): string | null {
  try {
    return nameFromBytes(fs.realpathSync.native(nativePath(path), { encoding: "buffer" }) as unknown as Buffer);
  } catch (error) {
    return nothing(path, error);
  }
}

/** The first directory at or above a path that is there, links followed. */
export function firstThere(path: string): string {
  return follow(path) === null ? firstThere(dirname(path)) : path;
}

/** The real path of something, or the one it will have once it is made. */
export function realPathOf(path: string): string {
  return real(path) ?? join(realPathOf(dirname(path)), basename(path));
}

/** A file's bytes. */
export function read(path: string): Buffer {
  return reading(path, () => fs.readFileSync(nativePath(path)));
}

const BLOCK = 1 << 16;

/** How many leading bytes two files have in common. */
export function commonLength(a: string, b: string): number {
  const fa = reading(a, () => fs.openSync(nativePath(a), "r"));
  try {
    const fb = reading(b, () => fs.openSync(nativePath(b), "r"));
    try {
      const ba = Buffer.allocUnsafe(BLOCK);
      const bb = Buffer.allocUnsafe(BLOCK);
      for (let at = 0; ; ) {
        const na = readFully(fa, ba, at, a);
        const nb = readFully(fb, bb, at, b);
        const n = Math.min(na, nb);
        if (n > 0 && ba.compare(bb, 0, n, 0, n) !== 0) {
          let i = 0;
          while (ba[i] === bb[i]) i++;
          return at + i;
        }
        at += n;
        if (na !== nb || n < BLOCK) return at;
      }
    } finally {
      fs.closeSync(fb);
    }
  } finally {
    fs.closeSync(fa);
  }
}

function readFully(fd: number, into: Buffer, position: number, path: string): number {
  let got = 0;
  try {
    while (got < into.length) {
      const n = fs.readSync(fd, into, got, into.length - got, position + got);
      if (n === 0) break;
      got += n;
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  return got;
}

/** Whether something is another user's: neither moved nor linked, nor its mode changed, by us (root may do all of that). */
export function isForeign(facts: Pick<Facts, "uid">): boolean {
  const me = process.geteuid?.() ?? 0;
  return me !== 0 && facts.uid !== me;
}

/** Whether this user may do everything, so that nothing is foreign: then it need not be asked of each file. */
export function isAlmighty(): boolean {
  return (process.geteuid?.() ?? 0) === 0;
}

/** Whether we may read what is another user's, or lacks its owner's permission. */
export function mayRead(facts: Facts): boolean {
  if (isAlmighty()) return true;
  return (facts.mode & (isForeign(facts) ? 0o044 : 0o400)) !== 0;
}

/** Whether something that is there may be written to, as the system sees it: its mode, its filesystem. */
export function mayWrite(path: string): boolean {
  try {
    fs.accessSync(nativePath(path), fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether a file's last byte is a newline. */
export function endsWithNewline(path: string, size: number): boolean {
  if (size === 0) return true;
  const fd = fs.openSync(nativePath(path), "r");
  try {
    const last = Buffer.alloc(1);
    fs.readSync(fd, last, 0, 1, size - 1);
    return last[0] === 0x0a;
  } finally {
    fs.closeSync(fd);
  }
}

/** A text file, or null where there is none. @throws CcsError refused where its bytes are not UTF-8: edited as text they would be lost */
export function readText(path: string): string | null {
  let bytes: Buffer;
  try {
    bytes = bytesOf(path);
  } catch (error) {
    return nothing(path, error);
  }
  const text = bytes.toString("utf8");
  if (text.includes("\uFFFD") && !Buffer.from(text, "utf8").equals(bytes)) {
    throw new CcsError("refused", "the file holds bytes that are not UTF-8", {
      where: path,
      untouched: "Nothing was changed.",
      hint: "Save it as UTF-8, then run the command again.",
    });
  }
  return text;
}

/** Without O_NONBLOCK the open of a FIFO waits for a writer for ever. Windows has no such flag. */
function bytesOf(path: string): Buffer {
  const fd = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  try {
    if (fs.fstatSync(fd).isFIFO()) throw new Unreadable(displayPath(path), new Error("it is a FIFO"));
    return fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
