import type { Buffer } from "node:buffer";
import { join } from "node:path";
import type { Artifact } from "../../artifacts.ts";
import { CcsError } from "../../errors.ts";
import { commonLength, type Entry, type Facts, isForeign, type Kind, list, look, read, targetOf } from "../disk/look.ts";
import type { SetAsideReason } from "../types.ts";
import { conflictName } from "./conflict-names.ts";
import type { Steps } from "./steps.ts";
import { forkTranscript, isSessionId, type Relation, relate, sessionOf } from "./transcripts.ts";

/** What a merge of one tree into one artifact of a group needs to know. */
export interface Merge {
  readonly steps: Steps;
  readonly artifact: Artifact;
  /** The arriving account, as conflict names show it. */
  readonly account: string;
  /** Where the tree lay as the account saw it: what relative links in it are relative to. */
  readonly home: string;
  /**
   * `move`: the tree lies in staging, is linked in and cleared away. `link`: a client still runs on it; only what is
   * free is linked in, everything else waits until the tree has been moved aside.
   */
  readonly mode: "move" | "link";
  /** Look at every name in the group itself: listings do not tell names that differ in case only. */
  readonly careful: boolean;
  /** When the change began, in nanoseconds since the epoch. */
  readonly began: bigint;
  /** A free staging slot on the group's filesystem, for what the group holds and the arriving one replaces. */
  readonly giveWay: (relative: string) => string;
  /** Where a directory is built of links before it is moved in. */
  readonly build: (relative: string) => string;
  /** Where something goes that is set aside, on the filesystem of the arriving tree. */
  readonly aside: (relative: string) => string;
  /** Where a fork is written before it is linked in. */
  readonly forkStaging: (project: string, as: string) => string;
  /** Under which id each session of the account goes into the group with this change; decided where its transcript is. */
  readonly settled: Map<string, string>;
  /** Ids the account's diverged sessions got, oldest first. */
  readonly forks: ReadonlyMap<string, readonly string[]>;
  /** The id of a session that arrived before: what belongs to it and arrives now goes there. */
  readonly follows: (session: string) => string;
  /** Sessions a client had open while this tree was moved aside: what it wrote since is their continuation, never another branch. */
  readonly live: ReadonlySet<string>;
  /** Whether the group holds a session of that id under another project: the client then resumes neither. */
  readonly elsewhere: (session: string, project: string) => boolean;
  /** A new id for a diverged session, recorded before anything is written. */
  readonly newFork: (session: string, project: string) => string;
  /** Told of every session that will be in the group under this name because of this tree. */
  readonly arrived: (session: string) => void;
  /** Whether nothing can belong to another user (root), so that no file has to be asked for it. */
  readonly almighty: boolean;
  /** Told of what belongs to another user and would have to be moved, linked or written to. */
  readonly foreign: (path: string) => void;
}

/** Where in the tree: names from the artifact's root. */
type At = readonly string[];

/**
 * Plans the merge of a tree into a group's artifact: every entry ends in the group, or equal to something there, or set
 * aside; nothing in the group is overwritten.
 * @param walk where the tree can be read now
 * @param from where it will lie when the plan is applied
 * @param to the artifact's directory in the group
 */
export function planMerge(m: Merge, walk: string, from: string, to: string): void {
  const there = list(to);
  const arriving = list(walk) ?? [];
  const sameNames = arriving.every((entry) => nameInGroup(m, [], entry.name, new Map()) === entry.name);
  if (m.mode === "move" && sameNames && !strayLinks(m, walk, [], arriving) && (there === null || there.length === 0)) {
    if (isOthers(m, walk)) return;
    countSessions(m, walk, arriving);
    m.steps.main.push({ do: "move-directory", from, to });
    return;
  }
  mergeDirectory(m, { walk, from, to, at: [], came: [] });
}

