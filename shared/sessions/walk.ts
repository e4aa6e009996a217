import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isErrno } from "../errors.ts";

/** A transcript as it stands on the disk. */
export interface Found {
  /** `<directory under projects>/<session id>`. */
  readonly key: string;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly mtime: number;
  readonly ino: number;
}

const TRANSCRIPT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.jsonl$/i;
const ENDING = ".jsonl".length;

/** What a walk comes by, in the order of the directories on the disk: the same as long as nothing comes or goes. */
export type Visit = (directory: string, name: string, size: number, mtime: number, ino: number) => void;

/**
 * Does something with a directory as the working directory: from there the system takes a third less time to find a file.
 * Whoever has a working directory to spare gives it; an editor has none.
 * @returns false where it was not done
 */
export type Within = (directory: string, work: () => void) => boolean;

/** The session a transcript in a directory under `projects` is of. */
export function keyOf(directory: string, name: string): string {
  return `${directory}/${name.slice(0, -ENDING)}`;
}

/**
 * Every transcript under a `projects` directory. Each is looked at: a client that goes on with an old session changes its
 * file and nothing else, so that no look at directories could stand for it. About 3 µs a transcript,
 * nearly all of it the system's.
 */
export function walk(projects: string, visit: Visit, within: Within = () => false): void {
  const each = (above: string) => {
    for (const project of entriesOf(projects)) {
      // Clients pass over links here, and make no name with a line break.
      if (!project.isDirectory() || project.name.includes("\n")) continue;
      visitEach(`${above}${project.name}`, project.name, visit);
    }
  };
  if (!within(projects, () => each(""))) each(`${projects}/`);
}

function visitEach(directory: string, project: string, visit: Visit): void {
  for (const name of namesIn(directory)) {
    if (!TRANSCRIPT.test(name)) continue;
    const stats = lookAt(`${directory}/${name}`);
    if (stats === null || !stats.isFile()) continue;
    visit(project, name, stats.size, stats.mtimeMs, stats.ino);
  }
}

/** The file a key stands for. */
export function transcriptOf(projects: string, key: string): string {
  return `${join(projects, key)}.jsonl`;
}

function entriesOf(projects: string) {
  try {
    return readdirSync(projects, { withFileTypes: true });
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    // Gone since the listing, or another user's: a client of this person cannot see into it either.
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES", "EPERM")) return [];
    throw error;
  }
}

function lookAt(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES", "EPERM")) return null;
    throw error;
  }
}
