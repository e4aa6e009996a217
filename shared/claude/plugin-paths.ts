import { visit } from "jsonc-parser";

/**
 * A JSON text in which every text that is a path at or below one of some directories is that path below another one. All else
 * stays byte for byte. Pure.
 * @param from absolute, as they may be written
 * @param to absolute
 */
export function withPathsMoved(text: string, from: readonly string[], to: string): string {
  const splices: { readonly at: number; readonly length: number; readonly text: string }[] = [];
  visit(text, {
    onLiteralValue(value: unknown, at, length) {
      const moved = typeof value === "string" ? movedPath(value, from, to) : null;
      if (moved !== null) splices.push({ at, length, text: JSON.stringify(moved) });
    },
  });
  return splices.reduceRight((all, { at, length, text: next }) => all.slice(0, at) + next + all.slice(at + length), text);
}

/** A path at or below one of some directories, as it is below another one; null where it lies elsewhere. */
export function movedPath(path: string, from: readonly string[], to: string): string | null {
  const above = from.find((directory) => path === directory || path.startsWith(`${directory}/`) || path.startsWith(`${directory}\\`));
  return above === undefined ? null : to + path.slice(above.length);
}