interface Place {
  readonly walk: string;
  readonly from: string;
  readonly to: string;
  /** By the names it has in the group. */
  readonly at: At;
  /** By the names it came with. */
  readonly came: At;
}

/** Transcripts first: whether a session forks decides where its directories go. */
function sessionsFirst(entries: readonly Entry[]): Entry[] {
  return [...entries.filter((e) => sessionOf(e.name) !== null), ...entries.filter((e) => sessionOf(e.name) === null)];
}

/** Whether something arriving is another user's: reported, and left out of the plan, which is refused. */
function isOthers(m: Merge, walk: string): boolean {
  if (m.almighty) return false;
  const facts = look(walk);
  if (facts === null || !isForeign(facts)) return false;
  m.foreign(walk);
  return true;
}

/** Whether a directory of the group that has to take something in is another user's. */
function isClosed(m: Merge, to: string): boolean {
  const facts = look(to);
  if (facts === null || !isForeign(facts) || (facts.mode & 0o022) !== 0) return false;
  m.foreign(to);
  return true;
}

function mergeDirectory(m: Merge, place: Place): void {
  if (isOthers(m, place.walk) || isClosed(m, place.to)) return;
  const there = new Map((list(place.to) ?? []).map((e) => [e.name, e.kind]));
  const entries = list(place.walk);
  if (entries === null) throw new CcsError("failed", "a directory disappeared while it was being read", { where: place.walk });
  const forked = new Map<string, string>();
  for (const entry of sessionsFirst(entries)) {
    const name = nameInGroup(m, place.at, entry.name, forked);
    const next: Place = {
      walk: join(place.walk, entry.name),
      from: join(place.from, entry.name),
      to: join(place.to, name),
      at: [...place.at, name],
      came: [...place.came, entry.name],
    };
    const kind = m.careful ? look(next.to)?.kind : there.get(name);
    if (kind === undefined) arrive(m, entry.kind, next, forked);
    else meet(m, entry.kind, kind, next, forked);
  }
  if (m.mode === "move") m.steps.sweep.push({ do: "remove-directory", path: place.from });
}

/** Entries named after a session follow it where it forked. */
function nameInGroup(m: Merge, at: At, name: string, forked: ReadonlyMap<string, string>): string {
  const perSession = (m.artifact.name === "projects" && at.length === 1) || (m.artifact.perSession && at.length === 0);
  if (!perSession) return name;
  if (m.artifact.name === "projects") return isSessionId(name) ? (forked.get(name) ?? idInGroup(m, name)) : name;
  const session = name.slice(0, 36);
  if (!isSessionId(session)) return name;
  const as = idInGroup(m, session);
  return as === session ? name : name.replaceAll(session, as);
}

/** The id a session has in the group: as it arrives now, or else as it arrived last. */
function idInGroup(m: Merge, session: string): string {
  return m.settled.get(session) ?? m.follows(session);
}

function isTranscript(m: Merge, at: At): boolean {
  return m.artifact.name === "projects" && at.length === 2 && sessionOf(at[1] as string) !== null;
}

function countSessions(m: Merge, walk: string, entries: readonly Entry[], depth = 0): void {
  if (m.artifact.name !== "projects") return;
  for (const entry of entries) {
    if (depth === 0 && entry.kind === "directory") countSessions(m, walk, list(join(walk, entry.name)) ?? [], 1);
    const session = depth === 1 && entry.kind === "file" ? sessionOf(entry.name) : null;
    if (session !== null) sessionArrives(m, session);
  }
}

function sessionArrives(m: Merge, session: string): void {
  m.steps.summary.sessionsIn += 1;
  m.settled.set(session, session);
  m.arrived(session);
}

/** A relative link's target from its new place: within the tree it moves with as it is, out of it as the absolute path it led to. */
function targetFromHome(m: Merge, walk: string, came: At): string {
  const target = targetOf(walk);
  if (target.startsWith("/")) return target;
  const led = join(m.home, ...came, "..", target);
  return led === m.home || led.startsWith(`${m.home}/`) ? target : led;
}

