import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from "yaml";
import type { ConfigProblem } from "./problem.ts";

/** A parsed config.yaml: the nodes, and the text they are ranges of. */
export interface ConfigDocument {
  readonly text: string;
  readonly yaml: Document;
  /** Why the text is not YAML, or not one document. */
  readonly syntax: readonly ConfigProblem[];
  /** 1-based line and column of an offset into the text. */
  position(offset: number): { line: number; col: number };
}

/**
 * Parses with the one reading all of ccs uses: the YAML 1.2 core schema (even under `%YAML 1.1`), no merge keys, no tags beyond it.
 * Duplicate keys are not looked for here: those of other tools' sections are not ours to refuse.
 * @param options.tokens keeps the source tokens, which editing needs
 */
export function parseYaml(text: string, options: { tokens?: boolean } = {}): ConfigDocument {
  const lines = new LineCounter();
  const yaml: Document = parseDocument(text, {
    lineCounter: lines,
    keepSourceTokens: options.tokens === true,
    prettyErrors: false,
    uniqueKeys: false,
    schema: "core",
    merge: false,
    resolveKnownTags: false,
    logLevel: "error",
  });
  const position = (offset: number): { line: number; col: number } => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    const mark = line <= 1 && text.startsWith("\uFEFF") ? 1 : 0;
    return { line: Math.max(line, 1), col: Math.max(col - mark, 1) };
  };
  const syntax = yaml.errors.map((error) => ({
    ...position(error.pos[0]),
    path: "",
    message: error.code === "MULTIPLE_DOCS" ? "config.yaml holds more than one YAML document; only one is allowed" : error.message,
  }));
  return { text, yaml, syntax, position };
}

/** What an alias stands for; undefined where no anchor of that name stands before it. Other nodes are themselves. */
export function resolveAlias(doc: ConfigDocument, node: Node | null): Node | null | undefined {
  return isAlias(node) ? node.resolve(doc.yaml) : node;
}

/**
 * A key as text. A plain `7` or `true` is taken as it is written, not as a number or boolean.
 * @returns undefined for a key that is not a scalar
 */
export function keyText(doc: ConfigDocument, key: unknown): string | undefined {
  const node = resolveAlias(doc, key as Node | null);
  if (!isScalar(node)) return undefined;
  return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
}

/** Whether a key is the merge key of YAML 1.1, which other parsers follow and ours does not. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === "<<" && key.type === "PLAIN";
}

/**
 * The plain value of a node, as deep as a check needs it: scalars as themselves, a map as `{}`, a list as `[]`.
 * @returns undefined for an alias without an anchor
 */
export function plainValue(doc: ConfigDocument, node: Node | null): unknown {
  const found = resolveAlias(doc, node);
  if (found === undefined) return undefined;
  if (found === null) return null;
  if (isScalar(found)) return found.value;
  return isSeq(found) ? [] : {};
}

/** Where to point for a pair's value: the value, or the key where nothing is written for it. */
export function valueOffset(pair: Pair): number {
  const value = pair.value as Node | null;
  const range = value?.range;
  return range && range[1] > range[0] ? range[0] : keyOffset(pair);
}

/** Where a pair's key begins. */
export function keyOffset(pair: Pair): number {
  return (pair.key as Node | null)?.range?.[0] ?? 0;
}

/** The pairs of a map under this key, more than one where it is written more than once. */
export function pairsOf(doc: ConfigDocument, map: YAMLMap | undefined, key: string): Pair[] {
  return map === undefined ? [] : map.items.filter((pair) => keyText(doc, pair.key) === key);
}

/** The map at the root; undefined where the document is empty or something else. */
export function rootMap(doc: ConfigDocument): YAMLMap | undefined {
  const root = doc.yaml.contents;
  return isMap(root) ? root : undefined;
}
