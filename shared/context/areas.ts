import { join } from "node:path";
import { type Home, instanceOf } from "../paths.ts";
import { firstThere, follow, list, realPathOf } from "./disk.ts";

/** Directories of ours on one filesystem: rename and link(2) do not cross from one to another. */
export interface Area {
  readonly staging: string;
  readonly setAside: string;
}

/**
 * The area on the filesystem a directory lies on: beside everything else of ours where that is the same one,
 * otherwise a hidden directory in it that no client path reaches.
 */
function areaOn(home: Home, directory: string): Area {
  const there = follow(firstThere(directory));
  const root = follow(firstThere(home.root));
  if (there === null || root === null || there.dev === root.dev) return { staging: home.staging, setAside: home.setAside };
  const inside = join(realPathOf(directory), ".ccs");
  return { staging: join(inside, "staging"), setAside: join(inside, "set-aside") };
}

export function instanceArea(home: Home, account: string): Area {
  return areaOn(home, instanceOf(home, account));
}

export function groupArea(home: Home, group: string): Area {
  return areaOn(home, join(home.groups, group));
}

/** Every area there is: beside `config.yaml`, and in the instances and groups that lie on other filesystems. */
export function allAreas(home: Home): Area[] {
  const areas = new Map<string, Area>([[home.staging, { staging: home.staging, setAside: home.setAside }]]);
  for (const above of [home.instances, home.groups]) {
    for (const entry of list(above) ?? []) {
      if (entry.name.startsWith(".")) continue;
      const area = areaOn(home, join(above, entry.name));
      areas.set(area.staging, area);
    }
  }
  return [...areas.values()];
}