/** Whether relative links that lead out of the tree stand where links were seen: in projects, beside the sessions. */
function strayLinks(m: Merge, walk: string, came: At, entries: readonly Entry[]): boolean {
  return entries.some((entry) => {
    const path = join(walk, entry.name);
    if (entry.kind === "link") return targetFromHome(m, path, [...came, entry.name]) !== targetOf(path);
    const deeper = entry.kind === "directory" && m.artifact.name === "projects" && came.length === 0;
    return deeper && strayLinks(m, path, [entry.name], list(path) ?? []);
  });
}

/** Nothing of that name in the group. */
function arrive(m: Merge, kind: Kind, place: Place, forked: Map<string, string>): void {
  const { main, sweep } = m.steps;
  if (isOthers(m, place.walk)) return;
  if (kind === "directory") return arriveDirectory(m, place);
  if (isTranscript(m, place.at) && kind === "file") {
    const session = sessionOf(place.at[1] as string) as string;
    if (m.elsewhere(session, place.at[0] as string)) {
      const facts = look(place.walk);
      if (m.mode === "move" && facts !== null) fork(m, place, facts, forked);
      return;
    }
    sessionArrives(m, session);
  }
  if (kind === "link") {
    const facts = look(place.walk);
    if (facts === null) return;
    main.push({ do: "make-link", path: place.to, target: targetFromHome(m, place.walk, place.came), times: facts });
    if (m.mode === "move") setAside(m, place, facts, "link", place.to);
    return;
  }
  main.push({ do: "link-file", from: place.from, to: place.to });
  if (m.mode === "move") sweep.push({ do: "drop", path: place.from, kept: place.to });
}

/** A directory the group does not have: moved as it is, unless a session in it has to get another id. */
function arriveDirectory(m: Merge, place: Place): void {
  if (m.artifact.name === "projects" && place.at.length === 1) {
    const entries = list(place.walk) ?? [];
    const sessions = entries.flatMap((e) => (e.kind === "file" ? (sessionOf(e.name) ?? []) : []));
    if (sessions.some((s) => m.elsewhere(s, place.at[0] as string)) || strayLinks(m, place.walk, place.came, entries)) {
      m.steps.main.push({ do: "make-directory", path: place.to, mode: look(place.walk)?.mode });
      return mergeDirectory(m, place);
    }
    countSessions(m, place.walk, entries, 1);
  }
  if (m.mode === "move") m.steps.main.push({ do: "move-directory", from: place.from, to: place.to });
  else {
    // Built out of sight and moved in whole: nobody sees it half made, and its times are its own from the start.
    const built = m.build(place.at.join("/"));
    linkTree(m, place.walk, built);
    m.steps.main.push({ do: "move-directory", from: built, to: place.to });
  }
}

/** A directory the group does not have, while a client still runs on it: made anew, its files linked. */
function linkTree(m: Merge, walk: string, to: string): void {
  const facts = look(walk);
  if (facts === null) return;
  m.steps.main.push({ do: "make-directory", path: to, mode: facts.mode | 0o700 });
  for (const entry of list(walk) ?? []) {
    const from = join(walk, entry.name);
    if (entry.kind === "directory") linkTree(m, from, join(to, entry.name));
    else if (entry.kind === "link") {
      const link = look(from);
      if (link !== null) m.steps.main.push({ do: "make-link", path: join(to, entry.name), target: targetOf(from), times: link });
    } else m.steps.main.push({ do: "link-file", from, to: join(to, entry.name) });
  }
  m.steps.main.push({ do: "set-times", path: to, times: facts, mode: facts.mode });
}

