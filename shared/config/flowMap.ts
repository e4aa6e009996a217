import type { Node, Pair, YAMLMap } from "yaml";
import { afterColon, commaBefore, entryEnd, entryStart, flowSource, keyStyleOf, type NewEntry } from "./entry.ts";
import { lineEnd, lineEnding, lineStart, restIsComment, type Splice } from "./splice.ts";

/** The comma after a pair of a flow map, a trailing one included. */
function commaAfter(map: YAMLMap, pair: Pair): number | undefined {
  const items = (map.srcToken as { items?: readonly unknown[] } | undefined)?.items ?? [];
  return commaBefore(items[items.indexOf(pair.srcToken) + 1]);
}

/** Writes entries after a pair of a flow map: on a line of their own where the pair has one. */
export function insertAfter(text: string, map: YAMLMap, pair: Pair, entries: readonly NewEntry[]): Splice[] {
  const source = flowSource(entries, keyStyleOf(map));
  const end = entryEnd(text, pair);
  const comma = commaAfter(map, pair);
  const resume = comma === undefined ? end : comma + 1;
  const separator: Splice[] = comma === undefined ? [{ start: end, end, text: "," }] : [];
  const tail = comma === undefined ? "" : ",";

  const start = entryStart(pair);
  const indent = text.slice(lineStart(text, start), start);
  if (!/^ *$/.test(indent) || !restIsComment(text, resume))
    return [...separator, { start: resume, end: resume, text: ` ${source}${tail}` }];
  const { before } = lineEnd(text, resume);
  return [...separator, { start: before, end: before, text: `${lineEnding(text, before)}${indent}${source}${tail}` }];
}

/** Writes entries into a flow map that holds none. */
export function fillBraces(text: string, start: number, end: number, source: string): Splice[] {
  if (/^\{\s*\}$/.test(text.slice(start, end))) return [{ start, end, text: `{ ${source} }` }];
  return [{ start: start + 1, end: start + 1, text: ` ${source}` }];
}

/** Writes entries, as a flow map, for a pair whose value is nothing, `null` or an empty flow map. */
export function fillInline(text: string, map: YAMLMap, pair: Pair, entries: readonly NewEntry[]): Splice[] {
  const source = flowSource(entries, keyStyleOf(map));
  const [start, end] = (pair.value as Node | null)?.range ?? [0, 0];
  if (end > start) return text[start] === "{" ? fillBraces(text, start, end, source) : [{ start, end, text: `{ ${source} }` }];
  const colon = afterColon(pair);
  const at = colon ?? entryEnd(text, pair);
  return [{ start: at, end: at, text: `${colon === undefined ? ":" : ""} { ${source} }` }];
}

/** Takes a pair out of a flow map, with one comma; with its lines and the comment on them where it stands on lines of its own. */
export function removeInline(text: string, map: YAMLMap, pair: Pair): Splice[] {
  const start = entryStart(pair);
  const end = entryEnd(text, pair);
  const comma = commaAfter(map, pair);
  const at = map.items.indexOf(pair);
  const next = map.items[at + 1];
  const previous = map.items[at - 1];
  const plain = (from: number, to: number) => !text.slice(from, to).includes("#");

  const line = lineStart(text, start);
  const tight = comma === undefined || comma === end;
  if (tight && /^ *$/.test(text.slice(line, start)) && restIsComment(text, comma === undefined ? end : comma + 1)) {
    return [{ start: line, end: lineEnd(text, end).after, text: "" }];
  }
  if (comma === undefined) {
    // The comma before a last pair goes with it, unless a comment between the two says something of its own.
    const from = previous && plain(entryEnd(text, previous), start) ? entryEnd(text, previous) : start;
    return [{ start: from, end, text: "" }];
  }
  if (next !== undefined && plain(end, entryStart(next))) return [{ start, end: entryStart(next), text: "" }];
  return [
    { start, end, text: "" },
    { start: comma, end: comma + 1, text: "" },
  ];
}
