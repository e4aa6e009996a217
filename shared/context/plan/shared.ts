import { dirname, join } from "node:path";
import type { Artifact } from "../../artifacts.ts";
import { type Area, groupArea, leadsOut } from "../areas.ts";
import { firstThere, follow, list, look, real } from "../disk/look.ts";
import { actualOf, desiredTarget } from "../links.ts";
import { asArgument, displayPath } from "../names.ts";
import { broughtMemory } from "../records.ts";
import { misplacedRooms } from "../rooms.ts";
import type { Blocker, Operation } from "../types.ts";
import { planCopy } from "./copy.ts";
import { type Merge, planMerge } from "./merge.ts";
import { asidePath, blockRunning, copying, merging, planStagedLinks, planUnlink } from "./pieces.ts";
import { checkRoots, planDirectories } from "./roots.ts";
import { readSlots, type Slots, stagingOf } from "./slots.ts";
import { Steps } from "./steps.ts";
import { planTaking } from "./taking.ts";
import type { World } from "./world.ts";

/** Plans an artifact that is shared with a group. */
export function planShared(w: World, artifact: Artifact, group: string): void {
  const path = join(w.instance, artifact.name);
  const target = desiredTarget(w.home, group, artifact);
  const theirs = groupArea(w.home, group, artifact);
  const slots = readSlots(w.mine, theirs, w.intent.id, artifact);
  const actual = actualOf(w.home, w.intent.account, artifact);
  planDirectories(w, target);
  w.blockers.push(...misplacedRooms(w.home, [theirs]).map((m): Blocker => ({ code: "refused", ...m })));
  checkRoots(w, path, target, group, artifact);
  if (artifact.perSession && w.unsettled) return; // what is named after a session goes where the session went: the next round's

  const merge = merging(w, artifact, group, slots, "move");
  const trees: { walk: string; from: string }[] = slots.trees
    .filter((t) => (list(t.path) ?? []).length > 0)
    .map((t) => ({ walk: t.path, from: t.path }));
  if (slots.takeComplete) trees.push({ walk: slots.take, from: slots.take });

  switch (actual.is) {
    case "absent":
      w.steps.main.push({ do: "make-link", path, target });
      break;
    case "our-link":
      if (actual.target === target || (real(path) !== null && real(path) === real(target))) break;
      if (!sameGroup(w, path, actual.target, target)) {
        if (!slots.takeComplete) {
          planTaking(w, artifact, actual, slots);
          if (artifact.name === "projects") {
            w.steps.summary.sessionsIn += w.taken.size;
            w.unsettled = true;
          }
        }
      }
      planUnlink(w, path, actual.target, slots);
      w.steps.main.push({ do: "make-link", path, target });
      break;
    case "their-link":
      w.blockers.push({
        code: "refused",
        message: `${artifact.name} is a link somebody made, to ${displayPath(actual.target)}; ccs neither follows nor replaces it`,
        where: path,
        hint: `Move the link out of the way yourself, then run the command again: mv ${asArgument(path)} ${asArgument(`${path}.mine`)}`,
      });
      break;
    case "other": {
      const aside = asidePath(w, w.mine, artifact, artifact.name);
      w.steps.main.push({ do: "set-aside", from: path, to: aside, size: actual.facts.size, why: "in-the-way", beside: target });
      w.steps.main.push({ do: "make-link", path, target });
      w.steps.summary.setAside += 1;
      w.steps.summary.notes.push(`${path} is not a directory; it is set aside.`);
      break;
    }
    case "directory": {
      const slot = slots.free("in");
      const swap: Operation[] = [
        { do: "move-directory", from: path, to: slot },
        { do: "make-link", path, target },
      ];
      planMemory(w, artifact, group, path);
      if (w.running.length > 0) {
        planWhileRunning(w, artifact, group, slots, path, target, swap);
        return;
      }
      w.steps.main.push(...swap);
      trees.push({ walk: path, from: slot });
      break;
    }
  }
  for (const tree of trees) planArrival(w, artifact, merge, tree, target, slots, theirs);
  planStagedLinks(w, slots, path);
}

/** Whether a link of ours leads to the same group under another spelling, or led to it before `CCS_DIR` was moved. */
function sameGroup(w: World, path: string, was: string, target: string): boolean {
  const now = real(path);
  if (now !== null) return now === real(target);
  return was.endsWith(target.slice(w.home.root.length));
}

