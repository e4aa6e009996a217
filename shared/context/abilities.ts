import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { CcsError, isErrno } from "../errors.ts";
import type { Home } from "../paths.ts";
import { type Area, allAreas } from "./areas.ts";
import {
  createFile,
  firstThere,
  follow,
  linkFile,
  list,
  look,
  makeDirectories,
  makeLink,
  moveDirectory,
  removeEmptyDirectory,
  removeOurs,
} from "./disk.ts";
import type { Plan } from "./types.ts";

type Ability = "hard links" | "symbolic links";

/**
 * Refuses a plan that needs what a filesystem does not have (FAT and exFAT have neither hard nor symbolic links), before
 * anything changes. Without hard links no file can be put under a name without the danger of overwriting another.
 * Tried, not looked up: the type of a filesystem does not tell (FUSE).
 */
export function requireAbilities(home: Home, plan: Plan): void {
  const tried = new Set<string>();
  const areas = allAreas(home).map((area) => ({ area, dev: deviceOf(area.staging) }));
  const devices = new Map<string, bigint | null>();
  for (const o of plan.operations) {
    const ability = o.do === "link-file" || o.do === "fork" ? "hard links" : o.do === "make-link" ? "symbolic links" : null;
    if (ability === null) continue;
    const path = "to" in o ? o.to : "path" in o ? o.path : "";
    const directory = dirname(path);
    if (!devices.has(directory)) devices.set(directory, deviceOf(directory));
    const dev = devices.get(directory);
    const area = areas.find((a) => a.dev === dev)?.area;
    if (area === undefined || tried.has(`${ability} ${area.staging}`)) continue;
    tried.add(`${ability} ${area.staging}`);
    if (!has(area, ability)) throw refusal(area, ability, plan);
  }
}

function deviceOf(path: string): bigint | null {
  return follow(firstThere(path))?.dev ?? null;
}

/** Whether the filesystem an area lies on has an ability. */
export function has(area: Area, ability: Ability): boolean {
  const missing: string[] = [];
  for (let path = area.staging; follow(path) === null; path = dirname(path)) missing.push(path);
  makeDirectories(area.staging);
  const probe = join(area.staging, `probe-${randomUUID()}`);
  try {
    createFile(probe, Buffer.alloc(0), 0o600);
    if (ability === "hard links") linkFile(probe, `${probe}.2`);
    else makeLink(`${probe}.2`, probe);
    return true;
  } catch (error) {
    if (isErrno(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK")) return false;
    throw error;
  } finally {
    removeOurs(`${probe}.2`);
    removeOurs(probe);
    for (const directory of missing) removeEmptyDirectory(directory);
  }
}

/**
 * Refuses to rename directories where they come out empty: a FUSE driver of FAT does that, without an error. Tried with
 * directories alone, so that a probe a kill leaves behind holds nothing.
 */
export function requireWholeRenames(home: Home): void {
  const wasThere = look(home.staging) !== null;
  const probe = join(home.staging, `probe-${randomUUID()}`);
  const renamed = `${probe}.2`;
  makeDirectories(join(probe, "in"));
  try {
    moveDirectory(probe, renamed);
    // The names, not a look at one: what the kernel remembers of a path outlives what the driver lost.
    if ((list(renamed) ?? []).some(({ name }) => name === "in")) return;
  } finally {
    for (const above of [probe, renamed]) for (const path of [join(above, "in"), above]) removeEmptyDirectory(path);
    if (!wasThere) removeEmptyDirectory(home.staging);
  }
  throw new CcsError("refused", "this filesystem loses what lies in a directory when the directory is renamed", {
    where: home.root,
    untouched: "Nothing was changed.",
    hint: "Put it on another filesystem, or mount it with another driver, then run the command again.",
  });
}

function refusal(area: Area, ability: Ability, plan: Plan): CcsError {
  const why =
    ability === "hard links"
      ? "histories cannot be merged on it without the danger of overwriting a file"
      : "what has to be linked cannot be linked on it";
  return new CcsError("refused", `the filesystem has no ${ability}: ${why}`, {
    where: dirname(area.staging),
    untouched: "Nothing was changed.",
    hint: `Put it on a filesystem with ${ability}, then run it again: ccs auth edit ${plan.intent.account}`,
  });
}
