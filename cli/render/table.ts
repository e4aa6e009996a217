import { widthOfText, wrap } from "./wrap.ts";

export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

const GAP = 2;
/** A column is not made narrower than this. */
const LEAST = 4;

/**
 * Columns aligned by what a terminal shows. Where they do not fit, the widest cells are broken into lines of their own;
 * nothing is cut off.
 * @param width columns there are; null for a pipe or a file, where a row stays one line
 */
export function table(titles: readonly Cell[], rows: readonly (readonly Cell[])[], width: number | null): string {
  const all = [titles, ...rows];
  const widths = fit(
    titles.map((_, column) => Math.max(...all.map((row) => widthOfText(row[column]?.text ?? "")))),
    () => titles.map((_, column) => Math.max(LEAST, ...all.map((row) => longestWord(row[column]?.text ?? "")))),
    width === null ? null : width - GAP * (titles.length - 1),
  );
  return all.map((row) => lines(row, widths)).join("");
}

/** Takes from the widest column, one by one: first down to its longest word, then as far as it must be. */
function fit(natural: readonly number[], words: () => readonly number[], room: number | null): number[] {
  const widths = [...natural];
  if (room === null || total(widths) <= room) return widths;
  for (const floor of [words(), widths.map(() => LEAST)]) {
    while (total(widths) > room) {
      const loose = widths.map((width, column) => (width > (floor[column] ?? LEAST) ? width : 0));
      const widest = Math.max(...loose);
      if (widest === 0) break;
      const column = loose.indexOf(widest);
      widths[column] = widest - 1;
    }
  }
  return widths;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0);
}

function longestWord(text: string): number {
  return Math.max(...text.split(" ").map(widthOfText));
}

function lines(row: readonly Cell[], widths: readonly number[]): string {
  const cells = widths.map((width, column) => wrap(row[column]?.text ?? "", width));
  const height = Math.max(...cells.map((cell) => cell.length));
  let text = "";
  for (let line = 0; line < height; line += 1) {
    const shown = widths.map((width, column) => {
      const part = cells[column]?.[line] ?? "";
      const painted = part === "" ? "" : (row[column]?.paint?.(part) ?? part);
      return painted + " ".repeat(Math.max(0, width - widthOfText(part)));
    });
    text += `${shown.join(" ".repeat(GAP)).trimEnd()}\n`;
  }
  return text;
}
