import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmdirSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { type Conversation, readConversation } from "../claude/index.ts";
import { isErrno } from "../errors.ts";
import { type Entry, Segment, writeSegment } from "./segment.ts";
import { Vocabulary } from "./vocabulary.ts";
import { type Found, keyOf, transcriptOf, type Visit, type Within, walk } from "./walk.ts";

export interface Opening {
  /** Told now and then while transcripts are read. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
  readonly within?: Within | undefined;
}

/** The two files of an index: nearly all of it, and what changed since that was written. */
const BASE = "base";
const RECENT = "recent";
/** `recent` is written at every change: it goes into `base` when it is larger than this, and than an eighth of `base`. */
const RECENT_BYTES = 2 << 20;
/** How long, in milliseconds, is read before what was read is written. */
const KEEP_MS = 5000;
/** A file on its way to its name that is older than this was left by a process that was ended. */
const LEFT_MS = 60 * 60 * 1000;

/** A session of a history. */
export interface Kept {
  /** `<directory under projects>/<session id>`. */
  readonly key: string;
  /** Bytes of the transcript. */
  readonly size: number;
  /** Last message, else when the transcript was last written; milliseconds since the epoch. */
  readonly at: number;
  facts(): Facts;
}

/** What is kept of a conversation; when it ended is `Kept.at`. */
export type Facts = Omit<Conversation, "last">;

/** What was said in a history, as it is now, in rows: a session each, in no order. To be closed. */
export interface Store {
  /** For each row `Kept.at`; NaN where nobody said anything. */
  readonly times: Float64Array;
  /** The rows in which every word stands, also as a part of a longer one. */
  matching(texts: readonly string[]): number[];
  kept(row: number): Kept;
  close(): void;
}

/**
 * Opens the index of a history and brings it up to date: transcripts that are new, or whose size, time or inode is another,
 * are read; nothing else is. The index is only ever a shortcut. Where it is missing, torn or of another history it is made
 * anew, and where it cannot be written the next call reads the same transcripts again. It takes no lock: each file is
 * written beside its name and renamed, so that of two processes the last one's stands, whole.
 * @param projects the history, links resolved
 * @param place the directory of the index
 * @throws the system's error where transcripts cannot be listed or read
 */
export function openStore(projects: string, place: string, { onProgress, within }: Opening = {}): Store {
  const base = Segment.open(join(place, BASE), projects);
  const adding = Segment.open(join(place, RECENT), projects);
  const recent = adding !== null && adding.of === (base?.id ?? "") ? adding : null;
  if (recent === null) adding?.close();
  const segments = [base, recent].filter((segment) => segment !== null);
  try {
    return bringUpToDate(projects, place, base, recent, { onProgress, within });
  } catch (error) {
    for (const segment of segments) segment.close();
    throw error;
  }
}

function bringUpToDate(projects: string, place: string, base: Segment | null, recent: Segment | null, opening: Opening): Store {
  const { onProgress, within } = opening;
  const inBase = new Live(base);
  const inRecent = new Live(recent);
  const changed: Found[] = [];
  const visit: Visit = (directory, name, size, mtime, ino) => {
    if (inBase.take(directory, name, size, mtime, ino) || inRecent.take(directory, name, size, mtime, ino)) return;
    changed.push({ key: keyOf(directory, name), size, mtime, ino });
  };
  walk(projects, visit, within);
  const vocabulary = new Vocabulary();
  const keeper = new Keeper(projects, place, inBase, inRecent, vocabulary);
  const fresh: Entry[] = [];
  for (const found of changed) {
    onProgress?.({ done: fresh.length, total: changed.length });
    fresh.push(read(projects, found, vocabulary));
    if (keeper.isDue) keeper.keep(fresh);
  }
  const said = vocabulary.words.length;
  if (fresh.length > keeper.kept || inBase.dead > 1000 + (base?.count ?? 0) / 4) keeper.keep(fresh);

  const bases = inBase.live;
  const recents = inRecent.live;
  const times = new Float64Array(bases.length + recents.length + fresh.length);
  bases.forEach((index, row) => {
    times[row] = base?.at(index) ?? Number.NaN;
  });
  recents.forEach((index, row) => {
    times[bases.length + row] = recent?.at(index) ?? Number.NaN;
  });
  fresh.forEach((entry, row) => {
    times[bases.length + recents.length + row] = entry.at;
  });
  const made = new Map<number, Kept>();
  const make = (row: number): Kept => {
    const [segment, index] = row < bases.length ? [base, bases[row]] : [recent, recents[row - bases.length]];
    if (segment !== null && index !== undefined) {
      return keptOf(projects, segment.key(index), segment.size(index), segment.at(index), () => segment.facts(index));
    }
    const { key, size, at, facts } = fresh[row - bases.length - recents.length] as Entry;
    return keptOf(projects, key, size, at, () => facts);
  };
  return {
    times,
    matching(texts) {
      const found: number[] = [];
      base?.search(texts, bases, (row) => found.push(row));
      recent?.search(texts, recents, (row) => found.push(bases.length + row));
      if (fresh.length === 0) return found;
      const holding = texts.map((text) => vocabulary.holding(text, said));
      fresh.forEach(({ words }, row) => {
        if (holding.every((holds) => words.some((word) => holds[word] === 1))) found.push(bases.length + recents.length + row);
      });
      return found;
    },
    kept(row) {
      const kept = made.get(row) ?? make(row);
      made.set(row, kept);
      return kept;
    },
    close() {
      base?.close();
      recent?.close();
    },
  };
}

/** The sessions of an index file that still are what was read. */
class Live {
  readonly #segment: Segment | null;
  readonly #taken: Uint8Array;
  #index: Map<string, number> | undefined;
  #next = 0;
  /** Where the name of `#next` begins. */
  #start = 0;
  #count = 0;

