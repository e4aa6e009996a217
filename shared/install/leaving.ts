import { join } from "node:path";
import { groupNames } from "../accounts/groups.ts";
import { groupArtifact } from "../artifacts.ts";
import type { Config } from "../config/index.ts";
import { commonLength, list, look } from "../context/disk.ts";
import { readIntent } from "../context/intents.ts";
import { PROJECTS, type Session, sessionsOf, sessionsUnder } from "../context/owners.ts";
import { decideTaking } from "../context/plan/take.ts";
import { groupsLeft } from "../context/preview.ts";
import type { Change } from "../context/types.ts";
import { type Home, instanceOf } from "../paths.ts";
import { type ContextPolicy, ISOLATED } from "../policy/index.ts";

/** An account that has something to leave. */
interface Leaver {
  readonly account: string;
  readonly policy: ContextPolicy | null;
  /** The groups it is in: by its links, or by config.yaml. */
  readonly groups: readonly string[];
  /** What a change that was begun and not finished takes along; null where there is none. */
  readonly begun: readonly string[] | null;
}

export interface Leaving {
  /** One for each account that is in a group, or half way out of one. What was begun comes first. */
  readonly changes: readonly Change[];
  /** Groups with sessions that are not found in any instance afterwards: nobody is in them. */
  readonly unseen: readonly { readonly group: string; readonly sessions: number }[];
  /** Groups in which clients have remembered something, by how many projects: an account takes along what it had brought. */
  readonly remembered: readonly { readonly group: string; readonly projects: number }[];
}

/**
 * How all accounts leave their groups so that a client finds every session: each takes its own; what is nobody's in
 * particular goes to one of the group, unless an account that left before has all of it. Reads only.
 */
export function leavingAll(home: Home, config: Config): Leaving {
  const leavers = leaversOf(home, config);
  const staying = [...config.accounts.keys()].filter((name) => leavers.every(({ account }) => account !== name));
  const isFound = foundIn(home, staying);
  // One that is half way out may have no link any more; what it has chosen arrives all the same.
  const begun = leavers.flatMap((leaver) => leaver.begun ?? []);
  const inherited = new Map<string, string[]>();
  const unseen: { group: string; sessions: number }[] = [];
  const names = new Set([...groupNames(home, config), ...leavers.flatMap(({ groups }) => groups)]);
  for (const group of names) {
    const of = leavers.filter(({ groups }) => groups.includes(group));
    const own = new Set([...begun, ...of.flatMap(({ account }) => decideTaking(home, config, account, group, "mine", []).taken)]);
    const left = sessionsOf(home, group).filter((session) => !own.has(session.id) && !isFound(session));
    const rest = [...new Set(left.map(({ id }) => id))];
    const heir = heirOf(config, of);
    if (heir !== null) inherited.set(heir, rest);
    else if (rest.length > 0) unseen.push({ group, sessions: rest.length });
  }
  const first = [...leavers.filter(({ begun }) => begun !== null), ...leavers.filter(({ begun }) => begun === null)];
  const changes = first.map(({ account }) => ({
    account,
    to: ISOLATED,
    take: "mine" as const,
    takeSessions: inherited.get(account) ?? [],
    copySettings: false,
  }));
  const remembered = [...names].map((group) => ({ group, projects: projectsRemembered(home, group) }));
  return { changes, unseen, remembered: remembered.filter(({ projects }) => projects > 0) };
}

function projectsRemembered(home: Home, group: string): number {
  const above = groupArtifact(home, group, PROJECTS);
  const isRemembered = (project: string) => (list(join(above, project, "memory")) ?? []).length > 0;
  return (list(above) ?? []).filter(({ name, kind }) => kind === "directory" && isRemembered(name)).length;
}

/** Links count as much as config.yaml does: somebody may have edited that by hand, or a change may have been killed. */
function leaversOf(home: Home, config: Config): Leaver[] {
  return [...config.accounts.values()].flatMap(({ name: account, policy }) => {
    const groups = groupsLeft(home, account, policy, ISOLATED);
    const intent = readIntent(home, account);
    if (groups.length === 0 && intent === null && policy?.mode !== "shared") return [];
    return [{ account, policy, groups, begun: intent === null ? null : (intent.taken ?? []) }];
  });
}

/** Who gets what is nobody's: one that sees as much of it as any does; of those the default account, or the first. */
function heirOf(config: Config, members: readonly Leaver[]): string | null {
  const free = members.filter(({ groups }) => groups.length === 1); // ids are chosen for one group
  const deeper = free.filter(({ policy }) => policy?.mode === "shared" && policy.continuity === "deeper");
  const most = deeper.length > 0 ? deeper : free;
  return (most.find(({ account }) => account === config.default) ?? most[0])?.account ?? null;
}

/** Whether a session of a group is found, whole, in the instance of one of these accounts. */
function foundIn(home: Home, accounts: readonly string[]): (session: Session) => boolean {
  let byId: Map<string, string[]> | undefined;
  const index = () => {
    const found = new Map<string, string[]>();
    for (const account of accounts) {
      for (const { id, path } of sessionsUnder(join(instanceOf(home, account), "projects")))
        found.set(id, [...(found.get(id) ?? []), path]);
    }
    return found;
  };
  return ({ id, path }) => {
    byId ??= index();
    return (byId.get(id) ?? []).some((copy) => holds(copy, path));
  };
}

function holds(copy: string, original: string): boolean {
  const [there, here] = [look(copy), look(original)];
  if (there?.kind !== "file" || here?.kind !== "file" || there.size < here.size) return false;
  return (there.size === here.size && there.mtime === here.mtime) || commonLength(copy, original) === here.size;
}
