import { join } from "node:path";
import type { Home } from "../paths.ts";
import { appendRecord, look, makeDirectories } from "./disk.ts";
import { areTexts, readLines } from "./records.ts";

function conflictsFile(home: Home, group: string): string {
  return join(home.records, "conflicts", `${group}.jsonl`);
}

/** Remembers files that are about to be kept beside another of their name, until a person has dealt with them. */
export function recordConflicts(home: Home, group: string, conflicts: readonly { readonly path: string; readonly as: string }[]): void {
  const known = new Set(readConflicts(home, group));
  const fresh = conflicts.filter((c) => !known.has(c.as));
  if (fresh.length === 0) return;
  makeDirectories(join(home.records, "conflicts"));
  appendRecord(conflictsFile(home, group), fresh.map((c) => `${JSON.stringify(c)}\n`).join(""));
}

function readConflicts(home: Home, group: string): string[] {
  // A line cut short by a kill is written again by the change that wrote it.
  const lines = readLines<{ as: string }>(conflictsFile(home, group), ({ as }) => areTexts(as));
  return [...new Set(lines.map((line) => line.as))];
}

/** Conflict copies that still stand in a group: nobody has dealt with them yet. */
export function waitingConflicts(home: Home, group: string): string[] {
  return readConflicts(home, group).filter((path) => look(path) !== null);
}
