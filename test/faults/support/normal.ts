import { bytesOf, shown } from "./bytes.ts";
import { placeOf } from "./places.ts";
import type { Seen, Snapshot } from "./snapshot.ts";

/** A tree with everything taken out that differs from run to run: each path with a line that says what stands there. */
export type Normal = ReadonlyMap<string, readonly string[]>;

/** What a tree held before the run: ids in it are not the run's. */
export interface Origin {
  readonly before: Snapshot;
  /** When it was frozen, microseconds since the epoch: what is newer was made by the run. */
  readonly frozen: number;
  /** Ids of accounts, sessions and messages in it. */
  readonly ids: ReadonlySet<string>;
  /** Ids of changes in it. */
  readonly changes: ReadonlySet<string>;
}

export function originOf(before: Snapshot, frozen: number): Origin {
  const ids = new Set<string>();
  for (const [path, seen] of before)
    for (const text of [path, seen.bytes.toString("latin1")]) for (const id of text.match(UUID) ?? []) ids.add(id);
  return { before, frozen, ids, changes: new Set([...before.keys()].flatMap((path) => path.match(CHANGE) ?? [])) };
}

const INDEX = /^set-aside\/[^/]+\/index\.jsonl$/;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const CHANGE = /\d{8}T\d{6,9}Z-([A-Za-z0-9._]+)-[0-9a-f]{4}/g;
/** How an instance is named that was set aside. */
const DATED = /\.\d{8}T\d{6,9}Z(?![-\d])/g;
/** How a choice between two files is named. */
const CHOICE = /\d{8}T\d{6,9}Z(?=\.resolve\.)/g;
const NOW = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** Ids chosen by chance become what they stand for: accounts and forks by what they were recorded for, changes by their account. */
export function normalise(tree: Snapshot, origin: Origin): Normal {
  return normalWith(tree, origin, contentOf);
}

/** Says the same of two trees only where a program that reads them sees no difference, bookkeeping included. */
export function stateOf(tree: Snapshot, origin: Origin): string {
  return Bun.hash(JSON.stringify([...normalWith(tree, origin, wholeContentOf)].sort())).toString(16);
}

type Content = (tree: Snapshot, path: string, seen: Seen, origin: Origin, rename: (text: string) => string) => string;

function normalWith(tree: Snapshot, origin: Origin, content: Content): Normal {
  const rename = renaming(tree, origin);
  const normal = new Map<string, string[]>();
  for (const [path, seen] of tree) {
    const name = rename(path);
    const lines = [...(normal.get(name) ?? []), describe(tree, path, seen, origin, rename, content)];
    normal.set(name, lines.sort());
  }
  return normal;
}

/** An index as it counts: of what is there, the last word on each. */
function indexLines(tree: Snapshot, path: string, text: string): string[] {
  const last = new Map<string, string>();
  for (const line of linesOf(text)) {
    const entry = parsed(line) as { path: string } | null;
    if (entry !== null) last.set(`${path.slice(0, -"index.jsonl".length)}${rawName(entry.path)}`, line);
  }
  return [...last].filter(([at]) => tree.has(at)).map(([, line]) => line);
}

/** A name as bytes.ts has it, from text in which lone surrogates U+DC80..U+DCFF stand for bytes that are not UTF-8. */
function rawName(text: string): string {
  return Array.from(text, (c) => {
    const code = c.charCodeAt(0);
    return c.length === 1 && code >= 0xdc80 && code <= 0xdcff ? String.fromCharCode(code - 0xdc00) : bytesOf(c);
  }).join("");
}

function renaming(tree: Snapshot, origin: Origin): (text: string) => string {
  const { ids: known, changes } = origin;
  const names = new Map<string, string>();
  const accounts = (parsed(textOf(tree, "state/records/accounts.json")) ?? {}) as Record<string, string>;
  for (const [account, id] of Object.entries(accounts)) if (!known.has(id)) names.set(id, `<id of ${account}>`);
  const times = new Map<string, number>();
  for (const line of linesOf(textOf(tree, "state/records/forks.jsonl"))) {
    const fork = parsed(line) as { group: string; session: string; as: string; account: string } | null;
    if (fork === null || known.has(fork.as) || names.has(fork.as)) continue;
    const of = `${fork.session} in ${fork.group} by ${names.get(fork.account) ?? fork.account}`;
    const nth = (times.get(of) ?? 0) + 1;
    times.set(of, nth);
    names.set(fork.as, `<fork ${nth} of ${of}>`);
  }
  return (text) =>
    text
      .replace(/(lock\.(?:new|clear)\.)\d+\./g, "$1<process>.")
      .replace(DATED, ".<date>")
      .replace(CHOICE, "<date>")
      .replace(CHANGE, (change, account: string) => (changes.has(change) ? change : `<change of ${account}>`))
      .replace(UUID, (id) => names.get(id) ?? (known.has(id) ? id : "<unknown id>"));
}

