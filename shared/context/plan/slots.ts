import { join } from "node:path";
import type { Artifact } from "../../artifacts.ts";
import type { Area } from "../areas.ts";
import { list, look } from "../disk/look.ts";

type TreeKind = "in" | "copy" | "give" | "early";

/**
 * The places of one change in staging, per artifact. What lies in one says what has to become of it, so that a change
 * that was killed is finished by looking:
 *   `<artifact>.in.<n>`    a tree moved aside, on its way into the group
 *   `<artifact>.copy.<n>`  a copy of such a tree from another filesystem (`.partial` until complete)
 *   `<artifact>.give.<n>`  what the group held and something arriving replaced
 *   `<artifact>.early.<n>` directories built of links while a client runs, until they are moved in
 *   `<artifact>.take`      the copy an account takes along (`.partial` until complete)
 *   `<artifact>.link.<n>`  a link that had to go
 */
export interface Slots {
  readonly trees: readonly { readonly path: string; readonly n: string; readonly kind: TreeKind }[];
  readonly links: readonly string[];
  /** Where the copy to take along stands when it is complete. */
  readonly take: string;
  readonly takeComplete: boolean;
  /** The first free slot of a kind. */
  free(kind: "in" | "give" | "early" | "link"): string;
}

export function stagingOf(area: Area, intentId: string): string {
  return join(area.staging, intentId);
}

/** Reads the slots of an artifact. `mine` is the instance's area, `theirs` the group's: one and the same as a rule. */
export function readSlots(mine: Area, theirs: Area, intentId: string, artifact: Artifact): Slots {
  const roots = [...new Set([stagingOf(mine, intentId), stagingOf(theirs, intentId)])];
  const trees: { path: string; n: string; kind: TreeKind }[] = [];
  const links: string[] = [];
  for (const root of roots) {
    for (const entry of list(root) ?? []) {
      const slot = /^([a-z-]+)\.(in|copy|give|early|link)\.(\d+)$/.exec(entry.name);
      if (slot === null || slot[1] !== artifact.name) continue;
      const path = join(root, entry.name);
      if (slot[2] === "link") links.push(path);
      else if (entry.kind === "directory") trees.push({ path, n: slot[3] as string, kind: slot[2] as TreeKind });
    }
  }
  const take = join(stagingOf(mine, intentId), `${artifact.name}.take`);
  return {
    trees,
    links,
    take,
    takeComplete: look(take) !== null,
    free(kind) {
      const root = stagingOf(kind === "give" || kind === "early" ? theirs : mine, intentId);
      for (let n = 0; ; n++) {
        const path = join(root, `${artifact.name}.${kind}.${n}`);
        if (look(path) === null) return path;
      }
    },
  };
}
