import { dirname } from "node:path";
import type { Artifact } from "../../artifacts.ts";
import { groupOf } from "../../paths.ts";
import { leadsOut } from "../areas.ts";
import { firstThere, follow, look, real, realPathOf } from "../disk/look.ts";
import { displayPath } from "../names.ts";
import type { World } from "./world.ts";

/** The group's directories, from the top down, where they are missing. */
export function planDirectories(w: World, target: string): void {
  const missing: string[] = [];
  let path = target;
  for (; follow(path) === null; path = dirname(path)) {
    if (look(path) !== null)
      return refuseGroup(w, path, "a link of the group leads nowhere", "Mend or remove that link, then run the command again.");
    missing.unshift(path);
  }
  if (follow(path)?.kind !== "directory") {
    return refuseGroup(w, path, `${displayPath(path)} is not a directory`, "Move it out of the way, then run the command again.");
  }
  const planned = new Set(w.steps.main.flatMap((o) => (o.do === "make-directory" ? [o.path] : [])));
  for (const directory of missing) if (!planned.has(directory)) w.steps.main.push({ do: "make-directory", path: directory, mode: 0o700 });
}

function refuseGroup(w: World, where: string, message: string, hint: string): void {
  w.blockers.push({ code: "refused", message, where, hint });
}

/** Roots that are the same directory, or lie inside one another, are refused. */
export function checkRoots(w: World, path: string, target: string, group: string, artifact: Artifact): void {
  const there = realPathOf(target);
  const root = realPathOf(groupOf(w.home, group));
  const instances = real(w.home.instances);
  const own = look(path)?.kind === "directory" ? real(path) : null;
  const inside = (a: string, b: string) => a === b || a.startsWith(`${b}/`);
  const here = own === null ? null : follow(path);
  const held = follow(target);
  const same = here !== null && held !== null && held.ino === here.ino && held.dev === here.dev;
  const ours = [w.home.state, w.home.staging, w.home.setAside].some((d) => inside(there, realPathOf(d)));
  const around = instances !== null && (inside(instances, root) || inside(instances, there));
  if (
    same ||
    ours ||
    around ||
    (instances !== null && inside(there, instances)) ||
    (own !== null && (inside(there, own) || inside(own, there)))
  ) {
    const message = `the group ${group} leads to where accounts or ccs keep their own files (${displayPath(there)}); it cannot hold a history there`;
    return refuseGroup(w, target, message, "Make the group a directory of its own, then run the command again.");
  }
  const out = leadsOut(w.home, group, artifact);
  if (out !== null && follow(firstThere(out))?.dev !== follow(dirname(out))?.dev) {
    refuseGroup(
      w,
      target,
      `${displayPath(out)} is a filesystem of its own, with no room beside it to work in`,
      "Link the group's whole directory instead, then run the command again.",
    );
  }
}
