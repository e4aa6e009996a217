/** What a person narrows a list of sessions by. What is left out narrows nothing. */
export interface SessionFilter {
  /** Words that were said: all of them, in any order, also as a part of a longer word. */
  readonly text?: string;
  /** A directory, absolute: sessions started in it or below. */
  readonly under?: string;
  /** A part of the project's path, whatever its case. */
  readonly project?: string;
  /** The owner. */
  readonly account?: string;
  readonly group?: string;
  /** Milliseconds since the epoch; the last message counts. `until` itself is outside. */
  readonly since?: number;
  readonly until?: number;
}

/** Whether a project lies where a filter says. Pure. @param project null where the transcript names none */
export function liesIn(project: string | null, { under, project: part }: SessionFilter): boolean {
  if (under !== undefined && !(project === under || project?.startsWith(under.endsWith("/") ? under : `${under}/`))) return false;
  return part === undefined || (project?.toLowerCase().includes(part.toLowerCase()) ?? false);
}
