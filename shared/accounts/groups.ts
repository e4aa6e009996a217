import { join } from "node:path";
import { type Config, readConfig } from "../config/index.ts";
import { waitingConflicts } from "../context/conflicts.ts";
import { list, look, real } from "../context/disk.ts";
import { membersOf } from "../context/members.ts";
import { ownership, sessionsOf } from "../context/owners.ts";
import { readSetAside, type SetAside } from "../context/set-aside.ts";
import { CcsError } from "../errors.ts";
import { groupOf, type Home } from "../paths.ts";
import { nearest } from "./find.ts";
import type { GroupDetails, GroupReport } from "./types.ts";

/** Every group that has a member or a directory, by name. */
export function groupNames(home: Home, config: Config): string[] {
  const names = new Set<string>();
  for (const account of config.accounts.values()) if (account.policy?.mode === "shared") names.add(account.policy.group);
  for (const entry of list(home.groups) ?? []) if (!entry.name.startsWith(".") && entry.kind !== "file") names.add(entry.name);
  return [...names].sort();
}

/** @param config where it was read already */
export function listGroups(home: Home, config: Config = readConfig(home)): GroupReport[] {
  const aside = readSetAside(home);
  return groupNames(home, config).map((name) => groupReport(home, config, name, aside));
}

/** @throws CcsError not-found, with the nearest name there is */
export function requireGroup(home: Home, config: Config, name: string): void {
  const names = groupNames(home, config);
  if (names.includes(name)) return;
  const near = nearest(name, names);
  throw new CcsError("not-found", `there is no group "${name}"`, {
    untouched: "Nothing was changed.",
    hint: near === null ? "ccs group list" : `Did you mean "${near}"?`,
  });
}

/** One group in full. @throws CcsError not-found @param config where it was read already */
export function showGroup(home: Home, name: string, config: Config = readConfig(home)): GroupDetails {
  requireGroup(home, config, name);
  const aside = readSetAside(home);
  const owners = new Map<string | null, number>();
  const { ownerOf } = ownership(home, config, name);
  for (const session of sessionsOf(home, name)) {
    const owner = ownerOf(session);
    owners.set(owner, (owners.get(owner) ?? 0) + 1);
  }
  return {
    ...groupReport(home, config, name, aside),
    bytes: groupBytes(home, name),
    owners: [...owners].map(([account, sessions]) => ({ account, sessions })).sort((a, b) => b.sessions - a.sessions),
    conflictFiles: waitingConflicts(home, name),
    setAsideFiles: setAsideOf(home, name, aside).map((s) => ({ path: s.path, size: s.sizeNow, why: s.why, beside: s.beside })),
  };
}

function groupReport(home: Home, config: Config, name: string, aside: readonly SetAside[]): GroupReport {
  const mine = setAsideOf(home, name, aside);
  return {
    name,
    directory: groupOf(home, name),
    members: membersOf(config, name).map((account) => {
      const policy = config.accounts.get(account)?.policy;
      return { account, continuity: policy?.mode === "shared" ? policy.continuity : "standard" };
    }),
    sessions: sessionsOf(home, name).length,
    setAside: { files: mine.length, bytes: mine.reduce((sum, s) => sum + s.sizeNow, 0) },
    conflicts: waitingConflicts(home, name).length,
  };
}

function setAsideOf(home: Home, group: string, aside: readonly SetAside[]): SetAside[] {
  const root = `${groupOf(home, group)}/`;
  return aside.filter((s) => s.beside.startsWith(root));
}

/** Bytes of a group's history. */
export function groupBytes(home: Home, name: string): number {
  return bytesUnder(groupOf(home, name));
}

export function bytesUnder(directory: string): number {
  let bytes = 0;
  const visit = (path: string) => {
    for (const entry of list(path) ?? []) {
      const child = join(path, entry.name);
      if (entry.kind === "directory") visit(child);
      else bytes += look(child)?.size ?? 0;
    }
  };
  visit(real(directory) ?? directory);
  return bytes;
}
