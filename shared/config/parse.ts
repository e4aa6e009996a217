import { isMap, type Node, type Pair, type YAMLMap } from "yaml";
import type { Home } from "../paths.ts";
import { checkAccountName, foldName } from "../policy/names.ts";
import { type ContextPolicy, parsePolicy } from "../policy/policy.ts";
import { shown } from "../policy/shown.ts";
import { directoryPath, readRules, type WrittenRule } from "./directories.ts";
import { type ConfigDocument, keyText, pairsOf, resolveAlias, rootMap } from "./document.ts";
import { findAccount } from "./find.ts";
import { type ConfigProblem, invalid } from "./problem.ts";
import { type AccountKey, offsetOfKey, readAccount, readSections, type Written, type WrittenAccount } from "./sections.ts";
import { readText } from "./text.ts";

export interface Account {
  /** As it is written in config.yaml. */
  readonly name: string;
  readonly created: string | null;
  readonly lastUsed: string | null;
  /** null: it does not parse; the problems say why. No default stands in for it. */
  readonly policy: ContextPolicy | null;
}

/** The account that is started in a directory and below it, where none is named. */
export interface FolderRule {
  /** Absolute, as it is written: there may be links in it. */
  readonly directory: string;
  readonly account: string;
}

export interface Config {
  readonly file: string;
  /** "" where there is no file. */
  readonly text: string;
  readonly exists: boolean;
  /** YAML syntax fine and the root a map (or empty). */
  readonly parsed: boolean;
  readonly accounts: ReadonlyMap<string, Account>;
  /** As it is written, also where it names no account (then there is a problem, or another tool knows the name). */
  readonly default: string | null;
  /** The accounts of directories, as they are written, also where one names no account. */
  readonly directories: readonly FolderRule[];
  /** In the order of the file. */
  readonly problems: readonly ConfigProblem[];
}

/**
 * What config.yaml says, and everything in it that cannot be followed. Pure.
 * @param file the path, for messages
 */
export function parseConfig(file: string, text: string): Config {
  const sections = readSections(text);
  const { doc, parsed, problems: found, accounts: pairs, default: chosen } = sections;
  const problems: ConfigProblem[] = [...found];
  const accounts = new Map<string, Account>();
  const folded = new Map<string, string>();
  for (const pair of pairs) {
    const written = readAccount(doc, pair);
    const fold = foldName(written.name);
    const like = folded.get(fold);
    if (like === undefined) folded.set(fold, written.name);
    problems.push(...written.problems, ...nameProblems(doc, pair, written, like === undefined ? [] : [like]));
    const account = accountOf(doc, written, problems);
    // Which of two that are written under one name is meant cannot be known: neither policy is followed.
    accounts.set(written.name, accounts.has(written.name) ? { ...account, policy: null } : account);
  }
  problems.push(...defaultProblems(doc, chosen, accounts));
  const directories = readRules(sections);
  problems.push(...directories.problems, ...ruleProblems(doc, directories.rules, accounts));
  return {
    file,
    text,
    exists: true,
    parsed,
    accounts,
    default: typeof chosen?.value === "string" ? chosen.value : null,
    directories: directories.rules.map(({ directory, account }) => ({ directory, account })),
    problems: problems.sort((a, b) => a.line - b.line || a.col - b.col),
  };
}

/**
 * Reads config.yaml; an absent file is an empty config.
 * @throws CcsError `failed` when it cannot be read, `config-invalid` when it is not UTF-8
 */
export function readConfig(home: Home): Config {
  const text = readText(home.config);
  if (text === undefined) return { ...parseConfig(home.config, ""), exists: false };
  if (last?.file !== home.config || last.text !== text) last = parseConfig(home.config, text);
  return last;
}

/** What was read last: of many accounts the parser takes longer than all that is done with them, and it says the same of the same text. */
let last: Config | null = null;

/** @throws CcsError `config-invalid` with every problem at once, unless there is none */
export function requireValid(config: Config): void {
  if (config.problems.length > 0) throw invalid(config.file, config.problems);
}

