import { dirname, join } from "node:path";
import { ARTIFACTS, type Artifact, sharedArtifacts } from "../../artifacts.ts";
import { type RunningClient, runningClients } from "../../claude/index.ts";
import type { Config } from "../../config/index.ts";
import { CcsError } from "../../errors.ts";
import { groupOf, type Home, instanceOf } from "../../paths.ts";
import { describePolicy } from "../../policy/index.ts";
import { type Area, groupArea, instanceArea, leadsOut } from "../areas.ts";
import { firstThere, follow, isAlmighty, list, look, real, realPathOf } from "../disk.ts";
import { type Actual, actualOf, desiredTarget } from "../links.ts";
import { asArgument, displayPath } from "../names.ts";
import { sessionsUnder } from "../owners.ts";
import { broughtMemory, readForks } from "../records.ts";
import { misplaced, misplacedRooms } from "../rooms.ts";
import type { Blocker, Intent, Operation, Plan } from "../types.ts";
import { type Copy, planCopy } from "./copy.ts";
import { type Merge, planMerge } from "./merge.ts";
import { planSettingsAfter, planSettingsBefore } from "./settings.ts";
import { readSlots, type Slots, stagingOf } from "./slots.ts";
import { Steps } from "./steps.ts";
import { planTake } from "./take.ts";

/** What a plan needs remembered before it is applied. */
export interface PlanRecords {
  /** Sessions that come into the group with the account. */
  readonly brought: readonly string[];
  /** Ids chosen for diverged sessions: `<group>/<session>` to id. */
  readonly forks: Readonly<Record<string, string>>;
  /** The id each session of the account has in the group from now on. */
  readonly settled: ReadonlyMap<string, string>;
}

export interface PlanResult {
  readonly plan: Plan;
  readonly records: PlanRecords;
}

/** How to look. */
export interface PlanOptions {
  /** Look at every name itself; for a second round, after something was not as a listing said. */
  readonly careful: boolean;
  /** Makes an id for a diverged session. */
  readonly newId: () => string;
}

interface World {
  readonly home: Home;
  readonly config: Config;
  readonly intent: Intent;
  readonly options: PlanOptions;
  readonly instance: string;
  readonly running: readonly RunningClient[];
  readonly mine: Area;
  readonly steps: Steps;
  readonly blockers: Blocker[];
  readonly brought: Set<string>;
  readonly forks: Record<string, string>;
  readonly settled: Map<string, string>;
  readonly taken: Set<string>;
  readonly asides: Set<string>;
  /** Whether sessions are on their way that no plan has looked at yet: under which id they arrive is not known. */
  unsettled: boolean;
}

/**
 * Plans what is left to do of an intent. Reads config, disk and the intent, changes nothing, and yields no operation once
 * the disk is what the policy says.
 */
export function planIntent(home: Home, config: Config, intent: Intent, options: PlanOptions): PlanResult {
  const instance = instanceOf(home, intent.account);
  const w: World = {
    home,
    config,
    intent,
    options,
    instance,
    running: runningClients(instance),
    mine: instanceArea(home, intent.account),
    steps: new Steps(),
    blockers: [],
    brought: new Set(),
    forks: { ...intent.forks },
    settled: new Map(),
    taken: new Set(intent.taken ?? []),
    asides: new Set(),
    unsettled: false,
  };
  const wanted = new Set(sharedArtifacts(intent.to).map((a) => a.name));
  const inTheWay = [...misplacedRooms(home, [w.mine]), ...[misplaced(instance)].filter((m) => m !== null)];
  w.blockers.push(...inTheWay.map((m): Blocker => ({ code: "refused", ...m })));
  if (look(instance) === null) w.steps.main.push({ do: "make-directory", path: instance, mode: 0o700 });
  planSettingsBefore(w);
  for (const artifact of ARTIFACTS) {
    if (wanted.has(artifact.name) && intent.to.mode === "shared") planShared(w, artifact, intent.to.group);
    else planOwn(w, artifact);
  }
  planSettingsAfter(w);
  return {
    plan: { intent, operations: w.steps.operations(), summary: w.steps.summary, blockers: w.blockers, running: w.running },
    records: { brought: [...w.brought], forks: w.forks, settled: w.settled },
  };
}

