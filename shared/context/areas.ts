import { dirname, join } from "node:path";
import { ARTIFACTS, type Artifact, groupArtifact } from "../artifacts.ts";
import { groupOf, type Home, instanceOf } from "../paths.ts";
import { type Entry, follow, list, realPathOf } from "./disk.ts";

/** Directories of ours on one filesystem: rename and link(2) do not cross from one to another. */
export interface Area {
  readonly staging: string;
  readonly setAside: string;
}

/**
 * The area on the filesystem a directory lies on: beside everything else of ours where that is the same one,
 * otherwise a hidden directory in it that no client path reaches.
 */
function areaOn(home: Home, directory: string, root = deviceAt(home.root)): Area {
  const there = deviceAt(directory);
  if (there === null || root === null || there === root) return { staging: home.staging, setAside: home.setAside };
  const inside = join(realPathOf(directory), ".ccs");
  return { staging: join(inside, "staging"), setAside: join(inside, "set-aside") };
}

/** The filesystem a path is on, or would be made on. */
function deviceAt(path: string): bigint | null {
  const facts = follow(path);
  if (facts !== null) return facts.dev;
  const above = dirname(path);
  return above === path ? null : deviceAt(above);
}

export function instanceArea(home: Home, account: string): Area {
  return areaOn(home, instanceOf(home, account));
}

/**
 * The area an artifact of a group is merged in. Where a link inside the group leads the artifact elsewhere, that is
 * beside the place it leads to: in it, clients would see it.
 */
export function groupArea(home: Home, group: string, artifact: Artifact): Area {
  const directory = groupOf(home, group);
  const out = leadsOut(home, group, artifact);
  return areaOn(home, out === null ? directory : dirname(out));
}

/** Where an artifact of a group really lies, if a link inside the group leads out of it; null as a rule. */
export function leadsOut(home: Home, group: string, artifact: Artifact): string | null {
  const directory = groupOf(home, group);
  const target = groupArtifact(home, group, artifact);
  const there = realPathOf(target);
  return there === `${realPathOf(directory)}${target.slice(directory.length)}` ? null : there;
}

/** Every area there is: beside `config.yaml`, and in the instances and groups that lie on other filesystems. */
export function allAreas(home: Home): Area[] {
  const areas = new Map<string, Area>([[home.staging, { staging: home.staging, setAside: home.setAside }]]);
  const add = (area: Area) => areas.set(area.staging, area);
  const root = deviceAt(home.root);
  for (const { name } of directoriesIn(home.instances)) add(areaOn(home, instanceOf(home, name), root));
  for (const { name } of directoriesIn(home.groups)) for (const artifact of ARTIFACTS) add(groupArea(home, name, artifact));
  return [...areas.values()];
}

function directoriesIn(above: string): Entry[] {
  return (list(above) ?? []).filter((entry) => !entry.name.startsWith("."));
}
