import { basename, dirname, join } from "node:path";
import { follow } from "../../context/disk.ts";
import { displayPath } from "../../context/index.ts";
import type { Home } from "../../paths.ts";
import { type Check, type Finding, finding } from "../finding.ts";
import { hasNoHardLinks, isAble, losesOnRename, type Mount } from "../mounts.ts";

/**
 * What ccs keeps lies on a filesystem on which histories can be merged without overwriting anything. Told by its name, since
 * nothing is changed here: what a change needs of a filesystem is tried out before the change.
 */
export const filesystem: Check = {
  name: "filesystem",
  mends: [],
  run(world) {
    const { root } = world.home;
    const facts = follow(root);
    if (facts === null) return [finding("ok", `${displayPath(root)} is not made yet`)];
    const mount = world.mount(facts);
    if (mount !== null && hasNoHardLinks(mount)) return [unable(root, mount)];
    const named = `${displayPath(root)}${mount === null ? "" : ` (${mount.type})`}`;
    const links = isAble(mount) ? "has hard and symbolic links" : "what it can do is tried out before a change needs it";
    return [finding("ok", `${named}: ${links}${caseOf(world.home)}`)];
  },
};

function unable(root: string, mount: Mount): Finding {
  const renames = losesOnRename(mount) ? ", and loses what is in a directory that is renamed" : "";
  const message = `${displayPath(root)} lies on a filesystem without hard links (${mount.type})${renames}; histories cannot be merged there`;
  return finding("warning", message, { where: root, command: "Put it on a filesystem with hard links: set CCS_DIR" });
}

/** A name that is there, asked for in other letters, is the same thing where case is ignored. */
function caseOf({ config, instances }: Home): string {
  for (const path of [config, instances]) {
    const facts = follow(path);
    if (facts === null) continue;
    const other = follow(join(dirname(path), basename(path).toUpperCase()));
    return other !== null && other.dev === facts.dev && other.ino === facts.ino ? ", ignores case" : ", tells case apart";
  }
  return "";
}
