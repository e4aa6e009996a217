import { isMap, type Node, type Pair, type YAMLMap } from "yaml";
import { shown } from "../policy/shown.ts";
import {
  type ConfigDocument,
  isMergeKey,
  keyOffset,
  keyText,
  pairsOf,
  parseYaml,
  plainValue,
  resolveAlias,
  rootMap,
  valueOffset,
} from "./document.ts";
import type { ConfigProblem } from "./problem.ts";

/** The keys of an account that are ours; all others are somebody else's and never looked at. */
export const ACCOUNT_KEYS = ["created", "last_used", "context_mode", "context_group", "continuity_mode"] as const;
export type AccountKey = (typeof ACCOUNT_KEYS)[number];

/** A value and where it is written. */
export interface Written {
  readonly value: unknown;
  readonly offset: number;
}

/** An account as it is written, before any rule about its values. */
export interface WrittenAccount {
  /** The key, as text. */
  readonly name: string;
  readonly offset: number;
  readonly keys: ReadonlyMap<AccountKey, Written>;
  /** What leaves open what the account says: not a map, a key twice, a merge key, an alias of nothing. */
  readonly problems: readonly ConfigProblem[];
}

/** Our sections of config.yaml. */
export interface Sections {
  readonly doc: ConfigDocument;
  /** YAML syntax fine and the root a map or empty. */
  readonly parsed: boolean;
  /** What stands in the way of reading either section at all. */
  readonly problems: readonly ConfigProblem[];
  /** The pairs under `accounts`, in order. */
  readonly accounts: readonly Pair[];
  readonly default: Written | undefined;
  /** The pairs under `directories`, in order, whatever they are. */
  readonly directories: readonly Pair[];
  /** What stands in the way of reading `directories`: nobody's concern but theirs who ask for a folder's account. */
  readonly directoryProblems: readonly ConfigProblem[];
}

export const MERGE = "merge keys (<<) are not followed here: write the keys out";

/** Finds our sections in the text. Pure; shared by every reader, so that the launcher and the rest cannot disagree. */
export function readSections(text: string): Sections {
  const doc = parseYaml(text);
  const problems: ConfigProblem[] = [...doc.syntax];
  const at = (offset: number, path: string, message: string) => problems.push({ ...doc.position(offset), path, message });
  const nothing = { doc, problems, accounts: [], default: undefined, directories: [], directoryProblems: [] };
  if (problems.length > 0) return { ...nothing, parsed: false };

  const root = rootMap(doc);
  if (root === undefined) {
    const { contents } = doc.yaml;
    if (plainValue(doc, contents) === null) return { ...nothing, parsed: true };
    at(contents?.range?.[0] ?? 0, "", `config.yaml is ${shown(plainValue(doc, contents))}; it has to be a map`);
    return { ...nothing, parsed: false };
  }

  for (const pair of root.items) if (isMergeKey(pair.key)) at(keyOffset(pair), "<<", MERGE);
  const once = (key: string): Pair | undefined => {
    const [first, ...again] = pairsOf(doc, root, key);
    for (const pair of again) at(keyOffset(pair), key, `${key} is written more than once; only one is allowed`);
    return first;
  };

  const accounts = once("accounts");
  const map = accounts && asMap(doc, accounts);
  if (typeof map === "string") at(valueOffset(accounts as Pair), "accounts", `accounts ${map}; it has to be a map of accounts`);
  const items = typeof map === "object" ? map.items : [];
  for (const pair of items) {
    if (isMergeKey(pair.key)) at(keyOffset(pair), "accounts.<<", MERGE);
    else if (keyText(doc, pair.key) === undefined) at(keyOffset(pair), "accounts", "the name of an account has to be text");
  }

  const pair = once("default");
  const chosen = pair && { value: plainValue(doc, pair.value as Node | null), offset: valueOffset(pair) };
  if (chosen && chosen.value === undefined) at(chosen.offset, "default", "default is an alias that no anchor stands before");

  const [folders, again] = pairsOf(doc, root, "directories");
  const rules = folders && asMap(doc, folders);
  const directoryProblems: ConfigProblem[] = [];
  const wrong = (offset: number, message: string) => directoryProblems.push({ ...doc.position(offset), path: "directories", message });
  if (again) wrong(keyOffset(again), "directories is written more than once; only one is allowed");
  if (folders && typeof rules === "string") wrong(valueOffset(folders), `directories ${rules}; it has to be a map of directories`);

  return {
    doc,
    parsed: true,
    problems,
    directories: typeof rules === "object" ? rules.items : [],
    directoryProblems,
    accounts: items.filter((item) => !isMergeKey(item.key) && keyText(doc, item.key) !== undefined),
    default: chosen,
  };
}

/** Reads the keys of one account. An account without a value has none. */
export function readAccount(doc: ConfigDocument, pair: Pair): WrittenAccount {
  const name = keyText(doc, pair.key) ?? "";
  const problems: ConfigProblem[] = [];
  const at = (offset: number, path: string, message: string) => problems.push({ ...doc.position(offset), path, message });
  const keys = new Map<AccountKey, Written>();

  const map = asMap(doc, pair);
  if (typeof map === "string") at(valueOffset(pair), `accounts.${name}`, `the account ${shown(name)} ${map}; it has to be a map`);
  const items = typeof map === "object" ? map.items : [];
  for (const item of items) {
    const path = `accounts.${name}.${keyText(doc, item.key)}`;
    if (isMergeKey(item.key)) at(keyOffset(item), path, MERGE);
    const key = ACCOUNT_KEYS.find((k) => k === keyText(doc, item.key));
    if (key === undefined) continue;
    const value = plainValue(doc, item.value as Node | null);
    if (keys.has(key)) at(keyOffset(item), path, `${key} is written more than once; only one is allowed`);
    else if (value === undefined) at(valueOffset(item), path, `${key} is an alias that no anchor stands before`);
    else keys.set(key, { value, offset: valueOffset(item) });
  }
  return { name, offset: keyOffset(pair), keys, problems };
}

/** Where to point for what is wrong with a key of an account: at its value, or at what asks for it where it is not written. */
export function offsetOfKey({ keys, offset }: WrittenAccount, key: AccountKey): number {
  return (keys.get(key) ?? keys.get("context_mode"))?.offset ?? offset;
}

/** A pair's value as a map (undefined where nothing is written), or what it is instead. */
function asMap(doc: ConfigDocument, pair: Pair): YAMLMap | undefined | string {
  const node = resolveAlias(doc, pair.value as Node | null);
  if (isMap(node)) return node;
  const value = plainValue(doc, pair.value as Node | null);
  if (value === undefined) return "is an alias that no anchor stands before";
  return value === null ? undefined : `is ${shown(value)}`;
}