  constructor(segment: Segment | null) {
    this.#segment = segment;
    this.#taken = new Uint8Array(segment?.count ?? 0);
  }

  get dead(): number {
    return this.#taken.length - this.#count;
  }

  get bytes(): number {
    return this.#segment?.bytes ?? 0;
  }

  get id(): string {
    return this.#segment?.id ?? "";
  }

  /** Indexes of the sessions that were taken, in order. */
  get live(): Uint32Array {
    const live = new Uint32Array(this.#count);
    let row = 0;
    this.#taken.forEach((taken, index) => {
      if (taken === 1) live[row++] = index;
    });
    return live;
  }

  /** Whether a transcript stands here as it is now. */
  take(directory: string, name: string, size: number, mtime: number, ino: number): boolean {
    const segment = this.#segment;
    if (segment === null) return false;
    const index = this.#find(segment, directory, name);
    if (index === undefined || !segment.isOf(index, size, mtime, ino)) return false;
    this.#taken[index] = 1;
    this.#count += 1;
    return true;
  }

  /** A walk comes by in the order in which it came by when the file was written, as a rule. */
  #find(segment: Segment, directory: string, name: string): number | undefined {
    const after = this.#next < segment.count ? segment.follows(this.#start, directory, name) : -1;
    if (after >= 0) {
      this.#start = after;
      return this.#next++;
    }
    this.#index ??= new Map(segment.names.map((name, index) => [name, index]));
    const index = this.#index.get(`${directory}/${name}`);
    if (index !== undefined) {
      this.#next = index + 1;
      this.#start = segment.startOf(this.#next);
    }
    return index;
  }

  entries(vocabulary: Vocabulary): Entry[] {
    return this.#segment?.entries(this.live, vocabulary) ?? [];
  }
}

function keptOf(projects: string, key: string, size: number, at: number, read: () => Buffer): Kept {
  let facts: Facts | undefined;
  return {
    key,
    size,
    at,
    facts() {
      facts ??= parsed(read()) ?? talk(projects, key, () => undefined).facts;
      return facts;
    },
  };
}

const NOTHING: Facts = { cwd: null, prompt: null, title: null, turns: 0, began: null, owner: null };

/** @returns `null` where the bytes were spoilt on the disk */
function parsed(bytes: Buffer): Facts | null {
  try {
    const [cwd, prompt, title, turns, began, owner] = JSON.parse(bytes.toString("utf8"));
    return { cwd, prompt, title, turns, began, owner };
  } catch {
    return null; // the transcript is asked instead
  }
}

function talk(projects: string, key: string, heard: (text: string) => void): { facts: Facts; last: number | null; silent: boolean } {
  const directory = key.slice(0, key.indexOf("/"));
  const conversation = readConversation(transcriptOf(projects, key), directory, heard);
  if (conversation === null) return { facts: NOTHING, last: null, silent: true };
  const { last, ...facts } = conversation;
  return { facts, last, silent: false };
}

