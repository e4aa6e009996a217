import { basename, dirname, join } from "node:path";
import { CcsError, isErrno } from "../errors.ts";
import { type Home, lasting, resolutionOf } from "../paths.ts";
import { has } from "./abilities.ts";
import { INDEX } from "./apply.ts";
import { type Area, groupArea } from "./areas.ts";
import { artifactOf, type Conflict, recordKept } from "./conflicts.ts";
import {
  appendRecord,
  drop,
  editFile,
  type Facts,
  flush,
  linkFile,
  list,
  look,
  Moved,
  makeDirectories,
  makeLink,
  moveDirectory,
  putAway,
  readText,
  removeEmptyDirectory,
  removeOurs,
  setLinkTimes,
  targetOf,
} from "./disk.ts";
import { stagingOf } from "./plan/slots.ts";

/** Which of two a person keeps: the one under the name, the one that arrived, or both as they stand. */
export type Keep = "both" | "this" | "that";

/** The intent of giving the one that arrived the name: on disk until it has it, and the other is set aside. */
export interface Resolution extends Conflict {
  readonly version: 1;
  /** Of the directory in set-aside. */
  readonly id: string;
  /** ISO time. */
  readonly began: string;
  /** What stood under the name when the choice was made; what is written there since was in no choice. Absent: nothing did. */
  readonly seen?: string | undefined;
}

/** Told after each step that was done. */
export type OnStep = (step: string) => void;

const ATTEMPTS = 20;

/**
 * Does what a person chose. What is not kept goes to set-aside. Under the lock, with nothing unfinished.
 * @returns where what was not kept is now; null where both stay
 * @throws CcsError refused, failed
 */
export function resolveLocked(home: Home, conflict: Conflict, keep: Keep, onStep: OnStep = () => undefined): string | null {
  if (keep === "both") {
    recordKept(home, conflict);
    return null;
  }
  const began = new Date().toISOString();
  // No id of a change: what is set aside here came with nobody who could take it back.
  const id = `${began.replace(/[-:.]/g, "")}.resolve.${conflict.group}`;
  const resolution: Resolution = { version: 1, ...conflict, began, id, seen: marksOf(look(conflict.this)) };
  return attempt(resolution, () => {
    if (keep === "this") return giveWay(home, resolution, conflict.that, onStep);
    if (look(conflict.that)?.kind === "file" && !has(areaOf(home, conflict), "hard links")) throw noHardLinks(conflict);
    makeDirectories(home.intents);
    const path = resolutionOf(home, conflict.group);
    editFile(path, readText(path), `${JSON.stringify(resolution, null, 2)}\n`, 0o600);
    onStep("intent");
    const aside = finishResolution(home, resolution, onStep);
    if (aside !== "written since") return aside;
    throw new CcsError("stale", `${conflict.path} was written at this moment`, {
      where: conflict.this,
      untouched: "What was written stands under the name, and the other beside it.",
      hint: `Look again: ccs group resolve ${conflict.group}`,
    });
  });
}

function marksOf(facts: Facts | null): string | undefined {
  return facts === null ? undefined : [facts.kind, facts.dev, facts.ino, facts.size, facts.mtime].join(" ");
}

/** Whether something else stands under the name than what a person saw there, or than the one they chose. */
export function isWrittenSince({ this: name, that, seen }: Resolution): boolean {
  const [now, chosen] = [look(name), look(that)];
  if (now === null || chosen === null || marksOf(now) === seen) return false;
  if (now.dev === chosen.dev && now.ino === chosen.ino) return false;
  return !(now.kind === "link" && chosen.kind === "link" && targetOf(name) === targetOf(that));
}

