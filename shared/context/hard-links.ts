import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { CcsError, isErrno } from "../errors.ts";
import type { Home } from "../paths.ts";
import { allAreas, type Area } from "./areas.ts";
import { createFile, linkFile, makeDirectories, removeOurs } from "./disk.ts";
import type { Plan } from "./types.ts";

/**
 * Refuses a plan that needs hard links where the filesystem has none (FAT, exFAT), before anything changes: without
 * them no file can be put under a name without the danger of overwriting another. Tried, not looked up: filesystem
 * types do not tell (FUSE).
 */
export function requireHardLinks(home: Home, plan: Plan): void {
  const needing = new Set<Area>();
  const areas = allAreas(home);
  for (const o of plan.operations) {
    const source = o.do === "link-file" ? o.from : o.do === "fork" ? o.staged : null;
    if (source === null) continue;
    const inside = areas.filter((a) => source.startsWith(`${a.staging}/`));
    const area = inside[0] ?? areas[0];
    if (area !== undefined) needing.add(area);
  }
  for (const area of needing) if (!hasHardLinks(area)) throw refusal(area, plan);
}

function hasHardLinks(area: Area): boolean {
  makeDirectories(area.staging);
  const probe = join(area.staging, `probe-${randomUUID()}`);
  try {
    createFile(probe, Buffer.alloc(0), 0o600);
    linkFile(probe, `${probe}.2`);
    return true;
  } catch (error) {
    if (isErrno(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK")) return false;
    throw error;
  } finally {
    removeOurs(`${probe}.2`);
    removeOurs(probe);
  }
}

function refusal(area: Area, plan: Plan): CcsError {
  return new CcsError("refused", `the filesystem has no hard links, and histories cannot be merged on it without the danger of overwriting a file`, {
    where: area.staging,
    untouched: "Nothing was changed.",
    hint: `Put the group (or all of ~/.ccs) on a filesystem with hard links, then run it again: ccs auth edit ${plan.intent.account}`,
  });
}
