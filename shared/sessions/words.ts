import { Buffer } from "node:buffer";

/** What stands between words: ASCII but letters, digits and `_`; spaces and punctuation of other scripts. */
const BETWEEN = /[\x00-/:-@[-^`{-\xbf\u2000-\u206f\u3000-\u303f\ufeff\uff01-\uff0f]+/;

/** A longer word counts by its beginning: keys, hashes and pasted bytes would make up most of an index. */
const LONGEST = 128;

/** Adds the words of a text to a set, in the form they are compared in. */
export function addWords(text: string, words: Set<string>): void {
  for (const word of text.normalize("NFC").toLowerCase().split(BETWEEN)) {
    if (word !== "") words.add(word.length > LONGEST ? word.slice(0, LONGEST) : word);
  }
}

/** Words as they are kept and searched: a line each. */
export function block(words: ReadonlySet<string>): Buffer {
  let text = "";
  for (const word of words) text += `${word}\n`;
  return Buffer.from(text, "utf8");
}

/** What is looked for: the words of a query, the longest, which is likely to be the rarest, first. */
export function needles(query: string): Buffer[] {
  const words = new Set<string>();
  addWords(query, words);
  return [...words].sort((a, b) => b.length - a.length).map((word) => Buffer.from(word, "utf8"));
}
