import { join } from "node:path";
import { firstThere, follow, list, look, real } from "../../context/disk.ts";
import { displayPath, formatBytes } from "../../context/index.ts";
import { membersOf } from "../../context/members.ts";
import { groupOf } from "../../paths.ts";
import { type Check, type Finding, finding, orOk } from "../finding.ts";
import type { World } from "../world.ts";

const GIB = 2 ** 30;
/** With less a client may lose what it writes, and so may anything else. */
const LEAST = GIB;
/** Only with less than this it is measured what leaving a group may copy: that takes a look at every file. */
const PLENTY = 20 * GIB;

/** There is room for what is written, and for what leaving a group copies. */
export const space: Check = {
  name: "space",
  mends: [],
  run(world) {
    const place = firstThere(world.home.root);
    const free = world.surroundings.space(place)?.free ?? null;
    if (free === null) return [finding("ok", "how much space is free is not told here")];
    const found = free < LEAST ? [scarce(place, free)] : [...tooLarge(world, place, free), ...elsewhere(world, place)];
    return orOk(found, `${formatBytes(free)} are free`);
  },
};

const COMMAND = "Make room: ccs doctor --fix drops what is kept twice, and older sessions can go to another disk";

function scarce(place: string, free: number): Finding {
  const message = `only ${formatBytes(free)} are free at ${displayPath(place)}: what a client writes may be lost when it is full`;
  return finding("warning", message, { where: place, command: COMMAND });
}

/** Whoever leaves a group takes a copy of its own sessions: at most all of it. */
function tooLarge(world: World, place: string, free: number): Finding[] {
  const used = world.surroundings.space(place)?.used ?? 0;
  if (!world.usable || free >= PLENTY) return [];
  return world.groups.flatMap((group) => {
    const path = groupOf(world.home, group);
    const here = follow(path)?.dev === follow(place)?.dev;
    if (membersOf(world.config, group).length === 0 || (here && used <= free) || sizeOf(real(path) ?? path, free) <= free) return [];
    const message = `${formatBytes(free)} are free, and leaving the group may copy more than that: it would stop, with nothing lost`;
    return [finding("warning", message, { group, where: path, command: COMMAND })];
  });
}

/** Groups that lie on other filesystems: joining copies into them. */
function elsewhere(world: World, place: string): Finding[] {
  const here = follow(place)?.dev;
  return world.groups.flatMap((group) => {
    const path = groupOf(world.home, group);
    const there = follow(path);
    const free = there === null || there.dev === here ? null : (world.surroundings.space(path)?.free ?? null);
    return free === null || free >= LEAST ? [] : [scarce(path, free)];
  });
}

/** Bytes of the files under a directory; counting stops where they are more than `enough`. */
function sizeOf(directory: string, enough: number): number {
  let bytes = 0;
  for (const { name, kind } of list(directory) ?? []) {
    const path = join(directory, name);
    if (kind === "directory") bytes += sizeOf(path, enough - bytes);
    else if (kind === "file") bytes += look(path)?.size ?? 0;
    if (bytes > enough) break;
  }
  return bytes;
}
