import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmdirSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { type Conversation, readConversation } from "../claude/index.ts";
import { isErrno } from "../errors.ts";
import { type Entry, Segment, writeSegment } from "./segment.ts";
import { type Found, keyOf, transcriptOf, walk } from "./walk.ts";
import { addWords, block } from "./words.ts";

/** Told now and then while transcripts are read. */
export type Reading = (progress: { readonly done: number; readonly total: number }) => void;

/** The two files of an index: nearly all of it, and what changed since that was written. */
const BASE = "base";
const RECENT = "recent";
/** `recent` is written at every change: it goes into `base` when it is larger than this, and than an eighth of `base`. */
const RECENT_BYTES = 2 << 20;
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
  matching(needles: readonly Buffer[]): number[];
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
export function openStore(projects: string, place: string, onProgress?: Reading): Store {
  const base = Segment.open(join(place, BASE), projects);
  const adding = Segment.open(join(place, RECENT), projects);
  const recent = adding !== null && adding.of === (base?.id ?? "") ? adding : null;
  if (recent === null) adding?.close();
  const segments = [base, recent].filter((segment) => segment !== null);
  try {
    return bringUpToDate(projects, place, base, recent, onProgress);
  } catch (error) {
    for (const segment of segments) segment.close();
    throw error;
  }
}

function bringUpToDate(projects: string, place: string, base: Segment | null, recent: Segment | null, onProgress?: Reading): Store {
  const inBase = new Live(base);
  const inRecent = new Live(recent);
  const changed: Found[] = [];
  walk(projects, (directory, name, size, mtime, ino) => {
    if (inBase.take(directory, name, size, mtime, ino) || inRecent.take(directory, name, size, mtime, ino)) return;
    changed.push({ key: keyOf(directory, name), size, mtime, ino });
  });
  const fresh = changed.map((found, done) => {
    onProgress?.({ done, total: changed.length });
    return read(projects, found);
  });
  if (fresh.length > 0 || inBase.dead > 1000 + (base?.count ?? 0) / 4) keep(projects, place, inBase, inRecent, fresh);

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
    matching(needles) {
      const found: number[] = [];
      base?.search(needles, bases, (row) => found.push(row));
      recent?.search(needles, recents, (row) => found.push(bases.length + row));
      fresh.forEach((entry, row) => {
        if (needles.every((needle) => entry.words.includes(needle))) found.push(bases.length + recents.length + row);
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

  entries(): Entry[] {
    const segment = this.#segment;
    return segment === null ? [] : [...this.live].map((index) => segment.entry(index));
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

function read(projects: string, found: Found): Entry {
  const words = new Set<string>();
  const { facts, last, silent } = talk(projects, found.key, (text) => addWords(text, words));
  const { cwd, prompt, title, turns, began, owner } = facts;
  // What a person sees of it in a list is found too.
  for (const text of [title, cwd]) if (text !== null) addWords(text, words);
  return {
    ...found,
    at: silent ? Number.NaN : (last ?? found.mtime),
    facts: Buffer.from(JSON.stringify([cwd, prompt, title, turns, began, owner]), "utf8"),
    words: block(words),
  };
}

/** Writes what is known now, as far as it can be written. */
function keep(projects: string, place: string, base: Live, recent: Live, fresh: readonly Entry[]): void {
  try {
    const changed = [...recent.entries(), ...fresh];
    const bytes = changed.reduce((sum, entry) => sum + entry.words.length + entry.facts.length, 0);
    mkdirSync(place, { recursive: true, mode: 0o700 });
    clear(place);
    if (base.id !== "" && bytes <= Math.max(RECENT_BYTES, base.bytes / 8) && base.dead <= changed.length + 1000) {
      put(join(place, RECENT), randomUUID(), base.id, projects, changed);
    } else {
      // The `recent` that is there names the `base` it adds to, and is passed over from the rename on.
      put(join(place, BASE), randomUUID(), "", projects, inOrder(projects, [...base.entries(), ...changed]));
      remove(join(place, RECENT));
    }
  } catch (error) {
    // No room, no permission, or no directory of ours there: it only costs time.
    if (!isErrno(error) && !(error instanceof RangeError)) throw error;
  }
}

/** As a walk comes by: so the next one finds each where it looks first. */
function inOrder(projects: string, entries: Entry[]): Entry[] {
  const order = new Map<string, number>();
  walk(projects, (directory, name) => order.set(keyOf(directory, name), order.size));
  return entries.sort((a, b) => (order.get(a.key) ?? 0) - (order.get(b.key) ?? 0));
}

function put(path: string, id: string, of: string, projects: string, entries: readonly Entry[]): void {
  const coming = `${path}.${id}`;
  try {
    writeSegment(coming, id, of, projects, entries);
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
