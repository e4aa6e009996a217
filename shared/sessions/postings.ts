/**
 * For each word the sessions it was said in, by their place in an index file: the distance from one to the next, seven bits a
 * byte, lowest first, all but the last byte with the high bit set.
 */
export interface Postings {
  /** The words that were said at all. */
  readonly said: Uint32Array;
  /** For each of them where its bytes end. */
  readonly ends: Uint32Array;
  readonly bytes: Uint8Array;
}

/**
 * Turns words by session into sessions by word.
 * @param sessions the numbers of each session's words, each number once
 * @param words how many numbers there are
 * @throws RangeError where it comes to more than 4 GiB
 */
export function invert(sessions: readonly Uint32Array[], words: number): Postings {
  const lengths = new Float64Array(words);
  const last = new Int32Array(words).fill(-1);
  sessions.forEach((said, session) => {
    for (const word of said) {
      lengths[word] = (lengths[word] as number) + lengthOf(session - (last[word] as number));
      last[word] = session;
    }
  });
  const said = new Uint32Array(lengths.reduce((count, length) => count + (length === 0 ? 0 : 1), 0));
  let row = 0;
  lengths.forEach((length, word) => {
    if (length !== 0) said[row++] = word;
  });
  const ends = new Uint32Array(said.length);
  const next = new Uint32Array(words);
  let total = 0;
  said.forEach((word, index) => {
    next[word] = total;
    total += lengths[word] as number;
    if (total > 0xffffffff) throw new RangeError("too much was said for one index");
    ends[index] = total;
  });
  const bytes = new Uint8Array(total);
  last.fill(-1);
  sessions.forEach((numbers, session) => {
    for (const word of numbers) {
      let distance = session - (last[word] as number);
      let at = next[word] as number;
      for (; distance > 127; distance >>>= 7) bytes[at++] = (distance & 127) | 128;
      bytes[at++] = distance;
      next[word] = at;
      last[word] = session;
    }
  });
  return { said, ends, bytes };
}

function lengthOf(distance: number): number {
  let length = 1;
  for (let rest = distance >>> 7; rest > 0; rest >>>= 7) length += 1;
  return length;
}

/** Visits the sessions of one word. @param bytes those of that word alone */
export function eachSession(bytes: Uint8Array, visit: (session: number) => void): void {
  let session = -1;
  let distance = 0;
  let shift = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    distance |= (byte & 127) << shift;
    shift += 7;
    if (byte > 127) continue;
    session += distance;
    visit(session);
    distance = 0;
    shift = 0;
  }
}
