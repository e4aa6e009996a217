import { Buffer } from "node:buffer";
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { isErrno } from "../errors.ts";

/**
 * A file of the index. It holds, for each session: which transcript, what that was when it was read, a few facts, and
 * the distinct words that were said, each a line in lower case. A search goes through the words with `indexOf`.
 *
 *     magic, length of the header, header (JSON), columns (numbers), names, facts (JSON), words, id
 */
const MAGIC = Buffer.from("ccs-sessions-1\n\0", "latin1");
const COLUMNS = 6;
const ENDING = ".jsonl".length;
/** How much is searched at once: so much stays in a processor's cache. */
const PIECE = 1 << 20;

/** So many facts are read one by one; who asks for more gets them all. */
const FEW = 100;

/** One session as it is kept. */
export interface Entry {
  /** `<directory under projects>/<session id>`. */
  readonly key: string;
  /** Bytes, modification time (milliseconds since the epoch) and inode of the transcript when it was read. */
  readonly size: number;
  readonly mtime: number;
  readonly ino: number;
  /** Last message, else the modification time; milliseconds since the epoch. NaN where nobody said anything. */
  readonly at: number;
  /** JSON. */
  readonly facts: Buffer;
  readonly words: Buffer;
}

interface Header {
  readonly id: string;
  /** The file this one adds to, or "". */
  readonly of: string;
  /** The history it was made from. */
  readonly projects: string;
  readonly count: number;
  readonly keys: number;
  readonly facts: number;
  readonly words: number;
}

/** An index file that is open. What it says of a transcript holds while size, time and inode are the same. */
export class Segment {
  readonly id: string;
  readonly of: string;
  readonly count: number;
  /** Bytes of the file. */
  readonly bytes: number;
  readonly #fd: number;
  readonly #columns: Float64Array;
  /** The names, a line each: text of its own for each of many thousands would be made at every call, and hardly be used. */
  readonly #text: string;
  #names: readonly string[] | undefined;
  #starts: Uint32Array | undefined;
  readonly #factsFrom: number;
  readonly #wordsFrom: number;
  #facts: Buffer | undefined;
  #factsAsked = 0;

  private constructor(
    fd: number,
    header: Header,
    bytes: number,
    columns: Float64Array,
    keys: string,
    factsFrom: number,
    wordsFrom: number,
  ) {
    this.#fd = fd;
    this.id = header.id;
    this.of = header.of;
    this.count = header.count;
    this.bytes = bytes;
    this.#text = keys;
    this.#columns = columns;
    this.#factsFrom = factsFrom;
    this.#wordsFrom = wordsFrom;
  }

  /** @returns `null` where there is none, or what stands there is torn, of another version, or of another history */
  static open(path: string, projects: string): Segment | null {
    let fd: number;
    try {
      fd = openSync(path, "r");
    } catch (error) {
      if (isErrno(error)) return null; // Whatever keeps it from being read, the transcripts are read instead.
      throw error;
    }
    const segment = read(fd, projects);
    if (segment === null) closeSync(fd);
    return segment;

    function read(fd: number, projects: string): Segment | null {
      try {
        const size = fstatSync(fd).size;
        const start = bytesAt(fd, 0, MAGIC.length + 4);
        if (!start.subarray(0, MAGIC.length).equals(MAGIC)) return null;
        const length = start.readUInt32LE(MAGIC.length);
        if (length > size) return null;
        const header = JSON.parse(bytesAt(fd, start.length, length).toString("utf8")) as Header;
        const { count, keys, facts, words } = header;
        const columns = count * COLUMNS * 8;
        const from = start.length + length;
        const end = from + columns + keys + facts + words;
        if (header.projects !== projects || end + header.id.length !== size) return null;
        if (bytesAt(fd, end, header.id.length).toString("latin1") !== header.id) return null;
        const rest = bytesAt(fd, from, columns + keys);
        const names = rest.toString("utf8", columns, columns + keys);
        const numbers = new Float64Array(rest.buffer.slice(rest.byteOffset, rest.byteOffset + columns));
        return new Segment(fd, header, size, numbers, names, end - words - facts, end - words);
      } catch (error) {
        if (error instanceof SyntaxError || error instanceof RangeError || error instanceof TypeError || isErrno(error)) return null;
        throw error;
      }
    }
  }

  /** `<directory under projects>/<session id>.jsonl` of each. */
  get names(): readonly string[] {
    this.#names ??= this.#text.split("\n", this.count);
    return this.#names;
  }

  key(index: number): string {
    return (this.names[index] as string).slice(0, -ENDING);
  }

  /** Where in the text of all names one begins. */
  startOf(index: number): number {
    if (this.#starts === undefined) {
      this.#starts = new Uint32Array(this.count + 1);
      for (let n = 0; n < this.count; n++) this.#starts[n + 1] = (this.#starts[n] as number) + (this.names[n]?.length ?? 0) + 1;
    }
    return this.#starts[index] ?? 0;
  }

