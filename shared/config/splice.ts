/** Replace `text[start, end)`. All a change of config.yaml consists of. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies splices that do not overlap. Two at one place keep their order. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = text;
  const order = splices.map((splice, index) => ({ splice, index })).sort((a, b) => b.splice.start - a.splice.start || b.index - a.index);
  for (const { splice } of order) result = result.slice(0, splice.start) + splice.text + result.slice(splice.end);
  return result;
}

/** Where the line that holds an offset begins; the byte order mark is no part of the first line. */
export function lineStart(text: string, offset: number): number {
  const start = offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
  return start === 0 && text.startsWith("\uFEFF") ? 1 : start;
}

/** The end of the line that holds an offset: before its line ending, and after it (both the end of the text on the last line). */
export function lineEnd(text: string, offset: number): { before: number; after: number } {
  const feed = text.indexOf("\n", offset);
  if (feed === -1) return { before: text.length, after: text.length };
  return { before: feed > offset && text[feed - 1] === "\r" ? feed - 1 : feed, after: feed + 1 };
}

/** The line ending in use around an offset. */
export function lineEnding(text: string, offset: number): string {
  const before = offset === 0 ? -1 : text.lastIndexOf("\n", offset - 1);
  const feed = before === -1 ? text.indexOf("\n", offset) : before;
  return feed > 0 && text[feed - 1] === "\r" ? "\r\n" : "\n";
}

/** Whether nothing but spaces and a comment stands from an offset to the end of its line. */
export function restIsComment(text: string, offset: number): boolean {
  return /^[ \t]*(?:[ \t]#.*)?\r?$/.test(text.slice(offset, lineEnd(text, offset).after).replace(/\n$/, ""));
}
