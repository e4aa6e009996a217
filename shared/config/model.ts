import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import { type ConfigDocument, keyText, resolveAlias, rootMap } from "./document.ts";

/** What config.yaml means, in a form that two texts can be compared in: names and numbers that stand for equal values. */
export interface Model {
  /** Sections that are not ours, in order: key and value. */
  readonly others: readonly (readonly [number, number])[];
  /** Under `accounts`: each name with its keys, or with the number of what it is instead of a map. */
  readonly accounts: readonly (readonly [string, number | readonly (readonly [string, number])[]])[];
  /** What `accounts` is, where it is neither a map nor empty. */
  readonly strange: number | null;
  readonly default: number | null;
  /** Under `directories`: each with its account; the number of what it is where it is neither a map nor empty. */
  readonly directories: number | readonly (readonly [string, number])[];
}

/** Gives equal values equal numbers, over all documents it is asked about. */
export class Values {
  readonly #numbers = new Map<string, number>();

  /** The number of a plain text or null. */
  of(value: string | null): number {
    return this.#number(`${typeof value}:${value}`);
  }

  /** What a document means. Aliases count as what they stand for. */
  model(doc: ConfigDocument): Model {
    const number = this.#reader();
    const others: [number, number][] = [];
    const accounts: Model["accounts"][number][] = [];
    let strange: number | null = null;
    let chosen: number | null = null;
    let directories: Model["directories"] = [];
    for (const pair of rootMap(doc)?.items ?? []) {
      const key = keyText(doc, pair.key);
      const keyNumber = number(pair.key as Node | null);
      const value = pair.value as Node | null;
      const valueNumber = number(value);
      const found = resolveAlias(doc, value);
      if (key === "default") chosen = valueNumber === this.of(null) ? null : valueNumber;
      else if (key === "directories") directories = this.#rules(doc, found, valueNumber, number);
      else if (key !== "accounts") others.push([keyNumber, valueNumber]);
      else if (isMap(found)) for (const item of found.items) accounts.push(this.#account(doc, item, number));
      else if (valueNumber !== this.of(null)) strange = valueNumber;
    }
    return { others, accounts, strange, default: chosen, directories };
  }

  #rules(doc: ConfigDocument, found: unknown, valueNumber: number, number: (node: Node | null) => number): Model["directories"] {
    if (valueNumber === this.of(null)) return [];
    if (!isMap(found)) return valueNumber;
    return found.items.map(({ key, value }) => [keyText(doc, key) ?? `#${number(key as Node | null)}`, number(value as Node | null)]);
  }

  #account(doc: ConfigDocument, pair: Pair, number: (node: Node | null) => number): Model["accounts"][number] {
    const name = (key: unknown) => keyText(doc, key) ?? `#${number(key as Node | null)}`;
    const value = pair.value as Node | null;
    const valueNumber = number(value);
    if (valueNumber === this.of(null)) return [name(pair.key), []];
    const found = resolveAlias(doc, value);
    if (!isMap(found)) return [name(pair.key), valueNumber];
    return [name(pair.key), found.items.map((item) => [name(item.key), number(item.value as Node | null)])];
  }

  /** A reader for one document: walks it once, in its order, so that an alias means the last anchor of its name before it. */
  #reader(): (node: Node | null) => number {
    const anchors = new Map<string, Node>();
    const known = new Map<Node, number>();
    const open = new Set<Node>();
    const read = (node: Node | null | undefined): number => {
      if (node === null || node === undefined) return this.of(null);
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target === undefined || open.has(target)) return this.#number(`alias:${node.source}`);
        return read(target);
      }
      const seen = known.get(node);
      if (seen !== undefined) return seen;
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
      open.add(node);
      let form: string;
      if (isScalar(node)) form = node.value === null ? "object:null" : `${typeof node.value}:${String(node.value)}`;
      else if (isMap(node)) form = `map:${node.items.map((pair) => `${read(pair.key as Node | null)}=${read(pair.value as Node | null)}`)}`;
      else form = `list:${isSeq(node) ? node.items.map((item) => read(item as Node | null)) : ""}`;
      open.delete(node);
      const result = this.#number(form);
      known.set(node, result);
      return result;
    };
    return read;
  }

  #number(form: string): number {
    const found = this.#numbers.get(form);
    if (found !== undefined) return found;
    this.#numbers.set(form, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

/** Whether two models say the same, wherever in a map a key stands. */
export function sameModel(a: Model, b: Model): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(model: Model): Model {
  const byKey = <T extends readonly [string, unknown]>(entries: readonly T[]): T[] =>
    [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const directories = typeof model.directories === "number" ? model.directories : byKey(model.directories);
  return {
    ...model,
    directories,
    accounts: byKey(model.accounts.map(([name, keys]) => [name, typeof keys === "number" ? keys : byKey(keys)])),
  };
}
