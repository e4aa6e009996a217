import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { EntryText } from "../config/index.ts";
import { CcsError } from "../errors.ts";
import type { Home } from "../paths.ts";
import type { ContextPolicy } from "../policy/index.ts";
import { appendRecord, editFile, list, makeDirectories, readText, removeOurs } from "./disk.ts";
import type { KeyChange } from "./types.ts";

/**
 * One word on a session of a group. `brought`: the account came with it (several may have). `alone`: it appeared while
 * the account was the only member. `unknown`: it appeared while nobody or several were members.
 */
export type SessionRecord =
  | { readonly session: string; readonly how: "brought" | "alone"; readonly account: string }
  | { readonly session: string; readonly how: "unknown" };

/** What is known of the sessions of one group. Accounts are permanent ids. */
export interface GroupRecord {
  /** Whether we saw the group begin, so that "it appeared while X was alone" can be told. */
  readonly complete: boolean;
  /** Every session something was recorded of. */
  readonly known: ReadonlySet<string>;
  /** Who came with a session, in the order they came. */
  readonly brought: ReadonlyMap<string, readonly string[]>;
  readonly alone: ReadonlyMap<string, string>;
  /** Members since the last change of ours; null where none was recorded. config.yaml may say otherwise by hand meanwhile. */
  readonly members: readonly string[] | null;
}

// ---- Records that are written whole ----

/** A record that is one JSON object; null where there is none. @throws CcsError refused where it holds no sense */
function readWhole<T extends object>(path: string, what: string, holds: (value: Partial<T>) => boolean): T | null {
  const text = readText(path);
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as T | null;
    if (isObject(value) && holds(value)) return value;
  } catch {
    // falls through: said below
  }
  throw new CcsError("refused", `${what} cannot be read: it holds no sense (as after a power loss, or an edit)`, {
    where: path,
    untouched: "Nothing was changed.",
    hint: "ccs doctor --fix",
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A record that is written whole and cannot be read. */
export interface SenselessRecord {
  readonly path: string;
  /** `accounts`, or `settings`. */
  readonly kind: "accounts" | "settings" | "renames" | "removed" | "changes";
  /** Why, as a sentence without a full stop. */
  readonly problem: string;
}

/** The records `doctor --fix` may set aside: without them less is known, and nothing is told wrongly. */
export function senselessRecords(home: Home): SenselessRecord[] {
  const found: SenselessRecord[] = [];
  const look = (kind: SenselessRecord["kind"], path: string, read: () => unknown) => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof CcsError && error.code === "refused")) throw error;
      found.push({ path, kind, problem: error.message });
    }
  };
  look("accounts", accountsFile(home), () => readAccountIds(home));
  for (const name of namesIn(join(home.records, "settings"))) {
    const id = name.slice(0, -".json".length);
    look("settings", settingsFile(home, id), () => readSettingsRules(home, id));
  }
  look("renames", renamesFile(home), () => readRenames(home));
  for (const [kind, directory] of [
    ["removed", removedOf(home)],
    ["changes", changesOf(home)],
  ] as const) {
    for (const name of namesIn(directory)) {
      const path = join(directory, name);
      look(kind, path, () =>
        readWhole(path, kind === "removed" ? "the record of a removed account" : "the record of a change", () => true),
      );
    }
  }
  return found;
}

// ---- Accounts: permanent ids, so that a rename changes no record ----

function accountsFile(home: Home): string {
  return join(home.records, "accounts.json");
}

function readAccountIds(home: Home): Record<string, string> {
  const texts = (ids: object) => Object.values(ids).every((id) => typeof id === "string");
  return readWhole<Record<string, string>>(accountsFile(home), "the record of the accounts", texts) ?? {};
}

/** The permanent id of an account, or null where it has none yet. */
export function accountId(home: Home, account: string): string | null {
  return readAccountIds(home)[account] ?? null;
}