function read(projects: string, found: Found, vocabulary: Vocabulary): Entry {
  const { facts, last, silent } = talk(projects, found.key, (text) => vocabulary.hear(text));
  const { cwd, prompt, title, turns, began, owner } = facts;
  // What a person sees of it in a list is found too.
  for (const text of [title, cwd]) if (text !== null) vocabulary.hear(text);
  return {
    ...found,
    at: silent ? Number.NaN : (last ?? found.mtime),
    facts: Buffer.from(JSON.stringify([cwd, prompt, title, turns, began, owner]), "utf8"),
    words: vocabulary.heard(),
  };
}

/**
 * Writes what is known, as far as it can be written. While much is read it is written now and then, so that a reading that is
 * interrupted is gone on with: so often that writing takes a tenth of the time at most.
 */
class Keeper {
  readonly #projects: string;
  readonly #place: string;
  readonly #base: Live;
  readonly #recent: Live;
  readonly #vocabulary: Vocabulary;
  /** How much of what was read is written. */
  kept = 0;
  /** Whether the `base` that was opened is no more the one on the disk. */
  #replaced = false;
  #due = performance.now() + KEEP_MS;

  constructor(projects: string, place: string, base: Live, recent: Live, vocabulary: Vocabulary) {
    this.#projects = projects;
    this.#place = place;
    this.#base = base;
    this.#recent = recent;
    this.#vocabulary = vocabulary;
  }

  get isDue(): boolean {
    return performance.now() >= this.#due;
  }

  /** @param fresh all that was read until now */
  keep(fresh: readonly Entry[]): void {
    const began = performance.now();
    try {
      this.#write(fresh);
      this.kept = fresh.length;
    } catch (error) {
      // No room, no permission, or no directory of ours there: it only costs time.
      if (!isErrno(error) && !(error instanceof RangeError)) throw error;
    }
    const now = performance.now();
    this.#due = now + Math.max(KEEP_MS, 9 * (now - began));
  }

  #write(fresh: readonly Entry[]): void {
    const [base, place, projects] = [this.#base, this.#place, this.#projects];
    const changed = [...this.#recent.entries(this.#vocabulary), ...fresh];
    const bytes = changed.reduce((sum, entry) => sum + entry.words.length + entry.facts.length, 0);
    mkdirSync(place, { recursive: true, mode: 0o700 });
    clear(place);
    const fits = base.id !== "" && !this.#replaced && bytes <= Math.max(RECENT_BYTES, base.bytes / 8);
    if (fits && base.dead <= changed.length + 1000) {
      put(join(place, RECENT), base.id, projects, changed, this.#vocabulary);
    } else {
      // The `recent` that is there names the `base` it adds to, and is passed over from the rename on.
      put(join(place, BASE), "", projects, inOrder(projects, [...base.entries(this.#vocabulary), ...changed]), this.#vocabulary);
      this.#replaced = true;
      remove(join(place, RECENT));
    }
  }
}

/** As a walk comes by: so the next one finds each where it looks first. */
function inOrder(projects: string, entries: Entry[]): Entry[] {
  const order = new Map<string, number>();
  walk(projects, (directory, name) => order.set(keyOf(directory, name), order.size));
  return entries.sort((a, b) => (order.get(a.key) ?? 0) - (order.get(b.key) ?? 0));
}

function put(path: string, of: string, projects: string, entries: readonly Entry[], { words }: Vocabulary): void {
  const id = randomUUID();
  const coming = `${path}.${id}`;
  try {
    writeSegment(coming, { id, of, projects }, entries, words);
    renameSync(coming, path);
  } catch (error) {
    remove(coming);
    throw error;
  }
}

/** Removes what processes that were ended left on its way. */
function clear(place: string): void {
  for (const name of readdirSync(place)) {
    if (!/^(?:base|recent)\.[0-9a-f-]{36}$/.test(name)) continue;
    const path = join(place, name);
    if (Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY) > LEFT_MS) remove(path);
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
  }
}

/** Takes an index away, and nothing else. Where something of another's stands in it, or it cannot be changed, that stays. */
export function dropStore(place: string): void {
  try {
    for (const name of readdirSync(place)) if (/^(?:base|recent)(?:\.[0-9a-f-]{36})?$/.test(name)) remove(join(place, name));
    rmdirSync(place);
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
}
