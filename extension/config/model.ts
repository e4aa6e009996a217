/** What can be said of a place in config.yaml from its JSON Schema: pure, on text. */

/** The part of JSON Schema that the schema of config.yaml uses. */
export interface Schema {
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
}

export interface Words {
  readonly schema: Schema;
  readonly accounts: readonly string[];
  readonly groups: readonly string[];
}

/** Something that may be written at a place. */
export interface Suggestion {
  readonly text: string;
  readonly is: "key" | "value";
  readonly description: string;
}

const KEY = /^(\s*)(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s#'"[\]{},-][^#:]*?))\s*:(?=\s|$)/;

interface Key {
  readonly indent: number;
  readonly name: string;
  /** Where the key ends, its colon included. */
  readonly end: number;
}

function keyOf(line: string): Key | null {
  const found = KEY.exec(line);
  if (found === null) return null;
  const [whole, indent = "", double, single, plain] = found;
  return { indent: indent.length, name: double ?? single ?? plain ?? "", end: whole.length };
}

/** The keys above a line that lead to it, outermost first, for something that is indented so far. */
function above(lines: readonly string[], line: number, indent: number): string[] {
  const path: string[] = [];
  let least = indent;
  for (let at = line - 1; at >= 0 && least > 0; at--) {
    const key = keyOf(lines[at] ?? "");
    if (key === null || key.indent >= least) continue;
    path.unshift(key.name);
    least = key.indent;
  }
  return path;
}

function schemaAt(schema: Schema, path: readonly string[]): Schema | null {
  let at: Schema | undefined = schema;
  for (const name of path) at = at?.properties?.[name] ?? Object.values(at?.patternProperties ?? {})[0];
  return at ?? null;
}

/**
 * What may be written at a place.
 * @param line 0-based @param character 0-based, in UTF-16 units
 */
export function suggestionsAt(text: string, line: number, character: number, words: Words): Suggestion[] {
  const lines = text.split(/\r?\n/);
  const whole = lines[line] ?? "";
  if (/(?:^|\s)#/.test(whole.slice(0, character))) return [];
  const key = keyOf(whole);
  if (key !== null && character >= key.end) return valuesOf([...above(lines, line, key.indent), key.name], words);
  if (whole.slice(0, character).trim() !== "" && whole.slice(0, character).includes(":")) return [];
  const indent = whole.length - whole.trimStart().length;
  const path = above(lines, line, Math.min(indent, character));
  const there = siblings(lines, line, indent);
  return Object.entries(schemaAt(words.schema, path)?.properties ?? {})
    .filter(([name]) => !there.includes(name))
    .map(([name, { description = "" }]) => ({ text: name, is: "key", description }));
}

/** The keys that stand beside a line already. */
function siblings(lines: readonly string[], line: number, indent: number): string[] {
  const found: string[] = [];
  const look = (step: 1 | -1) => {
    for (let at = line + step; at >= 0 && at < lines.length; at += step) {
      const text = lines[at] ?? "";
      if (text.trim() === "" || text.trimStart().startsWith("#")) continue;
      const key = keyOf(text);
      const depth = text.length - text.trimStart().length;
      if (depth < indent) return;
      if (key !== null && key.indent === indent) found.push(key.name);
    }
  };
  look(-1);
  look(1);
  return found;
}

function valuesOf(path: readonly string[], { schema, accounts, groups }: Words): Suggestion[] {
  const found = schemaAt(schema, path);
  const description = found?.description ?? "";
  const names = path[0] === "default" || path[0] === "directories" ? accounts : path.at(-1) === "context_group" ? groups : [];
  return [...(found?.enum ?? []), ...names].map((text) => ({ text, is: "value", description }));
}

/** What the schema says of the key at a place; null where it says nothing. */
export function descriptionAt(
  text: string,
  line: number,
  character: number,
  { schema }: Words,
): { readonly key: string; readonly description: string } | null {
  const lines = text.split(/\r?\n/);
  const key = keyOf(lines[line] ?? "");
  if (key === null || character < key.indent) return null;
  const description = schemaAt(schema, [...above(lines, line, key.indent), key.name])?.description;
  return description === undefined ? null : { key: key.name, description };
}