/** Names by id. */
export function accountNames(home: Home): Map<string, string> {
  return new Map(Object.entries(readAccountIds(home)).map(([name, id]) => [id, name]));
}

/** The permanent id of an account, given now where it has none. */
export function ensureAccountId(home: Home, account: string, id: string = randomUUID()): string {
  const ids = readAccountIds(home);
  const known = ids[account];
  if (known !== undefined) return known;
  writeAccountIds(home, { ...ids, [account]: id });
  return id;
}

/** Gives a new account its id. One that had the name before and was taken out of config.yaml was another account. */
export function assignAccountId(home: Home, account: string, id: string): void {
  writeAccountIds(home, { ...readAccountIds(home), [account]: id });
}

/** Forgets the id of an account that was never used (its creation was undone). */
export function forgetAccountId(home: Home, account: string): void {
  const { [account]: gone, ...rest } = readAccountIds(home);
  if (gone !== undefined) writeAccountIds(home, rest);
}

/** The id of an account goes with it to its new name. Whoever had that name before was another account. */
export function moveAccountId(home: Home, account: string, to: string, id: string): void {
  const { [account]: was, ...rest } = readAccountIds(home);
  if (was !== undefined && was !== id) return writeAccountIds(home, { [account]: was, ...rest, [to]: id });
  writeAccountIds(home, { ...rest, [to]: id });
}

/** A name an account had until some moment. */
export interface Renamed {
  readonly from: string;
  readonly to: string;
  readonly account: string;
  /** ISO time; of one that came back under another name, when it was removed: another account may have had its own since. */
  readonly at: string;
}

function renamesFile(home: Home): string {
  return join(home.records, "renames.json");
}

/** Every rename, as they were recorded. */
export function readRenames(home: Home): Renamed[] {
  const kept = readWhole<{ renames: Renamed[] }>(renamesFile(home), "the record of renames", ({ renames }) => Array.isArray(renames));
  return kept?.renames ?? [];
}

/**
 * The name an account has now.
 * @param at when it had the name, written like the beginning of a change's id (`20261122T225312123Z`)
 */
export function nameNow(home: Home, name: string, at: string): string {
  const later = readRenames(home).filter((renamed) => renamed.at.replace(/[-:.]/g, "") > at);
  later.sort((a, b) => (a.at < b.at ? -1 : 1));
  return later.reduce((now, { from, to }) => (now === from ? to : now), name);
}

export function recordRename(home: Home, renamed: Renamed): void {
  const known = readRenames(home);
  if (known.some(({ account, at }) => account === renamed.account && at === renamed.at)) return;
  writeRenames(home, [...known, renamed]);
}

/** Forgets a rename that was taken back before it was done. */
export function forgetRename(home: Home, id: string, began: string): void {
  const known = readRenames(home);
  const others = known.filter(({ account, at }) => account !== id || at !== began);
  if (others.length < known.length) writeRenames(home, others);
}

function writeRenames(home: Home, renames: readonly Renamed[]): void {
  makeDirectories(home.records);
  editFile(renamesFile(home), readText(renamesFile(home)), `${JSON.stringify({ renames }, null, 2)}\n`, 0o600);
}

/** What was known of an account when it was removed. */
export interface RemovedRecord {
  /** The name its instance was set aside under. */
  readonly dated: string;
  readonly account: string;
  /** Its permanent id. */
  readonly id: string;
  /** ISO time. */
  readonly at: string;
  readonly policy: ContextPolicy | null;
  readonly entry: EntryText;
  readonly keepLogin: boolean;
}

function removedOf(home: Home): string {
  return join(home.records, "removed");
}

export function readRemoved(home: Home): RemovedRecord[] {
  return readEach<RemovedRecord>(removedOf(home), "the record of a removed account");
}

export function recordRemoved(home: Home, removed: RemovedRecord): void {
  write(removedOf(home), removed.dated, removed);
}

