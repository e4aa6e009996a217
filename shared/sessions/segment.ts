import { Buffer } from "node:buffer";
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { isErrno } from "../errors.ts";
import { eachSession, invert } from "./postings.ts";
import type { Vocabulary } from "./vocabulary.ts";

/**
 * A file of the index. It holds, for each session: which transcript, what that was when it was read, and a few facts; and
 * each word that was said, once, in lower case, with the sessions it was said in. A search goes through the words with
 * `indexOf`, which takes a hundredth of what going through all that was said would take.
 *
 *     magic, length of the header, header (JSON), columns (numbers), names, facts (JSON), words (a line each),
 *     where each word ends and where its sessions end (numbers), sessions by word, id
 */
const MAGIC = Buffer.from("ccs-sessions-2\n\0", "latin1");
const COLUMNS = 5;
const ENDING = ".jsonl".length;
/** How much of the sessions by word is read at once. */
const PIECE = 1 << 16;

/** Of what cannot be found. */
const NEVER = 0xffff;

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
  /** The words that were said, each once, by their numbers in a vocabulary. */
  readonly words: Uint32Array;
}

interface Header {
  readonly id: string;
  /** The file this one adds to, or "". */
  readonly of: string;
  /** The history it was made from. */
  readonly projects: string;
  /** Sessions, and words. */
  readonly count: number;
  readonly terms: number;
  /** Bytes. */
  readonly keys: number;
  readonly facts: number;
  readonly words: number;
  readonly postings: number;
}

/** All words of a file. */
interface Words {
  /** A line each. */
  readonly text: Buffer;
  /** Where each ends in it, the line break included. */
  readonly ends: Uint32Array;
  /** Where the sessions of each end. */
  readonly postings: Uint32Array;
}

/** An index file that is open. What it says of a transcript holds while size, time and inode are the same. */
export class Segment {
  readonly id: string;
  readonly of: string;
  readonly count: number;
  /** Bytes of the file. */
  readonly bytes: number;
  readonly #fd: number;
  readonly #header: Header;
  readonly #columns: Float64Array;
  /** The names, a line each: text of its own for each of many thousands would be made at every call, and hardly be used. */
  readonly #text: string;
  #names: readonly string[] | undefined;
  #starts: Uint32Array | undefined;
  readonly #factsFrom: number;
  #facts: Buffer | undefined;
  #factsAsked = 0;

