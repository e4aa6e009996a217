import { join } from "node:path";
import { ARTIFACTS, type Artifact, groupArtifact } from "../artifacts.ts";
import { identityOf, readOwner, sessionsTypedInto } from "../claude/index.ts";
import type { Config } from "../config/index.ts";
import { type Home, instanceOf } from "../paths.ts";
import { list } from "./disk.ts";
import { membersOf } from "./members.ts";
import { sessionOf } from "./plan/transcripts.ts";
import { accountId, readGroupRecord, type SessionRecord } from "./records.ts";

/** One transcript of a group. */
export interface Session {
  readonly id: string;
  /** The project directory's name. */
  readonly project: string;
  readonly path: string;
}

export const PROJECTS = ARTIFACTS[0] as Artifact;

/** Every transcript under a `projects` directory. */
export function sessionsUnder(projects: string): Session[] {
  const found: Session[] = [];
  for (const project of list(projects) ?? []) {
    if (project.kind !== "directory") continue;
    const directory = join(projects, project.name);
    for (const entry of list(directory) ?? []) {
      const id = entry.kind === "file" ? sessionOf(entry.name) : null;
      if (id !== null) found.push({ id, project: project.name, path: join(directory, entry.name) });
    }
  }
  return found;
}

/** Every transcript of a group. */
export function sessionsOf(home: Home, group: string): Session[] {
  return sessionsUnder(groupArtifact(home, group, PROJECTS));
}

/**
 * The members a group has had since its members last changed, as permanent ids: config.yaml edited by hand does not
 * change who was there until then. Null stands for an account that has no id yet.
 */
export function memberIds(home: Home, config: Config, group: string): (string | null)[] {
  return [...(readGroupRecord(home, group)?.members ?? membersOf(config, group).map((m) => accountId(home, m)))];
}

/**
 * What has to be recorded before the members of a group change: every session not recorded yet appeared under today's
 * members, so it belongs to the only one there is, or to nobody in particular.
 */
export function unrecordedSessions(home: Home, config: Config, group: string): SessionRecord[] {
  const record = readGroupRecord(home, group);
  const members = memberIds(home, config, group);
  const alone = record?.complete === true && members.length === 1 ? (members[0] ?? null) : null;
  const known = new Set(record?.known ?? []);
  const fresh: SessionRecord[] = [];
  for (const { id } of sessionsOf(home, group)) {
    if (known.has(id)) continue;
    known.add(id);
    fresh.push(alone === null ? { session: id, how: "unknown" } : { session: id, how: "alone", account: alone });
  }
  return fresh;
}

/** A session whose owner line was read before. */
export interface KnownSession {
  readonly id: string;
  /** What `readOwner` says of its transcript. */
  readonly accountUuid: string | null;
}

/**
 * The account to name as the owner of a session of a group, as `ownership` has it, without a look at transcripts.
 * @returns a function of the session; null where it is nobody's in particular
 */
export function ownersIn(home: Home, config: Config, group: string): (session: KnownSession) => string | null {
  const byLogin = byLoginOf(home, config);
  let recorded: ((id: string) => string[]) | undefined;
  return ({ id, accountUuid }) => {
    const owner = byLogin(accountUuid);
    if (owner !== null) return owner;
    // Records are only read where a transcript names nobody.
    recorded ??= byRecordOf(home, config, group, () => {
      const members = memberIds(home, config, group);
      const record = readGroupRecord(home, group);
      const alone = record?.complete === true && members.length === 1 ? (members[0] ?? null) : null;
      return (session) => (alone === null || record?.known.has(session) === true ? null : alone);
    });
    return recorded(id)[0] ?? null;
  };
}

/** The account that is signed in with a login; null where none or several are. */
export function byLoginOf(home: Home, config: Config): (accountUuid: string | null) => string | null {
  const logins = loginsOf(home, config);
  return (uuid) => {
    const accounts = uuid ? (logins.get(uuid) ?? []) : [];
    return accounts.length === 1 ? (accounts[0] as string) : null;
  };
}

/**
 * The accounts the records of a group name for a session.
 * @param aloneOf tells, for a session, the only member it appeared under and that is not recorded yet, as a permanent id
 */
function byRecordOf(
  home: Home,
  config: Config,
  group: string,
  aloneOf: () => (session: string) => string | null,
): (session: string) => string[] {
  const record = readGroupRecord(home, group);
  const fresh = aloneOf();
  const names = new Map<string, string>();
  for (const name of config.accounts.keys()) {
    const id = accountId(home, name);
    if (id !== null) names.set(id, name);
  }
  return (session) => {
    const alone = fresh(session) ?? record?.alone.get(session);
    const ids = [...(record?.brought.get(session) ?? []), ...(alone === undefined ? [] : [alone])];
    return ids.flatMap((accountOf) => names.get(accountOf) ?? []);
  };
}

/** Tells whose the sessions of a group are. */
export interface Ownership {
  /** Whether an account may take the session along as its own. */
  isOwn(session: Session, account: string): boolean;
  /** The account to name as the owner, or null where it is nobody's in particular. */
  ownerOf(session: Session): string | null;
}

/**
 * A session is an account's own if an owner line before its first assistant message names that account's login and no
 * other account here has the same login; else if the account brought it; else if it appeared while the account was the
 * only member.
 */
export function ownership(home: Home, config: Config, group: string): Ownership {
  const ofLogin = byLoginOf(home, config);
  const byRecord = byRecordOf(home, config, group, () => {
    const fresh = new Map(unrecordedSessions(home, config, group).map((r) => [r.session, r]));
    return (session) => {
      const now = fresh.get(session);
      return now?.how === "alone" ? now.account : null;
    };
  });
  const byLogin = (session: Session): string | null => ofLogin(readOwner(session.path)?.accountUuid ?? null);
  return {
    isOwn: (session, account) => byRecord(session.id).includes(account) || byLogin(session) === account,
    ownerOf: (session) => byLogin(session) ?? byRecord(session.id)[0] ?? null,
  };
}

/** Account names by the login they are signed in with. */
function loginsOf(home: Home, config: Config): Map<string, string[]> {
  const logins = new Map<string, string[]>();
  for (const name of config.accounts.keys()) {
    const uuid = identityOf(instanceOf(home, name)).accountUuid;
    if (uuid !== null) logins.set(uuid, [...(logins.get(uuid) ?? []), name]);
  }
  return logins;
}

/** Sessions of others a person typed into under this account. */
export function continuedBy(home: Home, account: string): ReadonlySet<string> {
  return new Set(sessionsTypedInto(instanceOf(home, account)).keys());
}