function writeAccountIds(home: Home, ids: Record<string, string>): void {
  if (JSON.stringify(ids) === JSON.stringify(readAccountIds(home))) return;
  makeDirectories(home.records);
  editFile(accountsFile(home), readText(accountsFile(home)), `${JSON.stringify(ids, null, 2)}\n`, 0o600);
}

// ---- Records of one file each: written whole, which works where nothing can be appended (FAT) ----

function readEach<T extends object>(directory: string, what: string): T[] {
  return namesIn(directory).flatMap((name) => readWhole<T>(join(directory, name), what, () => true) ?? []);
}

function namesIn(directory: string): string[] {
  return (list(directory) ?? []).flatMap(({ name, kind }) => (name.endsWith(".json") && kind === "file" ? [name] : []));
}

function write(directory: string, name: string, record: unknown): void {
  const path = join(directory, `${name}.json`);
  const [text, next] = [readText(path), `${JSON.stringify(record, null, 2)}\n`];
  if (text === next) return;
  makeDirectories(directory);
  editFile(path, text, next, 0o600);
}

// ---- Records that only grow: one JSON object a line ----

/**
 * Lines of a growing record; one that a kill cut short is passed over, it was not yet relied on, and so is one that is not
 * what we write.
 * @param holds whether an object has what its reader needs
 */
export function readLines<T extends object>(path: string, holds: (line: Partial<Record<keyof T, unknown>>) => boolean): T[] {
  const lines: T[] = [];
  for (const line of (readText(path) ?? "").split("\n")) {
    if (line === "") continue;
    try {
      const value: unknown = JSON.parse(line);
      if (isObject(value) && holds(value as Partial<Record<keyof T, unknown>>)) lines.push(value as T);
    } catch {
      // cut short by a kill
    }
  }
  return lines;
}

/** Whether all of these are texts: what most lines of a record consist of. */
export function areTexts(...values: unknown[]): boolean {
  return values.every((value) => typeof value === "string");
}

function grow(path: string, above: string, lines: readonly unknown[]): void {
  if (lines.length === 0) return;
  makeDirectories(above);
  appendRecord(path, lines.map((l) => `${JSON.stringify(l)}\n`).join(""));
}

// ---- Groups: whose each session is ----

function groupFile(home: Home, group: string): string {
  return join(home.records, "groups", `${group}.jsonl`);
}

type GroupLine = SessionRecord | { readonly session?: undefined; readonly begins?: boolean; readonly members?: string[] };

function isGroupLine(line: { session?: unknown; how?: unknown; account?: unknown; members?: unknown }): boolean {
  if (line.session === undefined) return line.members === undefined || (Array.isArray(line.members) && areTexts(...line.members));
  return areTexts(line.session) && (line.how === "unknown" || ((line.how === "brought" || line.how === "alone") && areTexts(line.account)));
}

/** What is known of a group; null where nothing was ever recorded. */
export function readGroupRecord(home: Home, group: string): GroupRecord | null {
  const lines = readLines<GroupLine>(groupFile(home, group), isGroupLine);
  if (lines.length === 0) return null;
  const known = new Set<string>();
  const brought = new Map<string, string[]>();
  const alone = new Map<string, string>();
  let members: string[] | null = null;
  for (const line of lines) {
    if (line.session === undefined) {
      members = line.members ?? members;
      continue;
    }
    if (line.how === "brought") brought.set(line.session, [...(brought.get(line.session) ?? []), line.account]);
    if (line.how === "alone" && !known.has(line.session)) alone.set(line.session, line.account);
    known.add(line.session);
  }
  const first = lines[0];
  return { complete: first?.session === undefined && first?.begins === true, known, brought, alone, members };
}

/** @param begins the group is made now, by us: nothing was in it before */
export function beginGroupRecord(home: Home, group: string, begins: boolean): void {
  grow(groupFile(home, group), join(home.records, "groups"), [{ begins }]);
}

