import { join } from "node:path";
import type { Home } from "../paths.ts";
import { INDEX } from "./apply.ts";
import { allAreas } from "./areas.ts";
import { list, look, readText } from "./disk.ts";
import type { SetAsideReason } from "./types.ts";

/** Something that had to give way and is kept. */
export interface SetAside {
  readonly path: string;
  /** The change that set it aside. */
  readonly change: string;
  /** Bytes when it was set aside. */
  readonly size: number;
  /** Bytes now; more than `size` means a client wrote into it since. */
  readonly sizeNow: number;
  readonly why: SetAsideReason;
  /** What stands in the group instead. */
  readonly beside: string;
}

/** Everything in set-aside that is still there. */
export function readSetAside(home: Home): SetAside[] {
  const found: SetAside[] = [];
  for (const area of allAreas(home)) {
    for (const change of list(area.setAside) ?? []) {
      if (change.kind !== "directory") continue;
      const root = join(area.setAside, change.name);
      const byPath = new Map<string, SetAside>();
      for (const line of (readText(join(root, INDEX)) ?? "").split("\n")) {
        const entry = parse(line);
        if (entry === null) continue;
        const path = join(root, entry.path);
        const facts = look(path);
        if (facts !== null)
          byPath.set(path, { ...entry, path, change: change.name, sizeNow: facts.kind === "directory" ? entry.size : facts.size });
      }
      found.push(...byPath.values());
    }
  }
  return found;
}

function parse(line: string): { path: string; size: number; why: SetAsideReason; beside: string } | null {
  if (line === "") return null;
  try {
    return JSON.parse(line) as { path: string; size: number; why: SetAsideReason; beside: string };
  } catch {
    return null; // cut short by a kill, before anything was moved
  }
}