/** The choices that were begun and not ended. @throws CcsError refused where one cannot be read */
export function unfinishedResolutions(home: Home): Resolution[] {
  return (list(home.intents) ?? []).flatMap(({ name }) => {
    if (!name.endsWith(".resolve")) return [];
    const path = join(home.intents, name);
    try {
      const resolution = JSON.parse(readText(path) ?? "") as Resolution;
      if (resolution.version === 1 && resolutionOf(home, resolution.group) === path) return [resolution];
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    throw new CcsError("refused", "the record of an unfinished choice between two files cannot be read", {
      where: path,
      untouched: "Both files were left as they are.",
      hint: "It was written by another version of ccs: finish it with that one.",
    });
  });
}

/** Finishes them; one that cannot be finished keeps no other from it. Under the lock. @throws CcsError refused, failed */
export function finishResolutions(home: Home): void {
  const failures: unknown[] = [];
  for (const resolution of unfinishedResolutions(home)) {
    try {
      attempt(resolution, () => finishResolution(home, resolution));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/**
 * Looks, does the next step, and looks again, until the one that arrived has the name; or until it is seen that a client wrote
 * under the name after the choice: both stay then, to be chosen between again.
 * @returns where what had the name is now
 */
function finishResolution(home: Home, r: Resolution, onStep: OnStep = () => undefined): string | "written since" | null {
  const staged = join(stagingOf(areaOf(home, r), r.id), basename(r.that));
  let aside: string | null = null;
  for (let round = 0; round < ATTEMPTS; round++) {
    const that = look(r.that);
    const now = look(r.this);
    if (isWrittenSince(r)) {
      removeOurs(resolutionOf(home, r.group));
      return "written since";
    }
    if (that === null || (that.kind === "link" && now?.kind === "link" && targetOf(r.this) === targetOf(r.that))) {
      if (that !== null) giveWay(home, r, r.that, onStep);
      clear(home, r, staged, onStep);
      removeEmptyDirectory(dirname(staged));
      removeOurs(resolutionOf(home, r.group));
      return aside;
    }
    try {
      if (now === null) {
        takeName(r, that, onStep);
      } else if (now.ino === that.ino && now.dev === that.dev) {
        makeDirectories(dirname(staged));
        putAway(r.that, staged);
        onStep("staged");
      } else {
        aside = giveWay(home, r, r.this, onStep);
      }
    } catch (error) {
      if (!(error instanceof Moved)) throw error; // a client wrote there just now: looked at again
    }
  }
  throw new CcsError("busy", `${r.path} keeps changing while ccs works on it`, {
    where: r.this,
    untouched: "Nothing is lost: what was not finished is recorded and will be finished.",
    hint: "ccs doctor --fix",
  });
}

function takeName(r: Resolution, that: Facts, onStep: OnStep): void {
  if (that.kind === "directory") moveDirectory(r.that, r.this);
  else if (that.kind === "link") {
    makeLink(r.this, targetOf(r.that));
    setLinkTimes(r.this, that);
  } else linkFile(r.that, r.this);
  flush(dirname(r.this));
  onStep("named");
}

/** The name it arrived under goes, where it is only a second one: once a client has written under the first, it is the only one. */
function clear(home: Home, r: Resolution, staged: string, onStep: OnStep): void {
  const [facts, named] = [look(staged), look(r.this)];
  if (facts === null) return;
  if (named !== null && named.ino === facts.ino && named.dev === facts.dev) drop(staged, r.this);
  else giveWay(home, r, staged, onStep);
}

/** One of the two goes to set-aside, with a record of what stands instead. @returns where it is now */
function giveWay(home: Home, r: Resolution, from: string, onStep: OnStep): string {
  const facts = look(from);
  if (facts === null) throw new Moved(from);
  const root = join(areaOf(home, r).setAside, r.id);
  const wanted = join(root, dirname(r.path), basename(from));
  let to = wanted;
  for (let n = 2; look(to) !== null; n++) to = `${wanted}~${n}`;
  makeDirectories(dirname(to));
  // What is kept stands under the name, or will.
  const line = { path: to.slice(root.length + 1), size: facts.size, why: "not-kept", beside: lasting(home, r.this) };
  appendRecord(join(root, INDEX), `${JSON.stringify(line)}\n`);
  onStep("recorded");
  if (facts.kind === "directory") moveDirectory(from, to);
  else putAway(from, to);
  flush(dirname(to));
  flush(dirname(from));
  onStep("set aside");
  return to;
}

function areaOf(home: Home, { group, path }: Conflict): Area {
  return groupArea(home, group, artifactOf(path));
}

function noHardLinks(conflict: Conflict): CcsError {
  return new CcsError(
    "refused",
    "the filesystem has no hard links: the name cannot be given to the other without the danger of overwriting a file",
    {
      where: conflict.that,
      untouched: "Nothing was changed.",
      hint: `ccs group resolve ${conflict.group} --keep this, or --keep both`,
    },
  );
}

function attempt<T>(resolution: Resolution, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CcsError || (!isErrno(error) && !(error instanceof Moved))) throw error;
    throw new CcsError("failed", `the choice stopped half way: ${(error as Error).message}`, {
      where: resolution.this,
      untouched: "Nothing is lost: what was not finished is recorded and will be finished.",
      hint: "Mend the cause (a full disk, a permission), then: ccs doctor --fix",
      cause: error,
    });
  }
}
