import { Buffer } from "node:buffer";
import { dirname, join } from "node:path";
import { type Home, lasting } from "../paths.ts";
import { allAreas } from "./areas.ts";
import * as disk from "./disk.ts";
import { stoppedHalfWay } from "./half-way.ts";
import { forkTranscript, missingTail } from "./plan/transcripts.ts";
import { readSettingsRules, recordTargets, writeSettingsRules } from "./records.ts";
import { editSettings } from "./settings.ts";
import { sameTree } from "./trees.ts";
import type { Operation, Plan, Progress } from "./types.ts";

export interface Applied {
  readonly done: number;
  /** Operations that found the disk other than the plan saw it, and did nothing. */
  readonly moved: number;
}

interface Work {
  readonly home: Home;
  readonly plan: Plan;
  readonly accountId: (account: string) => string;
  /** Directories whose entries changed since the last flush. */
  readonly touched: Set<string>;
  /** Directories known to be there. */
  readonly made: Set<string>;
  /** Paths of steps that did nothing: a copy that misses one of them is not complete. */
  readonly missed: string[];
}

/**
 * Applies a plan, under the lock. An operation that finds the disk moved does nothing and is left to the next plan; a
 * system call that fails ends it, with everything done so far in place and the rest for the recovery.
 */
export function applyPlan(home: Home, plan: Plan, accountId: (account: string) => string, onProgress?: (p: Progress) => void): Applied {
  const work: Work = { home, plan, accountId, touched: new Set(), made: new Set(), missed: [] };
  const total = plan.operations.length;
  let moved = 0;
  prepare(work);
  let done = 0;
  let missing = false; // whether a step before the sweep did nothing
  let sweeping = false;
  for (const operation of plan.operations) {
    sweeping ||= operation.do === "flush";
    // What gives way gives way to something: where that may be missing, the next plan decides.
    if (sweeping && missing && operation.do === "set-aside") {
      moved += 1;
      continue;
    }
    try {
      perform(work, operation);
      done += 1;
    } catch (error) {
      if (!(error instanceof disk.Moved)) throw failed(work, operation, error);
      moved += 1;
      missing ||= !sweeping;
      if ("to" in operation) work.missed.push(operation.to);
      else if ("path" in operation) work.missed.push(operation.path);
      if (operation.do === "complete") break; // everything after it takes the copy for granted
    }
    onProgress?.({ done, total });
  }
  flushTouched(work);
  return { done, moved };
}

/** What has to be known before anything happens: targets of links to come, and what goes to set-aside. */
function prepare(work: Work): void {
  const { operations } = work.plan;
  recordTargets(
    work.home,
    operations.flatMap((o) => (o.do === "make-link" && o.times === undefined ? [o.target] : [])),
  );
  const lines = new Map<string, string>();
  const areas = operations.some((o) => o.do === "set-aside") ? allAreas(work.home) : [];
  for (const o of operations) {
    if (o.do !== "set-aside") continue;
    const area = areas.find((a) => o.to.startsWith(`${a.setAside}/`));
    if (area === undefined) continue;
    const root = join(area.setAside, work.plan.intent.id);
    const beside = lasting(work.home, o.beside);
    const line = `${JSON.stringify({ path: o.to.slice(root.length + 1), size: o.size, why: o.why, beside })}\n`;
    lines.set(root, (lines.get(root) ?? "") + line);
  }
  for (const [root, text] of lines) {
    disk.makeDirectories(root);
    disk.appendRecord(join(root, INDEX), text);
  }
}

/** The record of what lies in one change's set-aside directory. */
export const INDEX = "index.jsonl";

function perform(work: Work, o: Operation): void {
  switch (o.do) {
    case "make-directory":
      above(work, o.path);
      disk.makeDirectory(o.path, o.mode);
      return touch(work, o.path);
    case "move-directory":
      above(work, o.to);
      disk.moveDirectory(o.from, o.to);
      return touch(work, o.from, o.to);
    case "complete":
      return complete(work, o);
    case "link-file":
      disk.linkFile(o.from, o.to);
      return touch(work, o.to);
    case "make-link":
      disk.makeLink(o.path, o.target);
      if (o.times !== undefined) disk.setLinkTimes(o.path, o.times);
      return touch(work, o.path);
    case "stage":
      above(work, o.to);
      disk.putAway(o.from, o.to);
      return touch(work, o.from, o.to);
    case "stage-link":
      if (disk.look(o.from)?.kind !== "link" || disk.targetOf(o.from) !== o.target) throw new disk.Moved(o.from);
      above(work, o.to);
      disk.putAway(o.from, o.to);
      return touch(work, o.from, o.to);
    case "copy-file":
      return copyFile(work, o);
    case "fork":
      return fork(work, o);
    case "append-tail":
      return appendTail(o);
    case "set-times":
      if (disk.look(o.path) === null) throw new disk.Moved(o.path);
      if (disk.look(o.path)?.kind === "link") return disk.setLinkTimes(o.path, o.times);
      if (o.mode !== undefined) disk.setMode(o.path, o.mode);
      return disk.setTimes(o.path, o.times);
    case "flush":
      return flushTouched(work);
    case "drop":
      return disk.drop(o.path, o.kept);
    case "set-aside":
      return setAside(work, o);
    case "remove-directory":
      disk.removeEmptyDirectory(o.path);
      return;
    case "edit-settings":
      return editSettingsFile(work, o);
    case "copy-settings":
      return copySettings(work, o);
  }
}

