import { expect, test } from "bun:test";
import fc from "fast-check";
import { eachSession, invert } from "../../../shared/sessions/postings.ts";

/** Sessions by word, as the bytes say it. */
function inverted(sessions: readonly Uint32Array[], words: number): [number, number[]][] {
  const { said, ends, bytes } = invert(sessions, words);
  return Array.from(said, (word, index) => {
    const found: number[] = [];
    eachSession(bytes.subarray(index === 0 ? 0 : ends[index - 1], ends[index]), (session) => found.push(session));
    return [word, found];
  });
}

test("sessions by word say what words by session said", () => {
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(fc.nat(20)), { maxLength: 300 }), (sessions) => {
      const expected = Array.from(
        { length: 21 },
        (_, word) => [word, sessions.flatMap((said, n) => (said.includes(word) ? [n] : []))] as const,
      );
      expect(
        inverted(
          sessions.map((said) => Uint32Array.from(said)),
          21,
        ),
      ).toEqual(expected.filter(([, found]) => found.length > 0) as unknown as [number, number[]][]);
    }),
  );
});

test("a word may be said first, or again, after any number of sessions", () => {
  const far = [0, 127, 128, 16_383, 16_384, 40_000];
  const sessions = Array.from({ length: 40_001 }, (_, n) => Uint32Array.from(far.includes(n) ? [1] : []));
  expect(inverted(sessions, 2)).toEqual([[1, far]]);
});

test("bytes that were spoilt end", () => {
  const found: number[] = [];
  eachSession(Uint8Array.from([1, 255, 255]), (session) => found.push(session));
  expect(found).toEqual([0]);
});
