import { Buffer } from "node:buffer";
import { comparable, eachWord } from "./words.ts";

/**
 * The words of several sessions, each with a number: what was said is kept as numbers, and each word once. A hash table of its
 * own: millions of words are looked up, and text made of each for a `Map` would take twice as long as all the rest.
 */
export class Vocabulary {
  readonly words: string[] = [];
  /** Numbers plus one, 0 where nothing stands, in a table at most half full. */
  #table = new Uint32Array(1 << 12);
  /** For each number its hash, and the session in which it was heard last. */
  #hashes = new Int32Array(1 << 11);
  #last = new Uint32Array(1 << 11);
  #session = 1;
  #heard: number[] = [];

  /** Hears what was said in a session. */
  hear(text: string): void {
    const all = comparable(text);
    eachWord(all, (start, end, hash) => {
      const number = this.#number(all, start, end, hash);
      if (this.#last[number] === this.#session) return;
      this.#last[number] = this.#session;
      this.#heard.push(number);
    });
  }

  /** The words heard since the last time, each number once. */
  heard(): Uint32Array {
    const heard = Uint32Array.from(this.#heard);
    this.#heard = [];
    this.#session += 1;
    return heard;
  }

  /** The number of a word as it is kept. */
  number(word: string): number {
    let number = -1;
    eachWord(word, (start, end, hash) => {
      number = this.#number(word, start, end, hash);
    });
    return number;
  }

  /** For each of the first so many numbers whether a text stands in its word. */
  holding(text: string, first: number): Uint8Array {
    return Uint8Array.from({ length: first }, (_, number) => (this.words[number]?.includes(text) ? 1 : 0));
  }

  #number(all: string, start: number, end: number, hash: number): number {
    const mask = this.#table.length - 1;
    let slot = hash & mask;
    for (let number = this.#table[slot] as number; number !== 0; number = this.#table[slot] as number) {
      if (this.#hashes[number - 1] === hash && isAt(this.words[number - 1] as string, all, start, end)) return number - 1;
      slot = (slot + 1) & mask;
    }
    const number = this.words.length;
    // Bytes in between: a part of a text would keep all of it in memory. In UTF-16, where half a character stays what it is.
    this.words.push(Buffer.from(all.slice(start, end), "utf16le").toString("utf16le"));
    if (number === this.#hashes.length) this.#grow();
    this.#hashes[number] = hash;
    this.#put(number, hash);
    return number;
  }

  #put(number: number, hash: number): void {
    const mask = this.#table.length - 1;
    let slot = hash & mask;
    while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
    this.#table[slot] = number + 1;
  }

  #grow(): void {
    const [hashes, last] = [this.#hashes, this.#last];
    this.#hashes = new Int32Array(hashes.length * 2);
    this.#hashes.set(hashes);
    this.#last = new Uint32Array(last.length * 2);
    this.#last.set(last);
    this.#table = new Uint32Array(this.#table.length * 2);
    hashes.forEach((hash, number) => {
      this.#put(number, hash);
    });
  }
}

function isAt(word: string, all: string, start: number, end: number): boolean {
  const length = end - start;
  if (word.length !== length) return false;
  for (let n = 0; n < length; n++) if (word.charCodeAt(n) !== all.charCodeAt(start + n)) return false;
  return true;
}
