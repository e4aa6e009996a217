import { join } from "node:path";
import type { Artifact } from "../../artifacts.ts";
import type { Config } from "../../config/index.ts";
import { CcsError } from "../../errors.ts";
import type { Home } from "../../paths.ts";
import { type Facts, follow, list, look } from "../disk/look.ts";
import { continuedBy, ownership, type Session, sessionsOf } from "../owners.ts";
import { broughtMemory } from "../records.ts";
import type { Take } from "../types.ts";
import { type Copy, planCopy } from "./copy.ts";

/** What leaving a group means in sessions. */
export interface Taking {
  /** Ids of the sessions the account takes along. */
  readonly taken: readonly string[];
  readonly stay: number;
  /** Of those that stay: the account continued them. */
  readonly continued: number;
}

/** Decides which sessions of a group an account takes along. */
export function decideTaking(home: Home, config: Config, account: string, group: string, take: Take, chosen: readonly string[]): Taking {
  const sessions = sessionsOf(home, group);
  const ids = new Set(sessions.map((s) => s.id));
  for (const id of chosen) {
    if (!ids.has(id)) {
      throw new CcsError("not-found", `there is no session ${id} in the group ${group}`, {
        untouched: "Nothing was changed.",
        hint: `ccs group show ${group}`,
      });
    }
  }
  const named = new Set(chosen);
  const owners = take === "mine" ? ownership(home, config, group) : null;
  const mine = (s: Session) => take === "all" || named.has(s.id) || owners?.isOwn(s, account) === true;
  const taken = new Set(sessions.filter(mine).map((s) => s.id));
  const stay = [...ids].filter((id) => !taken.has(id));
  const typed = continuedBy(home, account);
  return { taken: [...taken], stay: stay.length, continued: stay.filter((id) => typed.has(id)).length };
}

/** What a copy for leaving is made of. */
export interface TakeSource {
  readonly home: Home;
  readonly artifact: Artifact;
  readonly accountId: string;
  readonly group: string;
  /** The artifact as the account sees it, through its link. */
  readonly source: string;
  readonly taken: ReadonlySet<string>;
  /** Whether the memory it brought comes along. */
  readonly memory: boolean;
}

/** Plans the copy of an artifact's part that belongs to what an account takes along, into a `.partial` directory. */
export function planTake(c: Copy, t: TakeSource, partial: string): void {
  const root = follow(t.source);
  c.steps.main.push({ do: "make-directory", path: partial, mode: 0o700 });
  if (t.artifact.name === "projects") takeProjects(c, t, partial);
  else if (t.artifact.perSession) {
    for (const entry of list(t.source) ?? []) {
      if (t.taken.has(entry.name.slice(0, 36))) copy(c, t.source, partial, entry.name);
    }
  }
  if (root !== null) closeDirectory(c, partial, root);
}

function copy(c: Copy, above: string, to: string, name: string, fresh = false): void {
  planCopy(c, join(above, name), join(above, name), join(to, name), fresh);
}

function closeDirectory(c: Copy, path: string, facts: Facts): void {
  c.steps.main.push({ do: "set-times", path, times: facts, mode: facts.mode });
}

function takeProjects(c: Copy, t: TakeSource, partial: string): void {
  const memory = t.memory ? newestMemory(t) : null;
  for (const project of memory === null ? [] : (list(memory) ?? [])) {
    const to = join(partial, project.name);
    c.steps.main.push({ do: "make-directory", path: to, mode: 0o700 });
    copy(c, join(memory as string, project.name), to, "memory");
  }
  for (const project of list(t.source) ?? []) {
    if (project.kind !== "directory") continue;
    const directory = join(t.source, project.name);
    const mine = (list(directory) ?? []).filter((e) => t.taken.has(e.name.replace(/\.jsonl$/, "")));
    if (mine.length > 0) {
      const to = join(partial, project.name);
      const facts = look(directory);
      c.steps.main.push({ do: "make-directory", path: to, mode: 0o700 });
      const fresh = look(to) === null;
      for (const entry of mine) copy(c, directory, to, entry.name, fresh);
      if (facts !== null) closeDirectory(c, to, facts);
    }
  }
}

/** Memory leaves only as the bytes the account brought: those of its latest joining. */
function newestMemory(t: TakeSource): string | null {
  const above = broughtMemory(t.home, t.accountId, t.group);
  const complete = (list(above) ?? []).filter((e) => e.kind === "directory" && !e.name.endsWith(".partial"));
  const newest = complete.at(-1);
  return newest === undefined ? null : join(above, newest.name);
}
