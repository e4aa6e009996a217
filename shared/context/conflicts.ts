import { basename, join } from "node:path";
import { ARTIFACTS, type Artifact, groupArtifact } from "../artifacts.ts";
import type { Home } from "../paths.ts";
import { appendRecord, look, makeDirectories } from "./disk.ts";
import { areTexts, readLines } from "./records.ts";

/** Two that could not be one: what stands under the name, and what was kept beside it. */
export interface Conflict {
  readonly group: string;
  /** From the artifact on: `projects/-home-me-app/notes.md`. */
  readonly path: string;
  /** Where the one under the name stands. */
  readonly this: string;
  /** Where the one that arrived stands: `notes.from-work.md`. */
  readonly that: string;
}

/** One word on a file that is kept beside another; the last one counts. */
interface Line {
  readonly path: string;
  readonly as: string;
  /** A person has seen both, and wants both. */
  readonly kept?: "both";
}

function conflictsFile(home: Home, group: string): string {
  return join(home.records, "conflicts", `${group}.jsonl`);
}

/** Remembers files that are about to be kept beside another of their name, until a person has dealt with them. */
export function recordConflicts(home: Home, group: string, conflicts: readonly { readonly path: string; readonly as: string }[]): void {
  const known = new Set(lastWords(home, group).flatMap((line) => (line.kept === undefined ? [keyOf(line)] : [])));
  grow(
    home,
    group,
    conflicts.filter((c) => !known.has(keyOf(c))),
  );
}

/** Remembers that a person wants both. */
export function recordKept(home: Home, { group, path, that }: Conflict): void {
  grow(home, group, [{ path, as: that, kept: "both" }]);
}

function grow(home: Home, group: string, lines: readonly Line[]): void {
  if (lines.length === 0) return;
  makeDirectories(join(home.records, "conflicts"));
  appendRecord(conflictsFile(home, group), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/** The last word on each. A line cut short by a kill is written again by the change that wrote it. */
function lastWords(home: Home, group: string): Line[] {
  const lines = readLines<Line>(conflictsFile(home, group), ({ path, as }) => areTexts(path, as));
  return [...new Map(lines.map((line) => [keyOf(line), line])).values()];
}

/** One and the same wherever the group lies: `CCS_DIR` may have another place by now. */
function keyOf({ path, as }: Pick<Line, "path" | "as">): string {
  return `${path}/../${basename(as)}`;
}

/** The artifact a path begins with. */
export function artifactOf(path: string): Artifact {
  return ARTIFACTS.find(({ name }) => name === path.split("/")[0]) ?? (ARTIFACTS[0] as Artifact);
}

/** Where both stand now. */
function placesOf(home: Home, group: string, { path, as }: Line): Pick<Conflict, "this" | "that"> {
  const inside = path.split("/").slice(1, -1);
  const above = join(groupArtifact(home, group, artifactOf(path)), ...inside);
  return { this: join(above, basename(path)), that: join(above, basename(as)) };
}

/** What stands beside another of its name in a group, and nobody has dealt with yet. */
export function conflictsOf(home: Home, group: string): Conflict[] {
  return lastWords(home, group)
    .filter(({ kept }) => kept === undefined)
    .map((line) => ({ group, path: line.path, ...placesOf(home, group, line) }))
    .filter(({ that }) => look(that) !== null);
}

/** Where they stand. */
export function waitingConflicts(home: Home, group: string): string[] {
  return conflictsOf(home, group).map(({ that }) => that);
}