  private constructor(fd: number, header: Header, bytes: number, columns: Float64Array, keys: string, factsFrom: number) {
    this.#fd = fd;
    this.#header = header;
    this.id = header.id;
    this.of = header.of;
    this.count = header.count;
    this.bytes = bytes;
    this.#text = keys;
    this.#columns = columns;
    this.#factsFrom = factsFrom;
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
        const { count, terms, keys, facts, words, postings } = header;
        const columns = count * COLUMNS * 8;
        const from = start.length + length;
        const end = from + columns + keys + facts + words + terms * 8 + postings;
        if (header.projects !== projects || end + header.id.length !== size) return null;
        if (bytesAt(fd, end, header.id.length).toString("latin1") !== header.id) return null;
        const rest = bytesAt(fd, from, columns + keys);
        const names = rest.toString("utf8", columns, columns + keys);
        const numbers = new Float64Array(rest.buffer.slice(rest.byteOffset, rest.byteOffset + columns));
        return new Segment(fd, header, size, numbers, names, from + columns + keys);
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
    const from = index === 0 ? 0 : this.#factsEnd(index - 1);
    const to = this.#factsEnd(index);
    this.#factsAsked += 1;
    if (this.#factsAsked < FEW) return bytesAt(this.#fd, this.#factsFrom + from, to - from);
    this.#facts ??= bytesAt(this.#fd, this.#factsFrom, this.#header.facts);
    return this.#facts.subarray(from, to);
  }

  /**
   * The sessions in which every text stands, each in some word.
   * @param live indexes of those that count, in order
   * @param hit gets the place in `live`
   * @throws the system's error
   */
  search(texts: readonly string[], live: Uint32Array, hit: (row: number) => void): void {
    if (texts.length === 0) return;
    const words = this.#words();
    // For each session how many of the texts stand in it, as long as none of them is missing.
    const found = new Uint16Array(this.count).fill(NEVER);
    let left = 0;
    for (const index of live) {
      if (Number.isNaN(this.at(index))) continue; // Nobody said anything.
      found[index] = 0;
      left += 1;
    }
    texts.forEach((text, n) => {
      const sessions = this.#postingsOf(words);
      let hits = 0;
      eachWordWith(words, Buffer.from(text, "utf8"), (word) => {
        eachSession(sessions(word), (session) => {
          if (found[session] !== n) return;
          found[session] = n + 1;
          hits += 1;
        });
        return hits < left; // A letter stands in most words: those said most come first, and after a few of them all is found.
      });
      left = hits;
    });
    live.forEach((index, row) => {
      if (found[index] === texts.length) hit(row);
    });
  }

  /** Whole entries. @param indexes in order @param vocabulary gets their words @throws the system's error */
  entries(indexes: Uint32Array, vocabulary: Vocabulary): Entry[] {
    const words = this.#words();
    const sessions = this.#postingsOf(words);
    const lengths = new Uint32Array(this.count);
    for (let word = 0; word < words.ends.length; word++) {
      eachSession(sessions(word), (session) => {
        lengths[session] = (lengths[session] ?? 0) + 1;
      });
    }
    const said = Array.from(indexes, (index) => new Uint32Array(lengths[index] as number));
    const rows = new Int32Array(this.count).fill(-1);
    indexes.forEach((index, row) => {
      rows[index] = row;
    });
    lengths.fill(0);
    for (let word = 0; word < words.ends.length; word++) {
      const start = word === 0 ? 0 : (words.ends[word - 1] as number);
      let number = -1;
      eachSession(sessions(word), (session) => {
        const row = rows[session] ?? -1;
        if (row < 0) return;
        if (number < 0) number = vocabulary.number(words.text.toString("utf8", start, (words.ends[word] as number) - 1));
        const at = lengths[session] as number;
        (said[row] as Uint32Array)[at] = number;
        lengths[session] = at + 1;
      });
    }
    return Array.from(indexes, (index, row) => {
      const at = index * COLUMNS;
      const [size, mtime, ino, last] = this.#columns.subarray(at, at + 4) as unknown as [number, number, number, number];
      return { key: this.key(index), size, mtime, ino, at: last, facts: this.facts(index), words: said[row] as Uint32Array };
    });
  }

  #words(): Words {
    const { words, terms, facts } = this.#header;
    const bytes = bytesAt(this.#fd, this.#factsFrom + facts, words + terms * 8);
    const numbers = new Uint32Array(bytes.buffer.slice(bytes.byteOffset + words, bytes.byteOffset + words + terms * 8));
    return { text: bytes.subarray(0, words), ends: numbers.subarray(0, terms), postings: numbers.subarray(terms) };
  }

  /** Gives the bytes of a word's sessions, good until the next are asked for. Words that follow one another are read together. */
  #postingsOf({ postings }: Words): (word: number) => Buffer {
    const { words, terms, facts, postings: all } = this.#header;
    const start = this.#factsFrom + facts + words + terms * 8;
    let piece = Buffer.allocUnsafe(PIECE);
    let from = 0;
    let to = 0;
    return (word) => {
      const first = word === 0 ? 0 : (postings[word - 1] as number);
      const end = postings[word] as number;
      if (first < from || end > to) {
        const length = Math.min(Math.max(PIECE, end - first), all - first);
        if (length > piece.length) piece = Buffer.allocUnsafe(length);
        fill(this.#fd, piece, start + first, length);
        [from, to] = [first, first + length];
      }
      return piece.subarray(first - from, end - from);
    };
  }

  #factsEnd(index: number): number {
    return this.#columns[index * COLUMNS + 4] as number;
  }
}

/** @param found whether to go on */
function eachWordWith({ text, ends }: Words, part: Buffer, found: (word: number) => boolean): void {
  let word = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, ends[word++])) {
    while ((ends[word] as number) <= at) word += 1;
    if (!found(word)) return;
  }
}

/**
 * Writes an index file, complete and on the disk.
 * @param words those the numbers of the entries stand for
 * @throws the system's error; RangeError where it would be too large
 */
export function writeSegment(
  path: string,
  { id, of, projects }: Pick<Header, "id" | "of" | "projects">,
  entries: readonly Entry[],
  words: readonly string[],
): void {
  const columns = new Float64Array(entries.length * COLUMNS);
  let facts = 0;
  entries.forEach(({ size, mtime, ino, at, facts: { length } }, index) => {
    facts += length;
    columns.set([size, mtime, ino, at, facts], index * COLUMNS);
  });
  const keys = Buffer.from(entries.map((entry) => `${entry.key}.jsonl\n`).join(""), "utf8");
  const postings = invert(
    entries.map((entry) => entry.words),
    words.length,
  );
  const { said } = postings;
  const ends = new Uint32Array(said.length);
  let length = 0;
  said.forEach((word, index) => {
    length += Buffer.byteLength(words[word] as string, "utf8") + 1;
    ends[index] = length;
  });
  const header: Header = {
    ...{ id, of, projects, facts },
    ...{ count: entries.length, terms: said.length, keys: keys.length, words: length, postings: postings.bytes.length },
  };
  const head = Buffer.from(JSON.stringify(header), "utf8");
  const size = Buffer.alloc(4);
  size.writeUInt32LE(head.length);
  const fd = openSync(path, "wx", 0o600);
  try {
    writeAll(fd, Buffer.concat([MAGIC, size, head, Buffer.from(columns.buffer), keys]));
    writeAll(fd, Buffer.concat(entries.map((entry) => entry.facts)));
    writeAll(fd, Buffer.from(Array.from(said, (word) => `${words[word]}\n`).join(""), "utf8"));
    for (const numbers of [ends, postings.ends]) writeAll(fd, new Uint8Array(numbers.buffer));
    writeAll(fd, postings.bytes);
    writeAll(fd, Buffer.from(id, "latin1"));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
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
