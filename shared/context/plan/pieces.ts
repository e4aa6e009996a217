import { join } from "node:path";
import type { Artifact } from "../../artifacts.ts";
import { type Area, groupArea } from "../areas.ts";
import { isAlmighty, look } from "../disk/look.ts";
import { desiredTarget } from "../links.ts";
import { asArgument, displayPath } from "../names.ts";
import { sessionsUnder } from "../owners.ts";
import { readForks } from "../records.ts";
import type { Copy } from "./copy.ts";
import type { Merge } from "./merge.ts";
import { type Slots, stagingOf } from "./slots.ts";
import type { World } from "./world.ts";

/** A link of ours that has to go: renamed into staging, looked at there. */
export function planUnlink(w: World, path: string, target: string, slots: Slots): void {
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

export function planStagedLinks(w: World, slots: Slots, path: string): void {
  for (const staged of slots.links) {
    const facts = look(staged);
    if (facts === null) continue;
    const to = asideAt(w, w.mine, `links/${path.slice(w.home.instances.length + 1)}`);
    w.steps.sweep.push({ do: "set-aside", from: staged, to, size: facts.size, why: "link", beside: path });
  }
}

export function blockRunning(w: World, doing: string): void {
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
export function blockForeign(w: World, path: string): void {
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
export function copying(w: World, area: Area, artifact: Artifact): Copy {
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

export function asidePath(w: World, area: Area, artifact: Artifact, relative: string): string {
  const inside = relative.startsWith("/") ? (relative.split(`/${w.intent.id}/`)[1] ?? "copy") : join(artifact.name, relative);
  return asideAt(w, area, inside);
}

/** A free name in set-aside. */
export function asideAt(w: World, area: Area, inside: string): string {
  const root = join(area.setAside, w.intent.id);
  for (let n = 1; ; n++) {
    const path = n === 1 ? join(root, inside) : join(root, `again-${n}`, inside);
    if (w.asides.has(path) || look(path) !== null) continue;
    w.asides.add(path);
    return path;
  }
}

/** Everything a merge into a group (or, with null, back into the account's own directory) asks for. */
export function merging(w: World, artifact: Artifact, group: string | null, slots: Slots, mode: "move" | "link", swapped = true): Merge {
  const theirs = group === null ? w.mine : groupArea(w.home, group, artifact);
  const known = group === null ? new Map<string, string[]>() : readForks(w.home, w.intent.accountId, group);
  for (const [key, as] of Object.entries(w.forks)) {
    const [of, session] = key.split("/") as [string, string];
    // Back in its own directory, a session that forked on its way into a group is that fork, and no other one.
    if (group !== null && of !== group) continue;
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
    // One session may stand in two projects, each with a text of its own, and is one fork then.
    forkStaging: (project, as) => join(stagingOf(theirs, w.intent.id), "forks", project, `${as}.jsonl`),
    settled: group === null ? new Map() : w.settled,
    forks: known,
    follows: (session) => (group === null ? session : (known.get(session)?.at(-1) ?? session)),
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
