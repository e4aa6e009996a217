import { shown } from "./bytes.ts";
import { type Forks, mayBeCalled, type Place, placeOf, transcriptOf } from "./places.ts";
import type { Seen, Snapshot } from "./snapshot.ts";

export interface Allowed {
  /**
   * Whether set-aside files may have been dropped that are equal to, or a prefix of, what stands in the group: what
   * `doctor --fix` may do.
   */
  readonly dropped: boolean;
}

interface World {
  /** Directories that were not empty. */
  readonly filled: ReadonlySet<string>;
  /** What is there now, and what was there: by kind and by name. */
  readonly now: ReadonlyMap<string, Held[]>;
  readonly twins: ReadonlyMap<string, Held[]>;
  readonly forks: Forks;
  /** Every file there was, by content and time. */
  readonly files: ReadonlySet<string>;
  readonly allowed: Allowed;
}

interface Held {
  readonly path: string;
  readonly seen: Seen;
  readonly place: Place;
}

/**
 * What was there before and is not any more: a content, a name, a mode or a time, as sentences. Empty: nothing is lost.
 * Files people write (`config.yaml`, `settings.json`) and the program's own are looked at elsewhere.
 */
export function whatIsGone(before: Snapshot, after: Snapshot, allowed: Allowed): string[] {
  const forks = forksIn(after);
  const world: World = {
    now: heldIn(after),
    filled: new Set([...before.keys()].map((path) => path.split("/").slice(0, -1).join("/"))),
    twins: heldIn(before),
    forks,
    files: new Set([...before.values()].map(fileOf)),
    allowed,
  };
  const complaints: string[] = [];
  for (const [path, seen] of before) {
    const place = placeOf(path);
    if (place !== null) {
      if (isLinkToGroup(path, seen)) continue;
      const wrong = missing({ path, seen, place }, world);
      if (wrong !== null) complaints.push(`${shown(path)}: ${wrong}`);
    } else if (!isEdited(path) && !isOwn(path)) {
      const wrong = changed(seen, after.get(path));
      if (wrong !== null) complaints.push(`${shown(path)}: ${wrong}`);
    }
  }
  return complaints;
}

/** Files that may be edited, and the program's own. Memory that was kept for leaving is a person's. */
function isEdited(path: string): boolean {
  return path === "config.yaml" || /^instances\/[^/]+\/(?:settings|plugins\/[^/]+)\.json$/.test(path);
}

function isOwn(path: string): boolean {
  if (path.startsWith("state/records/memory/")) return false;
  return (
    /^(?:state|staging)(?:\/|$)/.test(path) ||
    /^set-aside\/[^/]+(?:\/index\.jsonl)?$/.test(path) ||
    /^set-aside\/[^/]+\/links(?:\/|$)/.test(path)
  );
}

function isLinkToGroup(path: string, seen: Seen): boolean {
  return seen.kind === "link" && path.split("/").length === 3 && seen.target.startsWith("<CCS>/shared/context-groups/");
}

/** For what nothing may touch. Directories change their time when something is made in them. */
function changed(before: Seen, after: Seen | undefined): string | null {
  if (after === undefined) return "gone";
  if (before.kind !== after.kind) return `was a ${before.kind}, is a ${after.kind}`;
  if (before.mode !== after.mode && before.kind !== "link") return `mode was ${before.mode.toString(8)}, is ${after.mode.toString(8)}`;
  if (before.kind === "directory") return null;
  if (before.hash !== after.hash || before.target !== after.target) return "content changed";
  return before.mtime === after.mtime ? null : "time changed";
}

function forksIn(tree: Snapshot): Forks {
  const forks = new Map<string, Set<string>>();
  for (const line of (tree.get("state/records/forks.jsonl")?.bytes.toString("utf8") ?? "").split("\n")) {
    if (!line.endsWith("}")) continue; // the last, cut short by a kill
    const { session, as } = JSON.parse(line) as { session: string; as: string };
    forks.set(session, (forks.get(session) ?? new Set()).add(as));
  }
  return forks;
}

/** Everything of a history, by kind and by name. */
function heldIn(tree: Snapshot): Map<string, Held[]> {
  const held = new Map<string, Held[]>();
  for (const [path, seen] of tree) {
    const place = placeOf(path);
    if (place === null) continue;
    const one = { path, seen, place };
    for (const key of [kindOf(one), nameOf(one)]) {
      const list = held.get(key);
      if (list) list.push(one);
      else held.set(key, [one]);
    }
  }
  return held;
}

