import { isCollection, isPair, isScalar, type Node, type Pair, type YAMLMap } from "yaml";
import { doubleQuoted, isPlainText, keySource } from "./quote.ts";
import { lineStart } from "./splice.ts";

/** Something to write: a key with text, with `null`, or with entries of its own. */
export interface NewEntry {
  readonly key: string;
  readonly value: string | null | readonly NewEntry[];
}

interface Token {
  readonly type: string;
  readonly offset: number;
  readonly source: string;
}

/** Tokens that carry no meaning of their own. */
const TRIVIA = new Set(["space", "newline", "comment"]);

interface ItemTokens {
  readonly start: readonly Token[];
  readonly sep?: readonly Token[];
}

/** The source tokens around a pair's key and value; absent only for nodes that were not parsed. */
function tokensOf(pair: Pair): ItemTokens | undefined {
  return pair.srcToken as ItemTokens | undefined;
}

/** Where a pair begins, its anchor, tag or `?` included. */
export function entryStart(pair: Pair): number {
  const first = tokensOf(pair)?.start.find((token) => !TRIVIA.has(token.type) && token.type !== "comma");
  return first?.offset ?? (pair.key as Node | null)?.range?.[0] ?? 0;
}

/** The comma before a pair of a flow map. */
export function commaBefore(item: unknown): number | undefined {
  return (item as ItemTokens | undefined)?.start.find((token) => token.type === "comma")?.offset;
}

/** Just after the colon of a pair, or after the anchor or tag that follows it; undefined where there is no colon. */
export function afterColon(pair: Pair): number | undefined {
  const tokens = tokensOf(pair)?.sep?.filter((token) => !TRIVIA.has(token.type));
  const last = tokens?.at(-1);
  return last && tokens?.some((token) => token.type === "map-value-ind") ? last.offset + last.source.length : undefined;
}

/**
 * Where what is written for a pair ends: comments and blank lines after it are no part of it. A block scalar ends after its line
 * ending, and takes the blank lines along where its header keeps them (`+`).
 */
export function entryEnd(text: string, pair: Pair): number {
  const key = pair.key as Node | null;
  const value = pair.value as Node | null;
  return Math.max(valueEnd(text, value), afterColon(pair) ?? 0, value === null ? (key?.range?.[1] ?? 0) : 0);
}

function valueEnd(text: string, node: Node | null): number {
  if (node === null || !node.range) return 0;
  const [start, end] = node.range;
  if (isBlockScalar(node)) return /^[|>][1-9]?\+/.test(text.slice(start, start + 3)) ? end : contentEnd(text, start, end);
  if (!isCollection(node) || node.flow) return end > start ? end : 0;
  const last = (node.items as unknown[]).at(-1);
  if (last === undefined) return end;
  return isPair(last) ? entryEnd(text, last) : valueEnd(text, last as Node | null);
}

export function isBlockScalar(node: Node | null): boolean {
  return isScalar(node) && (node.type === "BLOCK_FOLDED" || node.type === "BLOCK_LITERAL");
}

/** The end of a block scalar's last line, its line ending included, without the blank lines after it. */
export function contentEnd(text: string, start: number, end: number): number {
  const content = text.slice(start, end).replace(/\s+$/, "");
  const feed = text.indexOf("\n", start + content.length);
  return feed === -1 || feed >= end ? end : feed + 1;
}

/** The column a block map's keys stand in, 0-based. */
export function columnOf(text: string, map: YAMLMap): number {
  const first = map.items[0];
  if (first === undefined) return 0;
  const start = entryStart(first);
  return start - lineStart(text, start);
}

/** Entries as block lines at a column, joined by the line ending, the first indented like the rest, none at the end. */
export function blockSource(entries: readonly NewEntry[], column: number, step: number, eol: string, keyStyle?: string | null): string {
  const lines = entries.map(({ key, value }) => {
    const head = `${" ".repeat(column)}${keySource(key, keyStyle)}:`;
    if (typeof value === "string" || value === null) return `${head} ${scalarSource(value)}`;
    return value.length === 0 ? `${head} {}` : `${head}${eol}${blockSource(value, column + step, step, eol, keyStyle)}`;
  });
  return lines.join(eol);
}

/** Entries as they stand in a flow map, without its braces. */
export function flowSource(entries: readonly NewEntry[], keyStyle?: string | null): string {
  const parts = entries.map(({ key, value }) => {
    const head = `${keySource(key, keyStyle)}: `;
    if (typeof value === "string" || value === null) return head + scalarSource(value);
    return value.length === 0 ? `${head}{}` : `${head}{ ${flowSource(value, keyStyle)} }`;
  });
  return parts.join(", ");
}

function scalarSource(value: string | null): string {
  return value === null ? "null" : doubleQuoted(value);
}

/** How a map's keys are quoted, by its first; not where that one could not do without quotes. */
export function keyStyleOf(map: YAMLMap | undefined): string | null | undefined {
  const key = map?.items[0]?.key;
  return isScalar(key) && isPlainText(String(key.value)) ? key.type : undefined;
}
