import { join } from "node:path";
import { groupArtifact } from "../../artifacts.ts";
import { list, look } from "../../context/disk.ts";
import { displayPath } from "../../context/index.ts";
import { PROJECTS } from "../../context/owners.ts";
import { instanceOf } from "../../paths.ts";
import { foldName } from "../../policy/index.ts";
import { type Check, type Finding, finding, orOk } from "../finding.ts";
import type { World } from "../world.ts";

/** No two names would be one where a filesystem ignores case or the form of accented letters. */
export const names: Check = {
  name: "names",
  mends: [],
  run(world) {
    const { home, config } = world;
    const found = directoriesOf(world).flatMap((directory) =>
      collisions(directory, (name) => directory === home.instances && config.accounts.has(name)),
    );
    return orOk(found, "no two names differ in case only");
  },
};

/** Instances, and the projects of every history once. */
function directoriesOf({ home, accounts, groups, usable }: World): string[] {
  const own = accounts.map(({ name }) => join(instanceOf(home, name), PROJECTS.name)).filter((path) => look(path)?.kind === "directory");
  return [...(usable ? [home.instances] : []), ...groups.map((group) => groupArtifact(home, group, PROJECTS)), ...own];
}

/** @param stays what is not to get another name by hand */
function collisions(directory: string, stays: (name: string) => boolean): Finding[] {
  const all = new Map<string, string[]>();
  for (const { name } of list(directory) ?? []) {
    const folded = foldName(name);
    const same = all.get(folded);
    if (same === undefined) all.set(folded, [name]);
    else same.push(name);
  }
  return [...all.values()]
    .filter((same) => same.length > 1)
    .map((same) => {
      const last = displayPath(join(directory, same.findLast((name) => !stays(name)) ?? (same.at(-1) as string)));
      const message = `${same.map(displayPath).join(" and ")} differ in case only: on a filesystem that ignores case (macOS, Windows) they would be one`;
      return finding("info", message, { where: last, command: `Before it moves to such a one: mv -n ${last} ${last}-2` });
    });
}
