import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { isErrno, Unreadable } from "../errors.ts";

const FIRST_CHUNK = 8 * 1024;
const CHUNK = 256 * 1024;

/**
 * Opens a regular file for reading. Anything else that stands under the name (a directory, a FIFO) counts as no file,
 * and so does one this user may not read, such as what a client left that was once started with sudo.
 * @returns the descriptor and the size in bytes, or `null` where there is no such file
 * @throws Unreadable where it fails in another way
 */
function openFile(file: string | Buffer): { fd: number; size: number } | null {
  let fd: number;
  try {
    // Without O_NONBLOCK the open of a FIFO waits for a writer for ever. Windows has no such flag.
    fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EISDIR", "ENXIO", "ELOOP", "EACCES", "EPERM")) return null;
    throw unreadable(file, error);
  }
  try {
    const stats = fstatSync(fd);
    if (stats.isFile()) return { fd, size: stats.size };
  } catch (error) {
    closeSync(fd);
    throw unreadable(file, error);
  }
  closeSync(fd);
  return null;
}

/** Reads what fits behind `at` in a buffer. */
function readAt(file: string | Buffer, fd: number, into: Buffer, at: number, position: number): number {
  try {
    return readSync(fd, into, at, into.length - at, position);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string | Buffer, error: unknown): unknown {
  return isErrno(error) ? new Unreadable(file.toString(), error) : error;
}

/**
 * The lines of a file from its beginning, read as they are asked for: stop asking, and nothing more is read.
 * A last line without a newline is yielded too.
 * @param limit bytes after which no further line is begun
 * @returns no lines where there is no file that could be read
 * @throws Unreadable where reading fails
 */
export function* headLines(file: string | Buffer, limit: number = Number.POSITIVE_INFINITY): Generator<string, void> {
  const opened = openFile(file);
  if (opened === null) return;
  try {
    let begun: Buffer[] = [];
    let position = 0;
    // What it has grown by since it was opened is not asked for: a large piece of memory for every small file costs more than reading it.
    for (let size = FIRST_CHUNK; position < Math.min(limit, opened.size); size = CHUNK) {
      const chunk = Buffer.allocUnsafe(Math.min(size, opened.size - position));
      const read = readAt(file, opened.fd, chunk, 0, position);
      if (read === 0) break;
      position += read;
      let from = 0;
      for (let end = chunk.indexOf(10); end !== -1 && end < read; end = chunk.indexOf(10, from)) {
        begun.push(chunk.subarray(from, end));
        yield Buffer.concat(begun).toString("utf8");
        begun = [];
        from = end + 1;
      }
      if (from < read) begun.push(chunk.subarray(from, read));
    }
    if (begun.length > 0) yield Buffer.concat(begun).toString("utf8");
  } finally {
    closeSync(opened.fd);
  }
}

/**
 * The lines of a file as bytes, without their newlines, a last line without one included. Each is good until the next is
 * asked for. Where most lines are only looked at, text of them all would cost several times the reading.
 * @returns no lines where there is no file that could be read
 * @throws the system's error where reading fails
 */
export function* rawLines(file: string): Generator<Buffer, void> {
  const opened = openFile(file);
  if (opened === null) return;
  try {
    let buffer = Buffer.allocUnsafe(Math.min(CHUNK, opened.size + 1));
    let held = 0;
    for (let position = 0; ; ) {
      if (held === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
      const read = readSync(opened.fd, buffer, held, buffer.length - held, position);
      if (read === 0) break;
      position += read;
      const end = held + read;
      let from = 0;
      for (let at = buffer.indexOf(10, held); at !== -1 && at < end; at = buffer.indexOf(10, from)) {
        yield buffer.subarray(from, at);
        from = at + 1;
      }
      buffer.copyWithin(0, from, end);
      held = end - from;
    }
    if (held > 0) yield buffer.subarray(0, held);
  } finally {
    closeSync(opened.fd);
  }
}

/** The end of a file. */
export interface Tail {
  readonly bytes: Buffer;
  /** Whether the file begins with it. */
  readonly whole: boolean;
}

/**
 * The last bytes of a file.
 * @param length how many
 * @returns nothing where there is no file that could be read
 * @throws Unreadable where reading fails
 */
export function readTail(file: string | Buffer, length: number): Tail {
  const opened = openFile(file);
  if (opened === null) return { bytes: Buffer.alloc(0), whole: true };
  try {
    const start = Math.max(0, opened.size - length);
    const buffer = Buffer.allocUnsafe(opened.size - start);
    let read = 0;
    while (read < buffer.length) {
      const n = readAt(file, opened.fd, buffer, read, start + read);
      if (n === 0) break;
      read += n;
    }
    return { bytes: buffer.subarray(0, read), whole: start === 0 };
  } finally {
    closeSync(opened.fd);
  }
}

/** The whole lines of an end of a file, oldest first. */
export function linesOf({ bytes, whole }: Tail): string[] {
  const lines = bytes.toString("utf8").split("\n");
  if (!whole) lines.shift(); // It began before what was read.
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
