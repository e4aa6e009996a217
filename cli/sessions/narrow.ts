import type { SessionReport } from "../../shared/index.ts";
import { closeness } from "./fuzzy.ts";

/** What was said in a session counts as much as a word inside a line, for each word. */
const SAID = 2;

/** Gives, for what was typed, the sessions that fit, the best first, then the newest. */
export type Narrow = (typed: string) => readonly SessionReport[];

/**
 * @param sessions newest first
 * @param said the transcripts in which a text was said
 */
export function narrowing(sessions: readonly SessionReport[], said: (text: string) => ReadonlySet<string>): Narrow {
  const lines = sessions.map(({ project, title, prompt, owner, group }) =>
    [project, title, prompt, owner, group]
      .filter((part) => part !== null)
      .join(" ")
      .toLowerCase(),
  );
  return (typed) => {
    const wanted = typed.trim().toLowerCase();
    if (wanted === "") return sessions;
    const spoken = said(wanted);
    const worth = wanted.split(/\s+/).length * SAID;
    const scores = sessions.map(({ transcript }, at) => Math.max(closeness(wanted, lines[at] ?? ""), spoken.has(transcript) ? worth : 0));
    return [...sessions.keys()]
      .filter((at) => (scores[at] ?? 0) > 0)
      .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
      .map((at) => sessions[at] as SessionReport);
  };
}