/** A tree on its way in: merged where it is, or copied to the group's filesystem first. */
function planArrival(
  w: World,
  artifact: Artifact,
  merge: Merge,
  tree: { walk: string; from: string },
  link: string,
  slots: Slots,
  theirs: Area,
): void {
  const target = leadsOut(w.home, groupName(w), artifact) ?? link;
  const here = follow(tree.walk);
  const there = follow(firstThere(target));
  if (here === null || there === null) return;
  if (here.dev === there.dev) {
    if (tree.walk.includes(".in.") || tree.walk.includes(".copy.") || tree.walk === slots.take)
      planMemory(w, artifact, groupName(w), tree.walk);
    return planMerge(merge, tree.walk, tree.from, target);
  }
  if (w.running.length > 0) blockRunning(w, "joining a group on another filesystem");
  const n = /\.in\.(\d+)$/.exec(tree.from)?.[1] ?? "take";
  const copy = join(stagingOf(theirs, w.intent.id), `${artifact.name}.copy.${n === "take" ? "900" : n}`);
  if (look(copy) === null) {
    planCopy(copying(w, theirs, artifact), tree.walk, tree.from, `${copy}.partial`);
    w.steps.main.push({ do: "complete", from: `${copy}.partial`, to: copy, source: tree.from });
    planMerge(merge, tree.walk, copy, target);
  }
  const aside = asidePath(w, w.mine, artifact, "");
  w.steps.sweep.push({ do: "set-aside", from: tree.from, to: aside, size: 0, why: "across", beside: target });
}

function groupName(w: World): string {
  return w.intent.to.mode === "shared" ? w.intent.to.group : "";
}

/** A client of the account runs: everything free is linked in while it goes on, then the directory is swapped; the rest is the next round's. */
function planWhileRunning(
  w: World,
  artifact: Artifact,
  group: string,
  slots: Slots,
  path: string,
  target: string,
  swap: readonly Operation[],
): void {
  const here = follow(path);
  const there = follow(firstThere(target));
  if (here !== null && there !== null && here.dev !== there.dev) return blockRunning(w, "joining a group on another filesystem");
  const later = { ...w, steps: new Steps() };
  planMerge(merging(later, artifact, group, slots, "move", w.intent.configWritten || slots.trees.length > 0), path, path, target);
  for (const fork of later.steps.summary.forks) {
    const live = w.running.find((c) => c.sessionId === fork.session);
    if (live !== undefined)
      blockRunning(w, `joining with the session ${fork.session}, which it has open and which diverged from the group's,`);
  }
  addSummary(w.steps, later.steps);
  const early = { ...w, steps: new Steps() };
  planMerge(merging(early, artifact, group, slots, "link"), path, path, target);
  w.steps.main.push(...early.steps.main, ...swap);
}

function addSummary(into: Steps, from: Steps): void {
  const a = into.summary;
  const b = from.summary;
  a.sessionsIn += b.sessionsIn;
  a.sessionsKnown += b.sessionsKnown;
  a.sessionsAppended += b.sessionsAppended;
  a.setAside += b.setAside;
  a.forks.push(...b.forks);
  a.conflicts.push(...b.conflicts);
}

/** Keeps the memory an account brings, byte for byte: it is what the account may take along one day. */
function planMemory(w: World, artifact: Artifact, group: string, walk: string): void {
  if (artifact.name !== "projects") return;
  const kept = join(broughtMemory(w.home, w.intent.accountId, group), w.intent.id);
  if (look(kept) !== null) return;
  const projects = (list(walk) ?? []).filter((p) => p.kind === "directory" && look(join(walk, p.name, "memory"))?.kind === "directory");
  // An account that comes back without the memory it once brought brings none.
  if (projects.length === 0 && look(dirname(kept)) === null) return;
  const partial = `${kept}.partial`;
  w.steps.main.push({ do: "make-directory", path: partial });
  for (const { name } of projects) {
    w.steps.main.push({ do: "make-directory", path: join(partial, name) });
    const memory = join(walk, name, "memory");
    planCopy(copying(w, w.mine, artifact), memory, memory, join(partial, name, "memory"));
  }
  w.steps.main.push({ do: "complete", from: partial, to: kept });
}