function touch(work: Work, ...paths: string[]): void {
  for (const path of paths) work.touched.add(dirname(path));
}

/** Makes the directories above a path in our own areas. */
function above(work: Work, path: string): void {
  const directory = dirname(path);
  if (work.made.has(directory)) return;
  disk.makeDirectories(directory);
  work.made.add(directory);
}

/** Makes durable what was linked, moved or made, before anything that it replaces is cleared away. */
function flushTouched(work: Work): void {
  for (const directory of work.touched) if (disk.look(directory)?.kind === "directory") disk.flush(directory);
  work.touched.clear();
}

/** A copy is whole and durable before it loses its `.partial`. */
function complete(work: Work, o: Operation & { do: "complete" }): void {
  if (work.missed.some((path) => path.startsWith(`${o.from}/`))) throw new disk.Moved(o.from);
  if (o.source !== undefined && !sameTree(o.source, o.from)) throw new disk.Moved(o.source);
  disk.flushTree(o.from);
  above(work, o.to);
  disk.moveDirectory(o.from, o.to);
  touch(work, o.from, o.to);
  disk.flush(dirname(o.to));
}

function copyFile(work: Work, o: Operation & { do: "copy-file" }): void {
  const facts = disk.look(o.from);
  if (facts?.kind !== "file") throw new disk.Moved(o.from);
  above(work, o.to);
  disk.copyFile(o.from, o.to, facts);
}

function fork(work: Work, o: Operation & { do: "fork" }): void {
  const facts = disk.look(o.from);
  if (facts?.kind !== "file") throw new disk.Moved(o.from);
  above(work, o.staged);
  disk.createFile(o.staged, forkTranscript(disk.read(o.from), o.session, o.as), facts.mode);
  disk.setTimes(o.staged, facts);
  disk.linkFile(o.staged, o.to);
  touch(work, o.to);
}

function appendTail(o: Operation & { do: "append-tail" }): void {
  const facts = disk.look(o.from);
  const there = disk.look(o.to);
  if (facts?.kind !== "file" || there?.kind !== "file") throw new disk.Moved(o.to);
  const missing = missingTail(disk.read(o.from), disk.read(o.to));
  if (missing.length === 0) return;
  disk.appendTail(o.to, missing); // it was written now, and now is its time
}

function setAside(work: Work, o: Operation & { do: "set-aside" }): void {
  const facts = disk.look(o.from);
  if (facts === null) throw new disk.Moved(o.from);
  if (facts.kind === "file" && facts.size !== o.size) throw new disk.Moved(o.from);
  above(work, o.to);
  if (facts.kind === "directory") disk.moveDirectory(o.from, o.to);
  else disk.putAway(o.from, o.to);
}

function editSettingsFile(work: Work, o: Operation & { do: "edit-settings" }): void {
  const id = work.accountId(o.account);
  const recorded = readSettingsRules(work.home, id);
  if (o.edit.add.length > 0) writeSettingsRules(work.home, id, [...new Set([...recorded, ...o.edit.add])]);
  const text = disk.readText(o.path);
  const next = editSettings(text, o.edit);
  if (next !== text) disk.editFile(o.path, text, next, disk.look(o.path)?.mode ?? 0o600);
  if (o.edit.remove.length > 0) {
    const gone = new Set(o.edit.remove);
    writeSettingsRules(
      work.home,
      id,
      readSettingsRules(work.home, id).filter((r) => !gone.has(r)),
    );
  }
}

/** A settings.json that is a link, replaced by a real copy of what it leads to; the link itself is set aside. */
function copySettings(work: Work, o: Operation & { do: "copy-settings" }): void {
  const there = disk.look(o.path);
  if (there?.kind === "link") {
    const text = disk.readText(o.path) ?? "{}\n";
    above(work, o.staged);
    disk.createFile(o.staged, Buffer.from(text, "utf8"), disk.follow(o.path)?.mode ?? 0o600);
    const aside = `${o.staged}.link`;
    if (disk.look(aside) === null) disk.putAway(o.path, aside);
  }
  if (disk.look(o.path) === null) disk.linkFile(o.staged, o.path);
  disk.drop(o.staged, o.path);
  touch(work, o.path);
}

function failed(work: Work, operation: Operation, error: unknown): unknown {
  const { account } = work.plan.intent;
  return stoppedHalfWay(account, error, "path" in operation ? operation.path : "to" in operation ? operation.to : account);
}