function textOf(tree: Snapshot, path: string): string {
  return tree.get(path)?.bytes.toString("latin1") ?? "";
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function describe(tree: Snapshot, path: string, seen: Seen, origin: Origin, rename: (text: string) => string, content: Content): string {
  const at = seen.mtime > origin.frozen ? "now" : String(seen.mtime);
  const names = seen.names === 1 ? "" : ` with ${seen.names} names`;
  switch (seen.kind) {
    case "directory":
      return `directory ${seen.mode.toString(8)} ${isContainer(path) ? "at any time" : at}`;
    case "link":
      return `link to ${rename(seen.target)} ${at}${names}`;
    case "other":
      return `special ${seen.mode.toString(8)} ${at}${names}`;
    case "file":
      return `file ${seen.mode.toString(8)} ${at}${names} ${content(tree, path, seen, origin, rename)}`;
  }
}

/** Directories the program makes to put things in: when the last one was put in says nothing about anybody's files. */
function isContainer(path: string): boolean {
  if (/^(?:state|staging|set-aside|shared)?$|^(?:state|staging|set-aside)\//.test(path)) return true;
  return /^instances(?:\/[^/]+)?$|^shared\/context-groups(?:\/[^/]+(?:\/continuity)?)?$/.test(path) || placeOf(path)?.rest.length === 0;
}

/** Records that grow say the same in any order and twice; a line that a kill cut short says nothing. */
function contentOf(tree: Snapshot, path: string, seen: Seen, origin: Origin, rename: (text: string) => string): string {
  const text = rename(seen.bytes.toString("latin1"));
  const recent = (whole: string) => withoutNow(whole, origin);
  if (INDEX.test(path)) return indexLines(tree, path, seen.bytes.toString("latin1")).map(rename).sort().join("\n");
  if (isRecord(path)) {
    const lines = linesOf(text).filter((line) => parsed(line) !== null);
    return recent([...new Set(lines)].sort().join("\n"));
  }
  if (path === "config.yaml" || path.startsWith("state/")) return recent(text);
  return seen.bytes.length < 400 ? text : `${text.length} bytes ${Bun.hash(text).toString(16)}`;
}

/** A text with the times in it that the run itself wrote as `<now>`. */
export function withoutNow(text: string, origin: Origin): string {
  return text.replace(NOW, (time) => (Date.parse(time) * 1000 > origin.frozen ? "<now>" : time));
}

/** Every byte counts, but for the lock's: of whoever held it, all that matters is that it is gone. */
function wholeContentOf(_tree: Snapshot, path: string, seen: Seen, origin: Origin, rename: (text: string) => string): string {
  if (path.startsWith("state/lock")) return seen.bytes.length === 0 ? "empty" : "a holder";
  return withoutNow(rename(seen.bytes.toString("latin1")), origin);
}

function isRecord(path: string): boolean {
  return path.startsWith("state/records/") && path.endsWith(".jsonl");
}

/** Where two trees differ, in sentences; at most `most`. */
export function differences(wanted: Normal, found: Normal, ignore: (path: string) => boolean, most = 12): string[] {
  const out: string[] = [];
  for (const path of new Set([...wanted.keys(), ...found.keys()])) {
    if (ignore(path)) continue;
    const [a, b] = [wanted.get(path), found.get(path)];
    if (String(a) === String(b)) continue;
    if (a === undefined) out.push(`${shown(path)}: should not be there: ${shown(String(b))}`);
    else if (b === undefined) out.push(`${shown(path)}: is missing: ${shown(String(a))}`);
    else out.push(`${shown(path)}:\n      wanted ${shown(String(a))}\n      found  ${shown(String(b))}`);
  }
  return out.length > most ? [...out.slice(0, most), `and ${out.length - most} more`] : out;
}
