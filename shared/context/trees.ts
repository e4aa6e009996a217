import { join } from "node:path";
import { commonLength, list, look, targetOf } from "./disk.ts";

/**
 * Whether a copy holds everything its source does: names, kinds, bytes and link targets. What cannot be copied (FIFOs,
 * sockets, devices) may be missing in it.
 */
export function sameTree(source: string, copy: string): boolean {
  const a = look(source);
  const b = look(copy);
  if (a === null) return false;
  if (a.kind === "other") return true;
  if (b === null || a.kind !== b.kind) return false;
  if (a.kind === "link") return targetOf(source) === targetOf(copy);
  if (a.kind === "file") return a.size === b.size && commonLength(source, copy) === a.size;
  return (list(source) ?? []).every((entry) => sameTree(join(source, entry.name), join(copy, entry.name)));
}
