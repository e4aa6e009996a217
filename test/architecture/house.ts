import { posix } from "node:path";
import { type Import, type Source, sourceOf } from "./source.ts";

/** Code by path, the path counted from the checkout with forward slashes. */
export type House = ReadonlyMap<string, Source>;

export function houseOf(files: Readonly<Record<string, string>>): House {
  return new Map(Object.entries(files).map(([path, text]) => [path, sourceOf(path, text)]));
}

/** What an import means: a path of the house, or a package's name (`node:fs/promises` and `typebox/value` whole). */
export function target(from: Source, imported: Import): string {
  const { specifier } = imported;
  return specifier.startsWith(".") ? posix.join(posix.dirname(from.path), specifier) : specifier;
}

/** The package a specifier belongs to: `typebox` for `typebox/value`, `@a/b` for `@a/b/c`. */
export function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

export function filesUnder(house: House, ...places: string[]): Source[] {
  return [...house.values()].filter((source) =>
    places.some((place) => (place.endsWith("/") ? source.path.startsWith(place) : source.path === place)),
  );
}

/**
 * All that is loaded together with the entries, without being asked for later: files and packages, each with the way
 * that leads to it.
 */
export function loadedWith(house: House, entries: readonly Source[]): Map<string, string> {
  const ways = new Map(entries.map((entry) => [entry.path, entry.path]));
  const queue = [...entries];
  for (let source = queue.shift(); source; source = queue.shift()) {
    for (const imported of source.imports) {
      if (imported.kind !== "value") continue;
      const to = target(source, imported);
      if (ways.has(to)) continue;
      ways.set(to, `${ways.get(source.path)} > ${to}`);
      const next = house.get(to);
      if (next) queue.push(next);
    }
  }
  return ways;
}

/** The calls of a function in a file: the text between the parentheses of each, comments left out. */
export function callsOf(source: Source, name: string): string[] {
  return [...source.code.matchAll(new RegExp(String.raw`\b${name}\s*\(`, "g"))].map((match) => {
    const from = match.index + match[0].length;
    let depth = 1;
    let to = from;
    for (; to < source.code.length && depth > 0; to++) {
      if (source.code[to] === "(") depth += 1;
      else if (source.code[to] === ")") depth -= 1;
    }
    return source.plain.slice(from, to - 1);
  });
}
