import { lstatSync } from "node:fs";
import { join } from "node:path";
import { newestPrompts, type Prompt } from "./history.ts";
import { type Identity, identityOf } from "./identity.ts";
import { type JsonObject, numberOf, objectOf, parseObject, textOf, timeOf } from "./json.ts";
import { linesOf, readTail } from "./lines.ts";
import { newestTranscripts, projectDirectory, writtenAt } from "./transcripts.ts";

/** The longest limit is weekly: what is older than this limits nobody any more. */
const LONGEST_LIMIT_MS = 8 * 24 * 60 * 60 * 1000;
const HISTORY_BYTES = 64 * 1024;
const TRANSCRIPT_BYTES = 256 * 1024;
const SESSIONS = 4;
const ENTRIES = 128;
/** A prompt's line in history.jsonl and the one in the transcript were seen 3 ms apart. */
const SAME_PROMPT_MS = 2_000;

/** Whose login a turn was made with, as far as the transcript says. */
interface Login {
  readonly organizationUuid: string | null;
  /** A sentence that holds the e-mail address. */
  readonly email: string | null;
}

/** One end of a turn: the client was told of a limit, or got an answer. */
export interface TurnEnd {
  readonly at: number;
  /** When the limit ends, in milliseconds since the epoch; `null` for an answer. */
  readonly until: number | null;
  readonly login: Login;
  /** The prompt before it. */
  readonly prompt: { readonly at: number; readonly text: string | null } | null;
}

function promptText(message: unknown): string | null {
  const content = objectOf(message)?.content;
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  return textOf(objectOf(content.find((part) => objectOf(part)?.type === "text"))?.text);
}

/** A person's prompt, not the result of a tool or a line of the client's own. */
function isPrompt(line: JsonObject): boolean {
  if (line.type !== "user" || line.isMeta === true || line.isSidechain === true) return false;
  const content = objectOf(line.message)?.content;
  return typeof content === "string" || (Array.isArray(content) && content.every((part) => objectOf(part)?.type !== "tool_result"));
}

/**
 * The ends of turns in the lines of a transcript, oldest first. Seen with 2.1.330: where the login changes within a
 * session, the first turn of the new one has attachments `credential_org` and `session_context`, later ones have not.
 */
export function turnEnds(lines: readonly string[]): TurnEnd[] {
  const ends: TurnEnd[] = [];
  let login: Login = { organizationUuid: null, email: null };
  let prompt: TurnEnd["prompt"] = null;
  for (const text of lines) {
    // Most of a transcript's bytes are in lines that say nothing here: they are not worth parsing.
    if (!/"type": ?"(?:assistant|user|credential_org|session_context)"/.test(text)) continue;
    const line = parseObject(text);
    if (line === null) continue;
    if (line.type === "attachment") {
      const attachment = objectOf(line.attachment);
      if (attachment?.type === "credential_org") login = { ...login, organizationUuid: textOf(attachment.organizationUuid) };
      if (attachment?.type === "session_context") login = { ...login, email: textOf(objectOf(attachment.context)?.userEmail) };
      continue;
    }
    const at = timeOf(line.timestamp);
    if (at === null) continue;
    if (isPrompt(line)) prompt = { at, text: promptText(line.message) };
    if (line.type !== "assistant") continue;
    if (line.isApiErrorMessage !== true) {
      ends.push({ at, until: null, login, prompt });
    } else if (line.apiError === "usage_limit_reached" || line.error === "rate_limit") {
      const seconds = numberOf(objectOf(objectOf(line.apiErrorParams)?.rate_limit_info)?.resetsAt);
      if (seconds !== null) ends.push({ at, until: seconds * 1000, login, prompt });
    }
  }
  return ends;
}

/**
 * Whether a turn was this account's. The login the transcript names decides, where it does. Otherwise, in a directory
 * of the account's own it was; in a shared one only if the prompt before it is one of those typed here: the account's
 * newest prompt into this session is not older than it, or has the same words (one that waited in the queue is written
 * later than it was typed).
 * @param typed this account's newest prompt into the session at or before the turn's end
 */
export function isOwnTurn(end: TurnEnd, identity: Identity, shared: boolean, typed: Prompt | undefined): boolean {
  const { organizationUuid, email } = end.login;
  if (organizationUuid !== null && identity.organizationUuid !== null && organizationUuid !== identity.organizationUuid) return false;
  if (email !== null && identity.email !== null) {
    return email.split(/\s+/).some((word) => word === identity.email || word === `${identity.email}.`);
  }
  if (!shared) return true;
  if (typed === undefined || end.prompt === null) return false;
  return end.prompt.at <= typed.at + SAME_PROMPT_MS || (typed.text !== null && typed.text === end.prompt.text);
}

/** The transcripts most likely to hold the account's last turn: those it typed into last, and the newest of the newest project. */
function candidates(projects: string, prompts: readonly Prompt[], since: number): Map<string, string> {
  const files = new Map<string, string>();
  for (const { sessionId, project, at } of prompts) {
    if (files.size === SESSIONS) break;
    if (at < since || project === null) continue;
    const directory = projectDirectory(project);
    if (directory === null || /[/\\]/.test(sessionId)) continue;
    const file = join(projects, directory, `${sessionId}.jsonl`);
    if (!files.has(file) && (writtenAt(file) ?? 0) >= since) files.set(file, sessionId);
  }
  for (const file of newestTranscripts(projects, since, ENTRIES).slice(0, SESSIONS)) {
    files.set(file, file.slice(0, -".jsonl".length).split(/[/\\]/).at(-1) as string);
  }
  return files;
}

/**
 * Until when the account's usage limit holds, from what its client wrote into transcripts: no client is started and
 * nothing is asked over a network. Reads the ends of at most eight transcripts and of `history.jsonl`. An answer
 * the account got after it met a limit ends the limit. In a group, a limit met with `-p` counts only where the
 * transcript names the login, as `-p` leaves no line in `history.jsonl`.
 * @param now milliseconds since the epoch
 * @returns milliseconds since the epoch, or `null` where no limit is known to hold
 */
export function limitedUntil(instance: string, now: number): number | null {
  const since = now - LONGEST_LIMIT_MS;
  const projects = join(instance, "projects");
  const prompts = newestPrompts(instance, HISTORY_BYTES);
  const files = candidates(projects, prompts, since);
  if (files.size === 0) return null;

  const tails = [...files].map(([file, session]) => ({ session, tail: readTail(file, TRANSCRIPT_BYTES) }));
  // The usual case: nobody met a limit lately, and nothing has to be parsed.
  if (!tails.some(({ tail }) => tail.bytes.includes('"isApiErrorMessage"'))) return null;

  const shared = lstatSync(projects, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  let identity: Identity | undefined;
  let last: TurnEnd | undefined;
  for (const { session, tail } of tails) {
    for (const end of turnEnds(linesOf(tail))) {
      if (end.at < since || (last !== undefined && end.at <= last.at)) continue;
      identity ??= identityOf(instance);
      const typed = prompts.find((prompt) => prompt.sessionId === session && prompt.at <= end.at);
      if (isOwnTurn(end, identity, shared, typed)) last = end;
    }
  }
  return last?.until != null && last.until > now ? last.until : null;
}