/** Something of that name on both sides. */
function meet(m: Merge, kind: Kind, thereKind: Kind, place: Place, forked: Map<string, string>): void {
  if (kind === "directory" && thereKind === "directory") return mergeDirectory(m, place);
  const facts = look(place.walk);
  const there = look(place.to);
  if (facts === null) return;
  if (there === null) return arrive(m, kind, place, forked);
  for (const [path, of] of [
    [place.walk, facts],
    [place.to, there],
  ] as const)
    if (of.kind === "file" && isForeign(of)) return m.foreign(path);
  if (facts.dev === there.dev && facts.ino === there.ino && kind !== "directory") {
    if (m.mode === "move") m.steps.sweep.push({ do: "drop", path: place.from, kept: place.to });
    if (isTranscript(m, place.at)) sessionArrives(m, sessionOf(place.at[1] as string) as string);
    return;
  }
  if (m.mode === "link") return; // waits until the tree is moved aside
  if (kind === "file" && thereKind === "file") return meetFile(m, place, facts, there, forked);
  if (kind === "link" && thereKind === "link" && targetFromHome(m, place.walk, place.came) === targetOf(place.to)) {
    // One made by this very change and not yet given its time is the arriving one, not a newer one.
    if (facts.mtime > there.mtime || there.mtime >= m.began) m.steps.main.push({ do: "set-times", path: place.to, times: facts });
    return setAside(m, place, facts, "link", place.to);
  }
  keepBoth(m, kind, facts, place);
}

function meetFile(m: Merge, place: Place, facts: Facts, there: Facts, forked: Map<string, string>): void {
  const common = commonLength(place.walk, place.to);
  if (common === facts.size && common === there.size) {
    if (isTranscript(m, place.at)) sessionKnown(m, place, "sessionsKnown");
    if (facts.mtime > there.mtime) m.steps.main.push({ do: "set-times", path: place.to, times: facts });
    return setAside(m, place, facts, "same", place.to);
  }
  if (!isTranscript(m, place.at)) return keepBoth(m, "file", facts, place);
  const seen = relate(read(place.walk), read(place.to), common);
  const relation = seen === "diverged" && m.live.has(sessionOf(place.at[1] as string) as string) ? "tail" : seen;
  if (relation === "diverged") return fork(m, place, facts, forked);
  sessionKnown(m, place, relation === "tail" || relation === "tail-there" ? "sessionsAppended" : "sessionsKnown");
  continueTranscript(m, place, facts, there, relation);
}

/** A session both sides hold: the account brought it as well. */
function sessionKnown(m: Merge, place: Place, count: "sessionsKnown" | "sessionsAppended"): void {
  const session = sessionOf(place.at[1] as string) as string;
  m.steps.summary[count] += 1;
  m.settled.set(session, session);
  m.arrived(session);
}

/** Two transcripts of which one continues the other. */
function continueTranscript(m: Merge, place: Place, facts: Facts, there: Facts, relation: Relation): void {
  const { main, sweep } = m.steps;
  switch (relation) {
    case "longer":
    case "tail-there": {
      const given = m.giveWay(place.at.join("/"));
      main.push({ do: "stage", from: place.to, to: given }, { do: "link-file", from: place.from, to: place.to });
      if (relation === "tail-there") main.push({ do: "append-tail", from: given, to: place.to });
      sweep.push({ do: "drop", path: place.from, kept: place.to });
      setAside(m, { ...place, walk: place.to, from: given }, there, relation === "longer" ? "shorter" : "tail", place.to);
      return;
    }
    case "tail":
      main.push({ do: "append-tail", from: place.from, to: place.to });
      return setAside(m, place, facts, "tail", place.to);
    default:
      return setAside(m, place, facts, relation === "same" ? "same" : "shorter", place.to);
  }
}

