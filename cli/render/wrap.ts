import { displayPath } from "../../shared/index.ts";

/** A space at which no line is broken; it is written as a plain one. */
export const GLUE = "\u00a0";

/** Columns a text takes on a terminal. */
export function widthOfText(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  return Bun.stringWidth(text);
}

/** A text without its control characters: a name or a path must not move the cursor or paint the screen. */
export function plain(text: string): string {
  return displayPath(text).replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
}

/**
 * Breaks a line at spaces so that none is wider than `width` columns; a word that is wider is broken after one of
 * `@ / . - _`, or wherever it has to be.
 * @param width columns, at least 1; null breaks nothing
 */
export function wrap(text: string, width: number | null): string[] {
  if (width === null) return [unglued(text)];
  return filled(
    text.split(" ").flatMap((word) => pieces(word, width)),
    width,
  );
}

/**
 * A paragraph: the first line begins with `first`, the others are moved in as far. A word that is too wide stays whole:
 * it is a path, and has to be one piece when it is copied from the terminal.
 */
export function hanging(first: string, text: string, width: number | null): string {
  const indent = widthOfText(first);
  const words = text.split(" ").map((word) => ({ text: word, glued: false }));
  const lines = width === null ? [unglued(text)] : filled(words, Math.max(20, width - indent));
  return lines.map((line, at) => (at === 0 ? first : " ".repeat(indent)) + line).join("\n");
}

function filled(words: readonly Piece[], width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    const joined = line === "" ? word.text : `${line}${word.glued ? "" : " "}${word.text}`;
    if (line !== "" && widthOfText(joined) > width) {
      lines.push(line);
      line = word.text;
    } else {
      line = joined;
    }
  }
  return [...lines, line].map(unglued);
}

interface Piece {
  readonly text: string;
  /** Belongs to the word before it. */
  readonly glued: boolean;
}

function pieces(word: string, width: number): Piece[] {
  const done: Piece[] = [];
  let rest = word;
  while (widthOfText(rest) > width) {
    const cut = cutOf(rest, width);
    done.push({ text: rest.slice(0, cut), glued: done.length > 0 });
    rest = rest.slice(cut);
  }
  return [...done, { text: rest, glued: done.length > 0 }];
}

function cutOf(word: string, width: number): number {
  let fits = 0;
  let nice = 0;
  for (const { segment, index } of new Intl.Segmenter().segment(word)) {
    const end = index + segment.length;
    if (fits > 0 && widthOfText(word.slice(0, end)) > width) break;
    fits = end;
    if (/[@/._-]/.test(segment)) nice = end;
  }
  return nice > 0 ? nice : fits;
}

function unglued(text: string): string {
  return text.replaceAll(GLUE, " ");
}
