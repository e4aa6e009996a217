import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { isErrno, Unreadable } from "../errors.ts";

const LONGEST_NAME = 200;

/**
 * The name of a working directory's directory under `projects`: every character outside `[A-Za-z0-9]` as `-`.
 * @returns `null` over 200 characters, where the client cuts the name and appends a hash of its own
 */
export function projectDirectory(cwd: string): string | null {
  const name = cwd.replace(/[^A-Za-z0-9]/g, "-");
  return name.length > LONGEST_NAME ? null : name;
}

/** The names in a directory, or none where it cannot be listed or holds more than `most`. */
function names(directory: string, most: number): string[] {
  try {
    const found = readdirSync(directory);
    return found.length > most ? [] : found;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES", "ELOOP")) return [];
    throw isErrno(error) ? new Unreadable(directory, error) : error;
  }
}

/** When a file was last written, in milliseconds since the epoch, or `null` where there is none. */
export function writtenAt(path: string): number | null {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return null; // gone, a link that leads nowhere or to itself, or not ours to look at: no transcript to read either way
  }
}

/** The entries of a directory written since `since`, newest first. */
function newest(directory: string, entries: string[], since: number): string[] {
  const written: [path: string, at: number][] = [];
  for (const entry of entries) {
    const path = join(directory, entry);
    const at = writtenAt(path);
    if (at !== null && at >= since) written.push([path, at]);
  }
  return written.sort((a, b) => b[1] - a[1]).map(([path]) => path);
}

/**
 * The newest transcripts of the project that last got a new entry. It looks at no directory that holds more than `most`
 * entries, so that it costs a few milliseconds at the worst.
 * @param projects an instance's `projects`
 * @param since milliseconds since the epoch; older transcripts are left out
 */
export function newestTranscripts(projects: string, since: number, most: number): string[] {
  const project = newest(projects, names(projects, most), 0)[0];
  if (project === undefined) return [];
  const transcripts = names(project, most).filter((name) => name.endsWith(".jsonl"));
  return newest(project, transcripts, since);
}
