import { follow } from "../../context/disk.ts";
import { type Check, finding } from "../finding.ts";
import { hasNoHardLinks } from "../mounts.ts";

/** What ccs keeps lies on a filesystem on which histories can be merged without overwriting anything. */
export const filesystem: Check = {
  name: "filesystem",
  mends: [],
  run(world) {
    const { root } = world.home;
    const facts = follow(root);
    if (facts === null) return [finding("ok", `${root} is not made yet`)];
    const mount = world.mount(facts);
    if (!hasNoHardLinks(mount)) return [finding("ok", mount === null ? root : `${root} (${mount.type})`)];
    return [
      finding("warning", `${root} lies on a filesystem without hard links (${mount?.type}); histories cannot be merged there`, {
        where: root,
        command: "Put it on a filesystem with hard links: set CCS_DIR",
      }),
    ];
  },
};
