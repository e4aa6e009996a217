/** What stands between words: ASCII but letters, digits and `_`; spaces and punctuation of other scripts. From and to. */
const BETWEEN = ["\x00/", ":@", "[^", "``", "{\xbf", "\u2000\u206f", "\u3000\u303f", "\ufeff\ufeff", "\uff01\uff0f"];
/** For each UTF-16 unit 1 where it stands between words. */
const between = new Uint8Array(1 << 16);
for (const range of BETWEEN) between.fill(1, range.charCodeAt(0), range.charCodeAt(1) + 1);

/** A longer word counts by its beginning: keys, hashes and pasted bytes would make up most of an index. */
const LONGEST = 128;

/** A text in the form words are compared in. */
export function comparable(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/**
 * Visits the words of a text.
 * @param all in the form they are compared in
 * @param visit gets where a word stands in it, and a number that is the same for equal words
 */
export function eachWord(all: string, visit: (start: number, end: number, hash: number) => void): void {
  const { length } = all;
  for (let at = 0; at < length; at++) {
    if (between[all.charCodeAt(at)] === 1) continue;
    const start = at;
    const longest = start + LONGEST;
    let hash = 0x811c9dc5 | 0;
    for (; at < length; at++) {
      const unit = all.charCodeAt(at);
      if (between[unit] === 1) break;
      if (at < longest) hash = Math.imul(hash ^ unit, 0x01000193);
    }
    visit(start, Math.min(at, longest), hash ^ (hash >>> 15));
  }
}

/** What is looked for: the words of a query. */
export function needles(query: string): string[] {
  const words = new Set<string>();
  const all = comparable(query);
  eachWord(all, (start, end) => words.add(all.slice(start, end)));
  return [...words];
}