/** Both stay resumable: the arriving one gets an id of its own. */
function fork(m: Merge, place: Place, facts: Facts, forked: Map<string, string>): void {
  const [project, file] = place.at as [string, string];
  const session = sessionOf(file) as string;
  const bytes = read(place.walk);
  const earlier = (m.forks.get(session) ?? []).filter((as) => as !== session);
  for (const as of [...earlier, null]) {
    const id = as ?? m.newFork(session, project);
    const target = join(place.to, "..", `${id}.jsonl`);
    const there = look(target);
    const written = forkTranscript(bytes, session, id);
    const arriving = join(place.walk, "..", `${id}.jsonl`);
    if (there === null && look(arriving)?.kind === "file") {
      // A fork made before that comes back with the session it was made of.
      if (commonWith(written, read(arriving)) < written.length) continue;
      forked.set(session, id);
      m.settled.set(session, id);
      return setAside(m, place, facts, "forked", target);
    }
    if (there !== null) {
      // A fork made before, by this account: the same, or continued since.
      if (there.kind !== "file") continue;
      const held = read(target);
      if (commonWith(written, held) === written.length) {
        forked.set(session, id);
        m.settled.set(session, id);
        m.steps.summary.sessionsKnown += 1;
        m.arrived(id);
        const left = m.forkStaging(project, id);
        if (look(left) !== null) m.steps.sweep.push({ do: "drop", path: left, kept: target });
        return setAside(m, place, facts, "forked", target);
      }
      continue;
    }
    forked.set(session, id);
    m.settled.set(session, id);
    m.steps.summary.forks.push({ project, session, as: id });
    m.arrived(id);
    const staged = m.forkStaging(project, id);
    const begun = look(staged);
    if (begun !== null && commonWith(written, read(staged)) < begun.size) {
      m.steps.main.push({ do: "set-aside", from: staged, to: m.aside(staged), size: begun.size, why: "in-the-way", beside: target });
    }
    m.steps.main.push({ do: "fork", from: place.from, staged, to: target, session, as: id });
    m.steps.sweep.push({ do: "drop", path: staged, kept: target });
    return setAside(m, place, facts, "forked", target);
  }
}

/** How many leading bytes of one are those of the other, as far as both reach; 0 where they differ. */
function commonWith(a: Buffer, b: Buffer): number {
  const common = Math.min(a.length, b.length);
  return a.compare(b, 0, common, 0, common) === 0 ? common : 0;
}

/** Both stay, the arriving one under a name that says where it is from. */
function keepBoth(m: Merge, kind: Kind, facts: Facts, place: Place): void {
  const name = place.at.at(-1) as string;
  const inProject = m.artifact.name === "projects" && place.at.length === 2;
  for (let nth = 1; ; nth++) {
    const made = conflictName(name, m.account, nth, inProject);
    if (made === null) return setAside(m, place, facts, "name", place.to);
    const target = join(place.to, "..", made);
    const there = look(target);
    const at = [...place.at.slice(0, -1), made];
    if (there === null) {
      m.steps.summary.conflicts.push({ path: `${m.artifact.name}/${place.at.join("/")}`, as: target });
      return arrive(m, kind, { ...place, to: target, at }, new Map());
    }
    if (there.dev === facts.dev && there.ino === facts.ino) {
      m.steps.sweep.push({ do: "drop", path: place.from, kept: target });
      return;
    }
    if (kind === "file" && there.kind === "file" && there.size === facts.size && commonLength(place.walk, target) === facts.size) {
      return setAside(m, place, facts, "same", target);
    }
    if (kind === "link" && there.kind === "link" && targetFromHome(m, place.walk, place.came) === targetOf(target)) {
      if (there.mtime >= m.began) m.steps.main.push({ do: "set-times", path: target, times: facts });
      return setAside(m, place, facts, "link", target);
    }
  }
}

function setAside(m: Merge, place: Place, facts: Facts, why: SetAsideReason, beside: string): void {
  m.steps.summary.setAside += 1;
  m.steps.sweep.push({ do: "set-aside", from: place.from, to: m.aside(place.came.join("/")), size: facts.size, why, beside });
}
