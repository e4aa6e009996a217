import { dirname, join } from "node:path";
import { INDEX } from "../context/apply.ts";
import { type Area, allAreas } from "../context/areas.ts";
import { type Entry, list, real, removeEmptyDirectory, removeOurs } from "../context/disk.ts";
import { dropOne, EVERYTHING, eachHeld } from "../context/held.ts";
import { withLock } from "../context/lock.ts";
import { readSetAside, type SetAside } from "../context/set-aside.ts";
import type { Progress } from "../context/types.ts";
import type { Home } from "../paths.ts";

/** Drops what set-aside keeps and the groups hold, each name right after it was compared in full. Under the lock. */
export function dropHeld(home: Home, onProgress?: (progress: Progress) => void): void {
  withLock(home, "dropping what is kept twice", () => {
    const areas = allAreas(home);
    const entries = readSetAside(home, areas);
    entries.forEach((entry, index) => {
      if (isReally(areas, entry)) eachHeld(home, entry, { ...EVERYTHING }, dropOne);
      onProgress?.({ done: index + 1, total: entries.length });
    });
    const hollow = hollowIn(areas, readSetAside(home, areas));
    for (const directory of hollow.directories) remove(directory);
    for (const root of hollow.changes) forget(root);
  });
}

/** Whether an entry of an index names something below its change's directory: what an index says is not trusted further. */
export function isWithin(areas: readonly Area[], { path, change }: SetAside): boolean {
  return areas.some((area) => path.startsWith(`${join(area.setAside, change)}/`));
}

/** Whether it still is there with the links on its way followed: a link that was set aside leads elsewhere. */
function isReally(areas: readonly Area[], { path, change }: SetAside): boolean {
  const above = `${real(dirname(path))}/`;
  return areas.some((area) => above.startsWith(`${real(join(area.setAside, change))}/`));
}

/** What in set-aside is left of what is gone from it. */
export interface Hollow {
  /** Changes of which nothing is set aside any more but the record of it. */
  readonly changes: readonly string[];
  /** In other changes: directories we made, in which nothing stands any more. Those in one of them are not named. */
  readonly directories: readonly string[];
}

/** Finds what a removal that was cut short left behind. @param entries everything in set-aside that is there */
export function hollowIn(areas: readonly Area[], entries: readonly SetAside[]): Hollow {
  const kept = new Set(entries.map((entry) => entry.path));
  const all = changesIn(areas);
  const changes = all.filter((root) => (list(root) ?? []).every((entry) => isRecord(entry) || isHollow(root, entry, kept)));
  const others = all.filter((root) => !changes.includes(root));
  return { changes, directories: others.flatMap((root) => hollowUnder(root, kept)) };
}

function changesIn(areas: readonly Area[]): string[] {
  return areas.flatMap((area) =>
    (list(area.setAside) ?? []).flatMap(({ name, kind }) => (kind === "directory" ? [join(area.setAside, name)] : [])),
  );
}

function isRecord({ name, kind }: Entry): boolean {
  return name === INDEX && kind === "file";
}

/** A directory we made in which there is nothing but such directories; one that was set aside itself is none. */
function isHollow(above: string, { name, kind }: Entry, kept: ReadonlySet<string>): boolean {
  const path = join(above, name);
  return kind === "directory" && !kept.has(path) && (list(path) ?? []).every((entry) => isHollow(path, entry, kept));
}

function hollowUnder(directory: string, kept: ReadonlySet<string>): string[] {
  return (list(directory) ?? []).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.kind !== "directory" || kept.has(path)) return [];
    return isHollow(directory, entry, kept) ? [path] : hollowUnder(path, kept);
  });
}

/** Removes a hollow directory, the deepest first. */
function remove(directory: string): void {
  for (const { name } of list(directory) ?? []) remove(join(directory, name));
  removeEmptyDirectory(directory);
}

/** The record of a change goes last: a removal that is cut short is found and carried on by it. */
function forget(root: string): void {
  for (const entry of list(root) ?? []) if (!isRecord(entry)) remove(join(root, entry.name));
  removeOurs(join(root, INDEX));
  removeEmptyDirectory(root);
}
