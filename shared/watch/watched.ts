import { dirname, join } from "node:path";
import { follow, list, look, real } from "../context/disk.ts";
import { groupOf, type Home, instanceOf } from "../paths.ts";

/**
 * The directories in which something happens whenever what a face shows has changed. Not those of single projects: a
 * running client appends to them line by line, and says in `sessions/` when it has come to an end of its turn.
 * @returns paths that are directories now, or were when they were looked at; the nearest one above a root that is not there yet
 */
export function watchedDirectories(home: Home): string[] {
  if (follow(home.root)?.kind !== "directory") return [nearestAbove(home.root)];
  const instances = directoriesIn(home.instances).map((name) => instanceOf(home, name));
  const groups = directoriesIn(home.groups).map((name) => groupOf(home, name));
  const wanted = [
    home.root,
    ...behindLink(home.config),
    home.instances,
    // Logins, settings, the links; and the clients that run.
    ...instances.flatMap((instance) => [instance, join(instance, "sessions")]),
    home.shared,
    home.groups,
    ...groups.flatMap((group) => [group, join(group, "projects")]),
    home.state,
    home.lock,
    home.intents,
    home.records,
    home.setAside,
    home.removed,
  ];
  return [...new Set(wanted)].filter((path) => follow(path)?.kind === "directory");
}

/** Where config.yaml lies that is a link: replacing it there is seen nowhere else. */
function behindLink(config: string): string[] {
  if (look(config)?.kind !== "link") return [];
  const target = real(config);
  return target === null ? [] : [dirname(target)];
}

/** Links to directories among them. */
function directoriesIn(path: string): string[] {
  return (list(path) ?? []).filter(({ kind }) => kind !== "file").map(({ name }) => name);
}

function nearestAbove(path: string): string {
  const above = dirname(path);
  return above === path || follow(above)?.kind === "directory" ? above : nearestAbove(above);
}
