import { isAlias, isMap, isScalar, type Node, type Pair, type YAMLMap } from "yaml";
import { fillBelow, fillDocument, indentStep, insertBelow, removeLines } from "./blockMap.ts";
import { type ConfigDocument, pairsOf, plainValue, rootMap } from "./document.ts";
import { afterColon, contentEnd, entryEnd, flowSource, isBlockScalar, type NewEntry } from "./entry.ts";
import { fillBraces, fillInline, insertAfter, removeInline } from "./flowMap.ts";
import { doubleQuoted, quotedLike } from "./quote.ts";
import { ACCOUNT_KEYS } from "./sections.ts";
import type { Splice } from "./splice.ts";

/** The one tag that text may stand behind. */
const TEXT_TAG = "tag:yaml.org,2002:str";

/** One step of an edit. */
export type Change =
  | { readonly do: "write"; readonly account: string; readonly key: string; readonly value: string }
  | { readonly do: "take out"; readonly account: string; readonly key: string }
  | { readonly do: "add"; readonly account: string; readonly entries: readonly { readonly key: string; readonly value: string | null }[] }
  | { readonly do: "remove"; readonly account: string }
  | { readonly do: "rename"; readonly account: string; readonly to: string }
  | { readonly do: "default"; readonly account: string | null }
  | { readonly do: "rule"; readonly directory: string; readonly account: string | null };

/** Why a change cannot be made by splicing: to be finished by a person. */
export class CannotSplice extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** Splices that make a change, in one of the ways it can be made; none at all where the text says so already. */
export type Way = readonly Splice[];

/** The ways to make one change, the best first. Which of them changes nothing else has to be proven by parsing. */
export function waysTo(doc: ConfigDocument, change: Change): readonly Way[] {
  return new Splicer(doc).change(change);
}

class Splicer {
  readonly #doc: ConfigDocument;
  readonly #text: string;
  readonly #root: YAMLMap | undefined;

  constructor(doc: ConfigDocument) {
    this.#doc = doc;
    this.#text = doc.text;
    this.#root = rootMap(doc);
  }

