import { join } from "node:path";
import { numberOf, parseObject, textOf } from "./json.ts";
import { headLines, linesOf, readTail } from "./lines.ts";

/** One line of `history.jsonl`: what a person typed at a prompt. A client started with `-p` writes none. */
export interface Prompt {
  readonly sessionId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The directory the client was started in. */
  readonly project: string | null;
  readonly text: string | null;
}

function promptOf(line: string): Prompt | null {
  const parsed = parseObject(line);
  const sessionId = textOf(parsed?.sessionId);
  const at = numberOf(parsed?.timestamp);
  if (sessionId === null || at === null) return null;
  return { sessionId, at, project: textOf(parsed?.project), text: textOf(parsed?.display) };
}

function historyOf(instance: string): string {
  return join(instance, "history.jsonl");
}

/**
 * The sessions a person typed into while logged in here, each with the time of its last prompt (milliseconds since the
 * epoch). It does not say who made them. Lines that do not parse are passed over.
 * @throws Unreadable where reading fails
 */
export function sessionsTypedInto(instance: string): Map<string, number> {
  const sessions = new Map<string, number>();
  for (const line of headLines(historyOf(instance))) {
    const prompt = promptOf(line);
    if (prompt !== null && prompt.at >= (sessions.get(prompt.sessionId) ?? Number.NEGATIVE_INFINITY)) {
      sessions.set(prompt.sessionId, prompt.at);
    }
  }
  return sessions;
}

/**
 * The newest prompts, newest first, from the end of `history.jsonl`.
 * @param bytes how much of the end is read
 * @throws Unreadable where reading fails
 */
export function newestPrompts(instance: string, bytes: number): Prompt[] {
  const prompts: Prompt[] = [];
  for (const line of linesOf(readTail(historyOf(instance), bytes))) {
    const prompt = promptOf(line);
    if (prompt !== null) prompts.push(prompt);
  }
  return prompts.reverse();
}
