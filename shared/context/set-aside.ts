import { join } from "node:path";
import { type Home, instanceOf, lastingNow } from "../paths.ts";
import { INDEX } from "./apply.ts";
import { type Area, allAreas } from "./areas.ts";
import { list, look } from "./disk.ts";
import { areTexts, nameNow, readLines } from "./records.ts";
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
export function readSetAside(home: Home, areas: readonly Area[] = allAreas(home)): SetAside[] {
  const found: SetAside[] = [];
  for (const area of areas) {
    for (const change of list(area.setAside) ?? []) {
      if (change.kind !== "directory") continue;
      const root = join(area.setAside, change.name);
      const byPath = new Map<string, SetAside>();
      // A line cut short by a kill was written before anything was moved.
      for (const entry of readLines<IndexLine>(join(root, INDEX), isIndexLine)) {
        const path = join(root, entry.path);
        const beside = besideNow(home, lastingNow(home, entry.beside), change.name);
        const facts = look(path);
        if (facts !== null)
          byPath.set(path, { ...entry, beside, path, change: change.name, sizeNow: facts.kind === "directory" ? entry.size : facts.size });
      }
      found.push(...byPath.values());
    }
  }
  return found;
}

interface IndexLine {
  readonly path: string;
  readonly size: number;
  readonly why: SetAsideReason;
  readonly beside: string;
}

function isIndexLine({ path, size, why, beside }: Partial<Record<keyof IndexLine, unknown>>): boolean {
  return areTexts(path, why, beside) && typeof size === "number";
}

/** What stands in an instance stands elsewhere once its account has another name. */
function besideNow(home: Home, beside: string, change: string): string {
  if (!beside.startsWith(`${home.instances}/`)) return beside;
  const [account = "", ...rest] = beside.slice(home.instances.length + 1).split("/");
  return join(instanceOf(home, nameNow(home, account, timeOf(change))), ...rest);
}

/** When a change began, as its id says. */
export function timeOf(change: string): string {
  return change.split("-")[0] ?? change;
}
