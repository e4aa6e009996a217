/** How well a word has to fit to count at all, from the best on. */
const AT_START = 4;
const INSIDE = 3;
const SCATTERED = 1;
/** A scattered word may take up so many times its own length. */
const SPREAD = 3;

/**
 * How well what was typed fits a line: every word of it has to stand there, at the beginning of a word (best), inside one,
 * or with its letters in order and close together (`adt` fits `audit`).
 * @param typed lower case
 * @param line lower case
 * @returns 0 where it does not fit
 */
export function closeness(typed: string, line: string): number {
  let sum = 0;
  for (const word of typed.split(/\s+/)) {
    if (word === "") continue;
    const score = closenessOfWord(word, line);
    if (score === 0) return 0;
    sum += score;
  }
  return sum;
}

function closenessOfWord(word: string, line: string): number {
  let at = line.indexOf(word);
  if (at < 0) return word.length >= 3 && isScattered(word, line) ? SCATTERED : 0;
  for (; at >= 0; at = line.indexOf(word, at + 1)) {
    if (at === 0 || /[^\p{L}\p{N}]/u.test(line.charAt(at - 1))) return AT_START;
  }
  return INSIDE;
}

function isScattered(word: string, line: string): boolean {
  for (let from = line.indexOf(word.charAt(0)); from >= 0; from = line.indexOf(word.charAt(0), from + 1)) {
    let at = from;
    let next = 1;
    while (next < word.length && at >= 0 && at - from < word.length * SPREAD) {
      at = line.indexOf(word.charAt(next), at + 1);
      next += 1;
    }
    if (at >= 0 && next === word.length && at - from < word.length * SPREAD) return true;
    if (at < 0) return false;
  }
  return false;
}