/** Who is in a group from now on. */
export function recordMembers(home: Home, group: string, members: readonly string[]): void {
  grow(groupFile(home, group), join(home.records, "groups"), [{ members }]);
}

export function recordSessions(home: Home, group: string, sessions: readonly SessionRecord[]): void {
  grow(groupFile(home, group), join(home.records, "groups"), sessions);
}

// ---- Forks: kept for good, so that what arrives later goes to the right session ----

interface ForkRecord {
  readonly account: string;
  readonly group: string;
  readonly session: string;
  readonly as: string;
}

/** Ids the sessions of an account got in a group, newest last, by the id they had. */
export function readForks(home: Home, account: string, group: string): Map<string, string[]> {
  const forks = new Map<string, string[]>();
  const isFork = (f: Partial<Record<keyof ForkRecord, unknown>>) => areTexts(f.account, f.group, f.session, f.as);
  for (const f of readLines<ForkRecord>(join(home.records, "forks.jsonl"), isFork)) {
    if (f.account !== account || f.group !== group) continue;
    const ids = (forks.get(f.session) ?? []).filter((as) => as !== f.as);
    forks.set(f.session, [...ids, f.as]);
  }
  return forks;
}

export function recordForks(home: Home, forks: readonly ForkRecord[]): void {
  grow(join(home.records, "forks.jsonl"), home.records, forks);
}

// ---- Changes of keys: the last of each account, so that it can be undone ----

/** A change of an account's keys that was carried out. */
export interface RecordedChange extends KeyChange {
  /** Permanent id. */
  readonly account: string;
}

function changesOf(home: Home): string {
  return join(home.records, "changes");
}

/** The last change of keys of each account, the latest last. */
export function readKeyChanges(home: Home): RecordedChange[] {
  return readEach<RecordedChange>(changesOf(home), "the record of a change").sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** Remembers a change of keys as the last of its account. */
export function recordKeyChange(home: Home, account: string, { id, at, before, after }: KeyChange): void {
  write(changesOf(home), account, { id, account, at, before, after });
}

/** Forgets the change that made an account whose creation was undone. */
export function forgetKeyChange(home: Home, account: string): void {
  removeOurs(join(changesOf(home), `${account}.json`));
}

// ---- Links: literal targets we made, which stay ours when CCS_DIR has moved ----

function linksFile(home: Home): string {
  return join(home.records, "links.jsonl");
}

/** Targets of links we made. */
export function recordedTargets(home: Home): Set<string> {
  return new Set(readLines<{ target: string }>(linksFile(home), ({ target }) => areTexts(target)).map((line) => line.target));
}

/** Remembers targets of links that are about to be made. */
export function recordTargets(home: Home, targets: readonly string[]): void {
  const known = recordedTargets(home);
  grow(
    linksFile(home),
    home.records,
    targets.filter((target) => !known.has(target)).map((target) => ({ target })),
  );
}

// ---- Settings: exactly the rules we added ----

function settingsFile(home: Home, id: string): string {
  return join(home.records, "settings", `${id}.json`);
}

/** The permission rules we put into an account's settings.json. */
export function readSettingsRules(home: Home, id: string): string[] {
  const isRules = ({ rules }: { rules?: unknown }) => Array.isArray(rules) && areTexts(...rules);
  return readWhole<{ rules: string[] }>(settingsFile(home, id), "the record of the permission rules ccs added", isRules)?.rules ?? [];
}

export function writeSettingsRules(home: Home, id: string, rules: readonly string[]): void {
  makeDirectories(join(home.records, "settings"));
  const path = settingsFile(home, id);
  editFile(path, readText(path), `${JSON.stringify({ rules }, null, 2)}\n`, 0o600);
}

/** Where the bytes of memory an account brought into a group are kept. */
export function broughtMemory(home: Home, id: string, group: string): string {
  return join(home.records, "memory", id, group);
}