export type { World };

// ---- An artifact that is the account's own ----

function planOwn(w: World, artifact: Artifact): void {
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

/** The copy an account takes along; refused where nobody decided what that is. */
function planTaking(w: World, artifact: Artifact, actual: Actual & { is: "our-link" }, slots: Slots): void {
  if (w.intent.taken === null) throw choiceNeeded(w, artifact, actual);
  const source = join(w.instance, artifact.name);
  const held = real(source);
  const odd = held === null ? null : misplaced(held);
  if (odd !== null) w.blockers.push({ code: "refused", ...odd });
  if (w.running.length > 0) blockRunning(w, `leaving ${actual.group ?? "the group"}`);
  const partial = `${slots.take}.partial`;
  planTake(
    copying(w, w.mine, artifact),
    {
      home: w.home,
      artifact,
      accountId: w.intent.accountId,
      group: actual.group ?? "",
      source,
      taken: w.taken,
      memory: w.intent.take !== "none",
    },
    partial,
  );
  w.steps.main.push({ do: "complete", from: partial, to: slots.take });
}

function blockOccupied(w: World, artifact: Artifact, path: string): void {
  w.blockers.push({
    code: "refused",
    message: `something stands where the ${artifact.name} of ${w.intent.account} have to go`,
    where: path,
    hint: `Move it out of the way, then run the command again: mv ${asArgument(path)} ${asArgument(`${path}.mine`)}`,
  });
}

function choiceNeeded(w: World, artifact: Artifact, actual: Actual & { is: "our-link" }): CcsError {
  const { account, to } = w.intent;
  const flags = to.mode === "isolated" ? "--isolated" : `--context-group ${to.group} --${to.continuity}-continuity`;
  return new CcsError(
    "refused",
    `config.yaml says ${account} is ${describePolicy(to)}, but its ${artifact.name} is linked to ${actual.group ?? displayPath(actual.target)}; ccs does not guess what it should take along`,
    {
      where: join(w.instance, artifact.name),
      untouched: "Links and files were left as they are.",
      hint: `ccs auth edit ${account} ${flags}`,
    },
  );
}

// ---- An artifact that is shared with a group ----

function planShared(w: World, artifact: Artifact, group: string): void {
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

/** The group's directories, from the top down, where they are missing. */
function planDirectories(w: World, target: string): void {
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
function checkRoots(w: World, path: string, target: string, group: string, artifact: Artifact): void {
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

// ---- Pieces both share ----

/** A link of ours that has to go: renamed into staging, looked at there. */
function planUnlink(w: World, path: string, target: string, slots: Slots): void {
  const staged = slots.free("link");
  w.steps.main.push({ do: "stage-link", from: path, to: staged, target });
  w.steps.sweep.push({
    do: "set-aside",
    from: staged,
    to: asideAt(w, w.mine, `links/${path.slice(w.home.instances.length + 1)}`),
    size: target.length,
    why: "link",
    beside: path,
  });
}

function planStagedLinks(w: World, slots: Slots, path: string): void {
  for (const staged of slots.links) {
    const facts = look(staged);
    if (facts === null) continue;
    const to = asideAt(w, w.mine, `links/${path.slice(w.home.instances.length + 1)}`);
    w.steps.sweep.push({ do: "set-aside", from: staged, to, size: facts.size, why: "link", beside: path });
  }
}

function blockRunning(w: World, doing: string): void {
  const client = w.running[0];
  if (client === undefined || w.blockers.some((b) => b.code === "busy")) return;
  w.blockers.push({
    code: "busy",
    message: `${doing} has to wait: a client of ${w.intent.account} is running (process ${client.pid}${client.cwd === null ? "" : ` in ${client.cwd}`})`,
    where: join(w.instance, "sessions", `${client.pid}.json`),
    hint: "Close it, then run the command again.",
  });
}

/** Something that has to be moved, linked or read, and that this user may not. */
function blockForeign(w: World, path: string): void {
  if (w.blockers.some((b) => b.code === "refused" && b.where === path)) return;
  const uid = look(path)?.uid ?? 0;
  const ours = uid === process.geteuid?.();
  w.blockers.push({
    code: "refused",
    message: `${displayPath(path)} ${ours ? "may not be read" : `belongs to another user (${uid})`}; it can be neither moved nor copied`,
    where: path,
    hint: `Make it yours, then run the command again: ${ours ? "chmod u+r" : 'sudo chown -R "$(id -u)"'} ${asArgument(path)}`,
  });
}

/** What a copy asks for; what a stale part of it was goes aside in `area`. */
function copying(w: World, area: Area, artifact: Artifact): Copy {
  return {
    steps: w.steps,
    aside: (relative) => asidePath(w, area, artifact, relative),
    cannot: (path) => cannotCopy(w, path),
    refused: (path) => blockForeign(w, path),
  };
}

function cannotCopy(w: World, path: string): void {
  w.steps.summary.notes.push(`${displayPath(path)} is neither file, directory nor link and cannot be copied; it stays where it is.`);
}

function asidePath(w: World, area: Area, artifact: Artifact, relative: string): string {
  const inside = relative.startsWith("/") ? (relative.split(`/${w.intent.id}/`)[1] ?? "copy") : join(artifact.name, relative);
  return asideAt(w, area, inside);
}

/** A free name in set-aside. */
function asideAt(w: World, area: Area, inside: string): string {
  const root = join(area.setAside, w.intent.id);
  for (let n = 1; ; n++) {
    const path = n === 1 ? join(root, inside) : join(root, `again-${n}`, inside);
    if (w.asides.has(path) || look(path) !== null) continue;
    w.asides.add(path);
    return path;
  }
}

/** Everything a merge into a group (or, with null, back into the account's own directory) asks for. */
function merging(w: World, artifact: Artifact, group: string | null, slots: Slots, mode: "move" | "link", swapped = true): Merge {
  const theirs = group === null ? w.mine : groupArea(w.home, group, artifact);
  const known = group === null ? new Map<string, string[]>() : readForks(w.home, w.intent.accountId, group);
  for (const [key, as] of Object.entries(w.forks)) {
    const [of, session] = key.split("/") as [string, string];
    if (of !== group) continue;
    const ids = known.get(session) ?? [];
    if (!ids.includes(as)) known.set(session, [...ids, as]);
  }
  const give = slots.free("give");
  const early = slots.free("early");
  return {
    steps: w.steps,
    artifact,
    account: w.intent.account,
    home: join(w.instance, artifact.name),
    mode,
    careful: w.options.careful,
    began: BigInt(Date.parse(w.intent.began)) * 1_000_000n,
    giveWay: (relative) => join(give, relative),
    build: (relative) => join(early, relative),
    aside: (relative) => asidePath(w, theirs, artifact, relative),
    forkStaging: (as) => join(stagingOf(theirs, w.intent.id), "forks", `${as}.jsonl`),
    settled: group === null ? new Map() : w.settled,
    forks: known,
    newFork: (session) => {
      const key = `${group ?? ""}/${session}`;
      const id = w.options.newId();
      w.forks[key] = id;
      known.set(session, [...(known.get(session) ?? []), id]);
      return id;
    },
    live: new Set(swapped ? w.intent.live : []),
    elsewhere: sessionElsewhere(w, artifact, group),
    arrived: (session) => w.brought.add(session),
    almighty: isAlmighty(),
    foreign: (path) => blockForeign(w, path),
  };
}

/** Looks a session up in the group's other projects; the group is read once, when first asked. */
function sessionElsewhere(w: World, artifact: Artifact, group: string | null): (session: string, project: string) => boolean {
  if (artifact.name !== "projects" || group === null) return () => false;
  let projects: Map<string, string[]> | null = null;
  return (session, project) => {
    if (projects === null) {
      projects = new Map();
      for (const s of sessionsUnder(desiredTarget(w.home, group, artifact))) projects.set(s.id, [...(projects.get(s.id) ?? []), s.project]);
    }
    const held = projects.get(session);
    return held !== undefined && !held.includes(project);
  };
}
