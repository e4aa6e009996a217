import { isMap, type Node, type Pair, type YAMLMap } from "yaml";
import { afterColon, blockSource, columnOf, entryEnd, entryStart, keyStyleOf, type NewEntry } from "./entry.ts";
import { lineEnd, lineEnding, lineStart, type Splice } from "./splice.ts";

/**
 * Where the lines of a pair end: after its last line, and after comment lines below that stand deeper than its key.
 * @param column the column of the pair's key
 */
function linesEnd(text: string, pair: Pair, column: number): number {
  const end = entryEnd(text, pair);
  let after = end > 0 && text[end - 1] === "\n" ? end : lineEnd(text, end).after;
  for (let next = after; next < text.length; ) {
    const line = text.slice(next, lineEnd(text, next).after);
    next += line.length;
    if (/^[ \t]*\r?\n?$/.test(line)) continue;
    const comment = /^( *)#/.exec(line);
    if (comment === null || (comment[1] ?? "").length <= column) break;
    after = next;
  }
  return after;
}

/** Writes entries on lines of their own below a pair of a block map. */
export function insertBelow(text: string, map: YAMLMap, pair: Pair, entries: readonly NewEntry[], step: number): Splice[] {
  const column = columnOf(text, map);
  const source = (eol: string) => blockSource(entries, column, step, eol, keyStyleOf(map));
  return [insertLines(text, linesEnd(text, pair, column), source)];
}

/** Writes entries below a pair that has no value yet (or an empty one), as the first of a block map. */
export function fillBelow(text: string, parent: YAMLMap, pair: Pair, entries: readonly NewEntry[], step: number): Splice[] | undefined {
  const colon = afterColon(pair);
  if (colon === undefined) return undefined;
  const range = (pair.value as Node | null)?.range;
  const written = range && range[1] > range[0] ? range : undefined;
  const source = (eol: string) => blockSource(entries, columnOf(text, parent) + step, step, eol, keyStyleOf(parent));
  if (written === undefined) return [insertLines(text, lineEnd(text, colon).after, source)];
  if (!/^[ \t]*$/.test(text.slice(colon, written[0]))) return undefined;
  return [{ start: colon, end: written[1], text: "" }, insertLines(text, lineEnd(text, written[1]).after, source)];
}

/**
 * Takes a pair's lines out of a block map; `{}` is written in the place of the last one.
 * @returns the ways to do it, the best first: next to a block scalar a line ending or blank line may be part of its value
 */
export function removeLines(text: string, map: YAMLMap, pair: Pair, holder: Pair | undefined): Splice[][] {
  const start = lineStart(text, entryStart(pair));
  const colon = holder && afterColon(holder);
  const emptied = map.items.length === 1 && holder !== undefined;
  if (!/^ *$/.test(text.slice(start, entryStart(pair))) || (emptied && colon === undefined)) return [];
  const end = linesEnd(text, pair, columnOf(text, map));
  const blank = /^(?:[ \t]*\r?\n)*/.exec(text.slice(end))?.[0].length ?? 0;
  const ways: Splice[] = [
    { start, end, text: "" },
    { start, end: end + blank, text: "" },
  ];
  // A file without a last line ending stays so.
  if (end === text.length && text[end - 1] !== "\n" && start > 0) {
    ways.unshift({ start: start - lineEnding(text, start).length, end, text: "" });
  }
  return ways.map((way) => (emptied && colon !== undefined ? [{ start: colon, end: colon, text: " {}" }, way] : [way]));
}

/** Lines at a line's beginning; after a last line without an ending they bring one and leave the last without, as it was. */
function insertLines(text: string, at: number, source: (eol: string) => string): Splice {
  const eol = lineEnding(text, Math.max(at - 1, 0));
  const open = at === text.length && at > 0 && text[at - 1] !== "\n" && text !== "\uFEFF";
  return { start: at, end: at, text: open ? eol + source(eol) : source(eol) + eol };
}

/** Writes entries at the end of a document that holds nothing but comments. */
export function fillDocument(text: string, entries: readonly NewEntry[]): Splice[] {
  return [insertLines(text, text.length, (eol) => blockSource(entries, 0, 2, eol))];
}

/** By how many columns the maps of this file are indented; two where none shows it. */
export function indentStep(text: string, root: YAMLMap, accounts: YAMLMap | undefined): number {
  for (const outer of [accounts, root]) {
    if (outer === undefined || outer.flow) continue;
    for (const { value } of outer.items) {
      if (!isMap(value) || value.flow || value.items.length === 0) continue;
      const step = columnOf(text, value) - columnOf(text, outer);
      if (step > 0) return step;
    }
  }
  return 2;
}
