import { join } from "node:path";
import type { Artifact } from "../../artifacts.ts";
import { list } from "../disk/look.ts";
import { actualOf } from "../links.ts";
import { asArgument } from "../names.ts";
import { planMerge } from "./merge.ts";
import { merging, planStagedLinks, planUnlink } from "./pieces.ts";
import { readSlots } from "./slots.ts";
import { planTaking } from "./taking.ts";
import type { World } from "./world.ts";

/** Plans an artifact that is the account's own. */
export function planOwn(w: World, artifact: Artifact): void {
  const path = join(w.instance, artifact.name);
  const slots = readSlots(w.mine, w.mine, w.intent.id, artifact);
  const actual = actualOf(w.home, w.intent.account, artifact);
  const trees = slots.trees.map((t) => t.path).filter((t) => (list(t) ?? []).length > 0);
  if (actual.is === "our-link") {
    if (!slots.takeComplete) planTaking(w, artifact, actual, slots);
    planUnlink(w, path, actual.target, slots);
    w.steps.main.push({ do: "move-directory", from: slots.take, to: path });
  } else if (slots.takeComplete) {
    trees.unshift(slots.take);
  }
  if (trees.length > 0 && (actual.is === "their-link" || actual.is === "other")) return blockOccupied(w, artifact, path);
  for (const tree of trees) planMerge(merging(w, artifact, null, slots, "move"), tree, tree, path);
  planStagedLinks(w, slots, path);
}

function blockOccupied(w: World, artifact: Artifact, path: string): void {
  w.blockers.push({
    code: "refused",
    message: `something stands where the ${artifact.name} of ${w.intent.account} have to go`,
    where: path,
    hint: `Move it out of the way, then run the command again: mv ${asArgument(path)} ${asArgument(`${path}.mine`)}`,
  });
}