/** What may be called alike at all. */
function kindOf({ seen, place }: Held): string {
  return `${place.artifact} ${seen.kind} ${place.rest.length}`;
}

/** What is called the same. */
function nameOf(held: Held): string {
  return `${kindOf(held)} ${held.place.rest.join("/")}`;
}

function missing(was: Held, world: World): string | null {
  const twin = (world.twins.get(nameOf(was)) ?? []).filter((other) => other.path !== was.path);
  const sameName = world.now.get(nameOf(was)) ?? [];
  if (sameName.length > 0 && missingUnder(was, sameName, twin, world) === null) return null;
  const alike = (world.now.get(kindOf(was)) ?? []).filter((now) => mayBeCalled(was.place, now.place, world.forks));
  return missingUnder(was, alike, twin, world);
}

/** @param named what there is now under the names it may have */
function missingUnder(was: Held, named: readonly Held[], twin: readonly Held[], world: World): string | null {
  const emptied = was.place.where === "set-aside" && was.seen.kind === "directory" && world.filled.has(was.path);
  if (world.allowed.dropped && emptied) return null;
  if (named.length === 0) return "no such name is left";
  switch (was.seen.kind) {
    case "directory":
      return missingDirectory(was, named, twin, world);
    case "file":
      return missingFile(was, named, twin, world);
    case "link":
      return missingTime(
        was,
        named.filter((now) => now.seen.target === was.seen.target),
        twin.filter((other) => other.seen.target === was.seen.target),
        "target",
      );
    case "other":
      return missingTime(
        was,
        named.filter((now) => now.seen.mode === was.seen.mode),
        [],
        "mode",
      );
  }
}

/** Directories on both sides become one: one mode of the two stays. */
function missingDirectory(was: Held, named: readonly Held[], twin: readonly Held[], world: World): string | null {
  if (was.place.rest.length === 0) return null;
  const modes = new Set([was, ...twin].map((d) => d.seen.mode));
  const kept = named.filter((now) => modes.has(now.seen.mode));
  if (kept.length === 0) return `mode ${was.seen.mode.toString(8)} is gone (${named.map((d) => d.seen.mode.toString(8)).join(", ")})`;
  if (world.filled.has(was.path) || twin.length > 0) return null;
  return kept.some((now) => now.seen.mtime === was.seen.mtime) ? null : "the time of an empty directory is gone";
}

function missingFile(was: Held, named: readonly Held[], twin: readonly Held[], world: World): string | null {
  const same = named.filter((now) => now.seen.hash === was.seen.hash);
  const continued = named.filter((now) => now.seen.bytes.length > was.seen.bytes.length && isPrefix(was.seen, now.seen));
  if (world.allowed.dropped && [...same, ...continued].some((now) => now.place.where === "group")) return null;
  const alike = same.filter((now) => now.seen.mode === was.seen.mode);
  // A longer one that was there before is another file: this one did not grow into it.
  const grown =
    transcriptOf(was.place) === null
      ? []
      : continued.filter((now) => now.place.rest[1] === was.place.rest[1] && !world.files.has(fileOf(now.seen)));
  if (grown.some((now) => now.seen.mode === was.seen.mode && now.seen.mtime >= was.seen.mtime)) return null;
  if (same.length === 0) return grown.length > 0 ? "was appended to, and lost its mode or went back in time" : "its content is gone";
  if (alike.length === 0) return `its mode ${was.seen.mode.toString(8)} is gone (${same.map((s) => s.seen.mode.toString(8)).join(", ")})`;
  return missingTime(
    was,
    alike,
    twin.filter((other) => other.seen.hash === was.seen.hash),
    "content",
  );
}

function fileOf({ hash, mtime }: Seen): string {
  return `${hash} ${mtime}`;
}

function isPrefix(part: Seen, whole: Seen): boolean {
  return whole.bytes.subarray(0, part.bytes.length).equals(part.bytes);
}

/** Where both sides held the same, the newer time is enough. */
function missingTime(was: Held, named: readonly Held[], twin: readonly Held[], what: string): string | null {
  if (named.length === 0) return `its ${what} is gone`;
  if (named.some((now) => now.seen.mtime === was.seen.mtime)) return null;
  const newer = twin.map((other) => other.seen.mtime).filter((at) => at > was.seen.mtime);
  if (named.some((now) => newer.includes(now.seen.mtime))) return null;
  return `its time is gone (${was.seen.mtime}; ${named.map((now) => now.seen.mtime).join(", ")})`;
}
