import { dirname, join } from "node:path";
import { INDEX } from "../context/apply.ts";
import { type Area, allAreas } from "../context/areas.ts";
import { drop, dropCompared, list, real, removeEmptyDirectory, removeOurs } from "../context/disk.ts";
import { withLock } from "../context/lock.ts";
import { readSetAside, type SetAside } from "../context/set-aside.ts";
import type { Progress } from "../context/types.ts";
import type { Home } from "../paths.ts";
import { EVERYTHING, eachHeld, type Held } from "./held.ts";

/** Drops what set-aside keeps and the groups hold, each name right after it was compared in full. Under the lock. */
export function dropHeld(home: Home, onProgress?: (progress: Progress) => void): void {
  withLock(home, "dropping what is kept twice", () => {
    const areas = allAreas(home);
    const entries = readSetAside(home);
    entries.forEach((entry, index) => {
      if (isReally(areas, entry)) eachHeld(home, entry, { ...EVERYTHING }, dropOne);
      onProgress?.({ done: index + 1, total: entries.length });
    });
    const kept = new Set(readSetAside(home).map((s) => s.path));
    for (const root of changesIn(areas)) {
      prune(root, kept);
      if (isEmptied(root)) forget(root);
    }
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

/** Changes of which nothing is set aside any more but the record of it. */
export function emptiedChanges(areas: readonly Area[]): string[] {
  return changesIn(areas).filter(isEmptied);
}

function changesIn(areas: readonly Area[]): string[] {
  return areas.flatMap((area) =>
    (list(area.setAside) ?? []).flatMap(({ name, kind }) => (kind === "directory" ? [join(area.setAside, name)] : [])),
  );
}

function isEmptied(root: string): boolean {
  return (list(root) ?? []).every(({ name, kind }) => name === INDEX && kind === "file");
}

function dropOne({ path, kind, twin }: Held): void {
  if (kind === "directory") removeEmptyDirectory(path);
  else if (twin !== null) drop(path, twin);
  else dropCompared(path);
}

/** Removes the empty directories we made above what was set aside; a directory that was set aside itself stays. */
function prune(directory: string, kept: ReadonlySet<string>): void {
  for (const { name, kind } of list(directory) ?? []) {
    const path = join(directory, name);
    if (kind !== "directory" || kept.has(path)) continue;
    prune(path, kept);
    removeEmptyDirectory(path);
  }
}

function forget(root: string): void {
  removeOurs(join(root, INDEX));
  removeEmptyDirectory(root);
}