function nameProblems(doc: ConfigDocument, pair: Pair, { name, offset }: WrittenAccount, taken: Iterable<string>): ConfigProblem[] {
  const path = `accounts.${name}`;
  const position = doc.position(offset);
  const checked = checkAccountName(name, taken);
  if (!checked.ok) return [{ ...position, path, message: checked.message }];
  const key = resolveAlias(doc, pair.key as Node | null) as { value?: unknown } | null;
  const value = key?.value;
  if ((typeof value === "number" || typeof value === "bigint") && String(value) !== name) {
    return [{ ...position, path, message: `the account name ${name} is the number ${value} to other tools; write it in quotes` }];
  }
  return [];
}

/** The account a valid entry says; what it says wrong is added to the problems. */
function accountOf(doc: ConfigDocument, written: WrittenAccount, problems: ConfigProblem[]): Account {
  const at = (key: AccountKey, message: string) => {
    problems.push({ ...doc.position(offsetOfKey(written, key)), path: `accounts.${written.name}.${key}`, message });
  };
  const text = (key: "created" | "last_used"): string | null => {
    const value = written.keys.get(key)?.value ?? null;
    if (isTextOrNull(value)) return value;
    at(key, notText(key, value));
    return null;
  };

  const parsed = parsePolicy({
    context_mode: written.keys.get("context_mode")?.value,
    context_group: written.keys.get("context_group")?.value,
    continuity_mode: written.keys.get("continuity_mode")?.value,
  });
  const account = { name: written.name, created: text("created"), lastUsed: text("last_used") };
  // What is written twice or merged in is not among the keys: the rest of a policy without it is not the policy.
  if (written.problems.length > 0) return { ...account, policy: null };
  if (!parsed.ok) for (const { key, message } of parsed.problems) at(key, message);
  return { ...account, policy: parsed.ok ? parsed.policy : null };
}

function defaultProblems(doc: ConfigDocument, chosen: Written | undefined, accounts: ReadonlyMap<string, Account>): ConfigProblem[] {
  if (chosen === undefined || chosen.value === undefined) return [];
  const { value, offset } = chosen;
  const problem = (message: string): ConfigProblem[] => [{ ...doc.position(offset), path: "default", message }];
  if (!isTextOrNull(value)) return problem(notText("default", value));
  if (value === null || accounts.has(value) || profileNames(doc).includes(value)) return [];
  return problem(`default is ${noAccount(value, accounts.keys(), ["null"])}`);
}

function ruleProblems(doc: ConfigDocument, rules: readonly WrittenRule[], accounts: ReadonlyMap<string, Account>): ConfigProblem[] {
  return rules.flatMap(({ directory, account, offset }) => {
    if (accounts.has(account)) return [];
    const message = `the account of ${shown(directory)} is ${noAccount(account, accounts.keys())}`;
    return [{ ...doc.position(offset), path: directoryPath(directory), message }];
  });
}

/** `"gone", which is no account; allowed: "work" or "spare"`. */
export function noAccount(name: string, known: Iterable<string>, more: readonly string[] = []): string {
  const all = [...known];
  const close = findAccount(all, name);
  const names = [...(close === undefined ? all : [close]).map(shown), ...more];
  return `${shown(name)}, which is no account; ${names.length > 0 ? `allowed: ${names.join(" or ")}` : "there are no accounts yet"}`;
}

/** As the schema has it, which a test holds this to: asking the schema for each account takes as long as the rest of the check. */
function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

function notText(key: string, value: unknown): string {
  return `${key} is ${shown(value)}; allowed: text in quotes, or null`;
}

/** Names `@kaitranntt/ccs` lets `default` hold beside accounts: those of its own profiles and proxy variants. */
function profileNames(doc: ConfigDocument): string[] {
  const root = rootMap(doc);
  const variants = mapsUnder(doc, mapsUnder(doc, root ? [root] : [], "cliproxy"), "variants");
  return [...mapsUnder(doc, root ? [root] : [], "profiles"), ...variants].flatMap((map) =>
    map.items.flatMap((pair) => keyText(doc, pair.key) ?? []),
  );
}

function mapsUnder(doc: ConfigDocument, maps: readonly YAMLMap[], key: string): YAMLMap[] {
  return maps
    .flatMap((map) => pairsOf(doc, map, key))
    .flatMap((pair) => {
      const value = resolveAlias(doc, pair.value as Node | null);
      return isMap(value) ? [value] : [];
    });
}