  /**
   * Whether the name that begins there is that of a transcript.
   * @returns where the next one begins, or -1
   */
  follows(start: number, directory: string, name: string): number {
    const text = this.#text;
    const slash = start + directory.length;
    const end = slash + 1 + name.length;
    if (text.charCodeAt(slash) !== 47 || text.charCodeAt(end) !== 10) return -1;
    return text.startsWith(name, slash + 1) && text.startsWith(directory, start) ? end + 1 : -1;
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Whether a transcript still is what was read. */
  isOf(index: number, size: number, mtime: number, ino: number): boolean {
    const at = index * COLUMNS;
    return this.#columns[at] === size && this.#columns[at + 1] === mtime && this.#columns[at + 2] === ino;
  }

  size(index: number): number {
    return this.#columns[index * COLUMNS] as number;
  }

  at(index: number): number {
    return this.#columns[index * COLUMNS + 3] as number;
  }

  /** @throws the system's error */
  facts(index: number): Buffer {
    const from = index === 0 ? 0 : this.#end(index - 1, 4);
    const to = this.#end(index, 4);
    this.#factsAsked += 1;
    if (this.#factsAsked < FEW) return bytesAt(this.#fd, this.#factsFrom + from, to - from);
    this.#facts ??= bytesAt(this.#fd, this.#factsFrom, this.#wordsFrom - this.#factsFrom);
    return this.#facts.subarray(from, to);
  }

  /** A whole entry, its words read from the file. @throws the system's error */
  entry(index: number): Entry {
    const at = index * COLUMNS;
    const from = index === 0 ? 0 : this.#end(index - 1, 5);
    return {
      key: this.key(index),
      size: this.#columns[at] as number,
      mtime: this.#columns[at + 1] as number,
      ino: this.#columns[at + 2] as number,
      at: this.#columns[at + 3] as number,
      facts: this.facts(index),
      words: bytesAt(this.#fd, this.#wordsFrom + from, this.#end(index, 5) - from),
    };
  }

  /**
   * The sessions in which every needle stands.
   * @param live indexes of those that count, in order
   * @param hit gets the place in `live`
   * @throws the system's error
   */
  search(needles: readonly Buffer[], live: Uint32Array, hit: (row: number) => void): void {
    let row = 0;
    this.#searchAll(needles, (index) => {
      while (row < live.length && (live[row] as number) < index) row += 1;
      if (live[row] === index) hit(row);
    });
  }

  #searchAll(needles: readonly Buffer[], hit: (index: number) => void): void {
    let piece = Buffer.allocUnsafe(PIECE);
    for (let first = 0; first < this.count; ) {
      const from = first === 0 ? 0 : this.#end(first - 1, 5);
      let next = first + 1;
      while (next < this.count && this.#end(next, 5) - from <= PIECE) next += 1;
      const length = this.#end(next - 1, 5) - from;
      if (length > piece.length) piece = Buffer.allocUnsafe(length);
      fill(this.#fd, piece, this.#wordsFrom + from, length);
      this.#searchPiece(piece.subarray(0, length), from, first, needles, hit);
      first = next;
    }
  }

  #searchPiece(piece: Buffer, offset: number, first: number, needles: readonly Buffer[], hit: (index: number) => void): void {
    const [rarest, ...others] = needles;
    if (rarest === undefined) return;
    let index = first;
    for (let at = piece.indexOf(rarest); at !== -1; at = piece.indexOf(rarest, this.#end(index - 1, 5) - offset)) {
      while (this.#end(index, 5) - offset <= at) index += 1;
      const start = (index === 0 ? 0 : this.#end(index - 1, 5)) - offset;
      const end = this.#end(index, 5) - offset;
      if (others.every((needle) => piece.subarray(start, end).includes(needle))) hit(index);
      index += 1;
      if (end >= piece.length) return;
    }
  }

  #end(index: number, column: 4 | 5): number {
    return this.#columns[index * COLUMNS + column] as number;
  }
}

/** Writes an index file, complete and on the disk. @throws the system's error */
export function writeSegment(path: string, id: string, of: string, projects: string, entries: readonly Entry[]): void {
  const columns = new Float64Array(entries.length * COLUMNS);
  let facts = 0;
  let words = 0;
  entries.forEach((entry, index) => {
    facts += entry.facts.length;
    words += entry.words.length;
    columns.set([entry.size, entry.mtime, entry.ino, entry.at, facts, words], index * COLUMNS);
  });
  const keys = Buffer.from(entries.map((entry) => `${entry.key}.jsonl\n`).join(""), "utf8");
  const header: Header = { id, of, projects, count: entries.length, keys: keys.length, facts, words };
  const text = Buffer.from(JSON.stringify(header), "utf8");
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const fd = openSync(path, "wx", 0o600);
  try {
    writeAll(fd, Buffer.concat([MAGIC, length, text, Buffer.from(columns.buffer), keys]));
    writeAll(fd, Buffer.concat(entries.map((entry) => entry.facts)));
    for (let from = 0; from < entries.length; ) {
      let bytes = 0;
      let to = from;
      while (to < entries.length && bytes < PIECE) bytes += (entries[to++] as Entry).words.length;
      writeAll(fd, Buffer.concat(entries.slice(from, to).map((entry) => entry.words)));
      from = to;
    }
    writeAll(fd, Buffer.from(id, "latin1"));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

function bytesAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  fill(fd, bytes, position, length);
  return bytes;
}

/** @throws RangeError where the file is shorter */
function fill(fd: number, into: Buffer, position: number, length: number): void {
  for (let got = 0; got < length; ) {
    const read = readSync(fd, into, got, length - got, position + got);
    if (read === 0) throw new RangeError("the index is shorter than it says");
    got += read;
  }
}
