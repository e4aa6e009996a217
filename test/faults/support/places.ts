/** Names in an instance that a policy can share. A list of its own: what is tested here is not asked. */
const SHARED = ["projects", "session-env", "file-history", "shell-snapshots", "todos", "tasks"];

/** Where in the tree a shared thing lies, and what it is called there. */
export interface Place {
  readonly where: "instance" | "group" | "staging" | "set-aside";
  readonly artifact: string;
  /** Names from the artifact's root; none for the root itself. */
  readonly rest: readonly string[];
}

/** The place of a path, or null where it is no part of a history. */
export function placeOf(path: string): Place | null {
  const [top, second = "", third = "", ...more] = path.split("/");
  if (top === "instances") return SHARED.includes(third) ? { where: "instance", artifact: third, rest: more } : null;
  if (top === "shared" && second === "context-groups") {
    const [artifact = "", ...rest] = more;
    if (artifact === "projects") return { where: "group", artifact, rest };
    if (artifact === "continuity" && rest.length > 0) return { where: "group", artifact: rest[0] as string, rest: rest.slice(1) };
    return null;
  }
  if (top === "staging" || top === "set-aside") {
    const artifact = SHARED.find((name) => third === name || third.startsWith(`${name}.`));
    return artifact === undefined ? null : { where: top, artifact, rest: more };
  }
  return null;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The ids sessions got that could not keep their own, by the one they had. */
export type Forks = ReadonlyMap<string, ReadonlySet<string>>;

/** Whether a history's entry may be found under another place's names: its own, or the documented ones for what had to give way. */
export function mayBeCalled(before: Place, after: Place, forks: Forks): boolean {
  if (before.artifact !== after.artifact || before.rest.length !== after.rest.length) return false;
  return before.rest.every((name, n) => sameName(name, after.rest[n] as string, forks));
}

function sameName(before: string, after: string, forks: Forks): boolean {
  if (before === after) return true;
  if (after.startsWith(`${before}~`) && /^~\d+$/.test(after.slice(before.length))) return true;
  const dot = before.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [before.slice(0, dot), before.slice(dot)] : [before, ""];
  if (after.startsWith(`${stem}.from-`) && after.endsWith(ending)) return true;
  const [session, as] = [before.match(UUID)?.[0], after.match(UUID)?.[0]];
  if (session === undefined || as === undefined || forks.get(session)?.has(as) !== true) return false;
  return before.replaceAll(session, as) === after;
}

/** The session a place is a transcript of, or null. */
export function transcriptOf(place: Place): string | null {
  if (place.artifact !== "projects" || place.rest.length !== 2) return null;
  return /^([0-9a-f-]{36})\.jsonl$/.exec(place.rest[1] as string)?.[1] ?? null;
}
