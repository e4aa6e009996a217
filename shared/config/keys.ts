import { isMap, isScalar, type Node } from "yaml";
import { keyText, parseYaml, plainValue, resolveAlias } from "./document.ts";
import { entryEnd, entryStart } from "./entry.ts";
import { readAccount, readSections } from "./sections.ts";
import { lineStart } from "./splice.ts";

/** The keys of a context policy as config.yaml has them; null for one that is not there or holds no text. */
export interface PolicyText {
  readonly context_mode: string | null;
  readonly context_group: string | null;
  readonly continuity_mode: string | null;
}

/** What an account's entry says of its policy, letter by letter. Pure. @returns null where there is no such account */
export function policyText(text: string, account: string): PolicyText | null {
  const { doc, accounts } = readSections(text);
  const written = accounts.map((pair) => readAccount(doc, pair)).find(({ name }) => name === account);
  if (written === undefined) return null;
  const textOf = (key: keyof PolicyText) => {
    const value = written.keys.get(key)?.value;
    return typeof value === "string" ? value : null;
  };
  return {
    context_mode: textOf("context_mode"),
    context_group: textOf("context_group"),
    continuity_mode: textOf("continuity_mode"),
  };
}

/** What an account's entry holds beside its policy. */
export interface EntryText {
  /** What is text or null. */
  readonly keys: Readonly<Record<string, string | null>>;
  /** Other entries, as they are written. */
  readonly others: readonly string[];
  /** The whole entry, as it is written. */
  readonly text: string;
}

const POLICY: readonly string[] = ["context_mode", "context_group", "continuity_mode"] satisfies (keyof PolicyText)[];

/** An account's entry, to be written again one day. Pure. */
export function entryText(text: string, account: string): EntryText {
  const { doc, accounts } = readSections(text);
  const pair = accounts.find(({ key }) => keyText(doc, key) === account);
  if (pair === undefined) return { keys: {}, others: [], text: "" };
  // The reader keeps no source tokens, and where an entry begins and ends is told by them.
  const tokens = readTokens(text, account);
  const map = resolveAlias(doc, pair.value as Node | null);
  const keys: Record<string, string | null> = {};
  const others: string[] = [];
  for (const item of isMap(map) ? map.items : []) {
    const key = keyText(doc, item.key);
    if (key === undefined || POLICY.includes(key)) continue;
    const value = resolveAlias(doc, item.value as Node | null);
    const plain = plainValue(doc, item.value as Node | null);
    if ((value === null || value === undefined || isScalar(value)) && (typeof plain === "string" || plain === null)) keys[key] = plain;
    else others.push(text.slice((item.key as Node | null)?.range?.[0], (value as Node | null)?.range?.[1]).trimEnd());
  }
  return { keys, others, text: tokens };
}

function readTokens(text: string, account: string): string {
  const doc = parseYaml(text, { tokens: true });
  const root = doc.yaml.contents;
  const section = isMap(root) ? root.items.find(({ key }) => keyText(doc, key) === "accounts") : undefined;
  const pair = isMap(section?.value) ? section.value.items.find(({ key }) => keyText(doc, key) === account) : undefined;
  return pair === undefined ? "" : text.slice(lineStart(text, entryStart(pair)), entryEnd(text, pair));
}
