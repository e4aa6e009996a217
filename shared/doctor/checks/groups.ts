import { join } from "node:path";
import { ARTIFACTS, type Artifact, groupArtifact } from "../../artifacts.ts";
import { type Facts, follow, look, real } from "../../context/disk.ts";
import { displayPath } from "../../context/index.ts";
import { membersOf } from "../../context/members.ts";
import { sessionsOf } from "../../context/owners.ts";
import { groupOf } from "../../paths.ts";
import { type Check, count, type Finding, finding, orOk } from "../finding.ts";
import { hasNoHardLinks } from "../mounts.ts";
import type { World } from "../world.ts";

/** The directories of the groups are where histories can be kept. */
export const groups: Check = {
  name: "groups",
  mends: [],
  run(world) {
    const found = world.groups.flatMap((group) => groupFindings(world, group));
    return orOk(
      found,
      world.groups.length === 0 ? "there is no group yet" : `${count(world.groups.length, "group is", "groups are")} in order`,
    );
  },
};

function groupFindings(world: World, group: string): Finding[] {
  const path = groupOf(world.home, group);
  const facts = look(path);
  if (facts === null) return []; // not made yet: its members' links say what is missing
  const about = { group, where: path };
  const there = follow(path);
  if (facts.kind === "link" && there === null) {
    return [
      finding("error", "the directory of the group is a link that leads nowhere", { ...about, command: `Mend or remove the link ${path}` }),
    ];
  }
  if (there?.kind !== "directory") {
    return [finding("error", "what stands where the group belongs is not a directory", { ...about, command: `mv ${path} ${path}.mine` })];
  }
  const inside = ["", ...ARTIFACTS.map((a) => a.name)].map((name) => insideInstance(world, group, name)).find((f) => f !== null);
  if (inside !== undefined && inside !== null) return [inside];
  return [...linked(group, path, facts), ...withoutHardLinks(world, group, path, there), ...withoutMembers(world, group, path)];
}

/** A group that leads into an instance: history of one account would be that account's alone, and merged into itself. */
function insideInstance(world: World, group: string, artifact: string): Finding | null {
  const named = ARTIFACTS.find((a): a is Artifact => a.name === artifact);
  const path = named === undefined ? groupOf(world.home, group) : groupArtifact(world.home, group, named);
  if (named !== undefined && look(path)?.kind !== "link") return null;
  const there = real(path);
  const instances = real(world.home.instances);
  if (there === null || instances === null || (there !== instances && !there.startsWith(`${instances}/`))) return null;
  return finding("error", `the group leads into an instance (${displayPath(there)}); it cannot hold that instance's history`, {
    group,
    where: path,
    command: "Make the group a directory of its own",
  });
}

function linked(group: string, path: string, facts: Facts): Finding[] {
  if (facts.kind !== "link") return [];
  return [finding("ok", `the directory of the group is a link, to ${displayPath(real(path) ?? path)}`, { group, where: path })];
}

function withoutHardLinks(world: World, group: string, path: string, there: Facts): Finding[] {
  const mount = world.mount(there);
  if (!hasNoHardLinks(mount) || look(path)?.dev === look(world.home.root)?.dev) return [];
  return [
    finding("warning", `the group lies on a filesystem without hard links (${mount?.type}); histories cannot be merged there`, {
      group,
      where: path,
      command: "Put the group on a filesystem with hard links",
    }),
  ];
}

function withoutMembers(world: World, group: string, path: string): Finding[] {
  if (!world.usable || membersOf(world.config, group).length > 0) return [];
  const sessions = sessionsOf(world.home, group).length;
  const kept = sessions === 0 ? "no session is in it" : `nobody sees the ${count(sessions, "session")} in it`;
  const message = `the group has no members; ${kept}`;
  return [finding("info", message, { group, where: join(path, "projects"), command: `ccs auth edit <account> --context-group ${group}` })];
}