  change(change: Change): readonly Way[] {
    switch (change.do) {
      case "write": {
        const account = this.#account(change.account);
        const map = this.#mapOf(account);
        const pair = map && this.#only(map, change.key);
        if (pair) return [this.#replace(pair, change.value)];
        const entries = [{ key: change.key, value: change.value }];
        return [this.#insert(this.#accounts()?.map, account, entries, neighbour(this.#doc, map, change.key))];
      }
      case "take out": {
        const account = this.#account(change.account);
        const map = this.#mapOf(account);
        const pair = map && this.#only(map, change.key);
        return map && pair ? this.#remove(map, pair, account) : [[]];
      }
      case "add": {
        const accounts = this.#accounts();
        const entry = { key: change.account, value: change.entries };
        if (accounts === undefined) return [this.#addSection([{ key: "accounts", value: [entry] }])];
        return [this.#insert(this.#root, accounts.pair, [entry], undefined)];
      }
      case "remove": {
        const accounts = this.#accounts();
        return accounts?.map ? this.#remove(accounts.map, this.#account(change.account), accounts.pair) : [[]];
      }
      case "rule": {
        const section = this.#root && this.#only(this.#root, "directories");
        const map = section && this.#mapOf(section);
        const pair = map && this.#only(map, change.directory);
        if (change.account === null) return map && pair ? this.#remove(map, pair, section) : [[]];
        if (pair) return [this.#replace(pair, change.account)];
        const entry = { key: change.directory, value: change.account };
        if (section === undefined) return [this.#addSection([{ key: "directories", value: [entry] }])];
        return [this.#insert(this.#root, section, [entry], undefined)];
      }
      case "rename": {
        const key = this.#account(change.account).key as Node | null;
        if (!isScalar(key) || key.range == null) throw new CannotSplice(key?.range?.[0] ?? 0, "its name is written as an alias");
        const [start, end] = key.range;
        return [[{ start, end, text: quotedLike(key.type, change.to) }]];
      }
      case "default": {
        const pair = this.#root && this.#only(this.#root, "default");
        if (change.account === null) return this.#root && pair ? this.#remove(this.#root, pair, undefined) : [[]];
        return [pair ? this.#replace(pair, change.account) : this.#addSection([{ key: "default", value: change.account }])];
      }
    }
  }

  #accounts(): { pair: Pair; map: YAMLMap | undefined } | undefined {
    const pair = this.#root && this.#only(this.#root, "accounts");
    return pair && { pair, map: this.#mapOf(pair) };
  }

  #account(name: string): Pair {
    const map = this.#accounts()?.map;
    const pair = map && this.#only(map, name);
    if (pair === undefined) throw new CannotSplice(0, "the account is not written as an entry of accounts");
    return pair;
  }

  #only(map: YAMLMap, key: string): Pair | undefined {
    const [pair, again] = pairsOf(this.#doc, map, key);
    if (again) throw new CannotSplice(offsetOf(again), `${key} is written more than once`);
    return pair;
  }

  /** The map a pair holds; undefined where it holds nothing. */
  #mapOf(pair: Pair): YAMLMap | undefined {
    const { value } = pair;
    if (isMap(value)) return value;
    if (isAlias(value)) throw new CannotSplice(offsetOf(pair), "it is written as an alias");
    if (value === null || (isScalar(value) && value.value === null)) return undefined;
    throw new CannotSplice(offsetOf(pair), "it is not a map");
  }

  /** Entries into the map a pair holds, or the first into one that holds none. */
  #insert(parent: YAMLMap | undefined, pair: Pair, entries: readonly NewEntry[], after: Pair | undefined): Way {
    const map = this.#mapOf(pair);
    const last = after ?? map?.items.at(-1);
    if (map && last) {
      return map.flow ? insertAfter(this.#text, map, last, entries) : insertBelow(this.#text, map, last, entries, this.#step());
    }
    if (parent === undefined) throw new CannotSplice(offsetOf(pair), "it stands in no map");
    const bare = map === undefined || /^\{\s*\}$/.test(this.#text.slice(map.range?.[0], map.range?.[1]));
    const below = !parent.flow && bare ? fillBelow(this.#text, parent, pair, entries, this.#step()) : undefined;
    return below ?? fillInline(this.#text, parent, pair, entries);
  }

  #addSection(entries: readonly NewEntry[]): Way {
    const root = this.#root;
    if (root === undefined) {
      const range = this.#doc.yaml.contents?.range;
      if (range && range[1] > range[0]) throw new CannotSplice(range[0], "the file holds a value instead of a map");
      return fillDocument(this.#text, entries);
    }
    const after = this.#only(root, "accounts") ?? root.items.at(-1);
    if (after === undefined) {
      const [start, end] = root.range ?? [0, 0];
      return fillBraces(this.#text, start, end, flowSource(entries));
    }
    return root.flow ? insertAfter(this.#text, root, after, entries) : insertBelow(this.#text, root, after, entries, this.#step());
  }

  #remove(map: YAMLMap, pair: Pair, holder: Pair | undefined): readonly Way[] {
    const ways = map.flow ? [removeInline(this.#text, map, pair)] : removeLines(this.#text, map, pair, holder);
    if (ways.length === 0) throw new CannotSplice(offsetOf(pair), "it shares a line with something else");
    return ways;
  }

  #replace(pair: Pair, value: string): Way {
    const node = pair.value as Node | null;
    if (plainValue(this.#doc, node) === value) return [];
    if (node !== null && !isScalar(node) && !isAlias(node)) throw new CannotSplice(offsetOf(pair), "its value is not text");
    if (node?.tag !== undefined && node.tag !== TEXT_TAG) throw new CannotSplice(offsetOf(pair), `its value has the tag ${node.tag}`);
    const [start, end] = node?.range ?? [0, 0];
    if (end === start) {
      const colon = afterColon(pair);
      const at = colon ?? entryEnd(this.#text, pair);
      return [{ start: at, end: at, text: `${colon === undefined ? ":" : ""} ${doubleQuoted(value)}` }];
    }
    if (!isBlockScalar(node)) return [{ start, end, text: quotedLike(isScalar(node) && node.value !== null ? node.type : null, value) }];
    const comment = /^[^\s#]+([ \t]+#[^\r\n]*)/.exec(this.#text.slice(start, end))?.[1] ?? "";
    const lines = contentEnd(this.#text, start, end);
    const ending = /\r?\n$/.exec(this.#text.slice(start, lines))?.[0] ?? "";
    return [{ start, end: lines, text: doubleQuoted(value) + comment + ending }];
  }

  #step(): number {
    return this.#root === undefined ? 2 : indentStep(this.#text, this.#root, this.#accounts()?.map);
  }
}

/** The pair a new key is written after: the nearest of ours that comes before it in the usual order. */
function neighbour(doc: ConfigDocument, map: YAMLMap | undefined, key: string): Pair | undefined {
  if (map === undefined) return undefined;
  const order: readonly string[] = ACCOUNT_KEYS;
  for (const before of order.slice(0, Math.max(order.indexOf(key), 0)).reverse()) {
    const [pair] = pairsOf(doc, map, before);
    if (pair) return pair;
  }
  return undefined;
}

function offsetOf(pair: Pair): number {
  return (pair.key as Node | null)?.range?.[0] ?? 0;
}
