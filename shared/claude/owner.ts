import { type Stats, statSync } from "node:fs";
import { isErrno } from "../errors.ts";
import { parseObject, textOf } from "./json.ts";
import { headLines } from "./lines.ts";

export interface Owner {
  readonly accountUuid: string | null;
  readonly organizationUuid: string | null;
}

/** A session that has grown to this size without an answer says nothing about its owner. */
const HEAD_BYTES = 32 * 1024 * 1024;

/** What a file was when it was read: whoever writes it changes one of these. */
interface Read {
  readonly ino: number;
  readonly size: number;
  readonly changed: number;
  readonly owner: Owner | null;
}

/** What was read, by path; null where nothing is kept. */
let known: Map<string, Read> | null = null;

/**
 * From now on this process keeps what it reads of owners, and reads a transcript again only where it has changed: for one
 * that lives on, and is asked for the same thousands again at every choice.
 */
export function rememberOwners(): void {
  known ??= new Map();
}

/**
 * The login that made a session's first turn: the first `session-owner` line, if it stands before the first message
 * of the assistant. A later one is written by whoever resumes a session that has none, and proves nothing. Seen with
 * 2.1.330: line 1 of a `-p` session, line 3 of an interactive one; a fork begins with the owner line of what it was forked from.
 * Reads the beginning of the file up to that line.
 * @param transcript a path; bytes where it is not UTF-8
 * @returns `null` where there is none, also where there is no file that could be read
 * @throws Unreadable where reading fails
 */
export function readOwner(transcript: string | Buffer): Owner | null {
  if (known === null || typeof transcript !== "string") return ownerIn(transcript);
  const facts = factsOf(transcript);
  if (facts === null) return ownerIn(transcript);
  const { ino, size, ctimeMs: changed } = facts;
  const before = known.get(transcript);
  if (before?.ino === ino && before.size === size && before.changed === changed) return before.owner;
  const owner = ownerIn(transcript);
  known.set(transcript, { ino, size, changed, owner });
  return owner;
}

/** @returns null where there is nothing to see: whoever reads it says why, or that it does not matter */
function factsOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if (!isErrno(error)) throw error;
    return null;
  }
}

function ownerIn(transcript: string | Buffer): Owner | null {
  for (const line of headLines(transcript, HEAD_BYTES)) {
    const mayOwn = line.includes('"session-owner"');
    if (!mayOwn && !line.includes('"assistant"')) continue;
    const parsed = parseObject(line);
    if (parsed?.type === "assistant") return null;
    if (parsed?.type !== "session-owner") continue;
    return { accountUuid: textOf(parsed.accountUuid), organizationUuid: textOf(parsed.organizationUuid) };
  }
  return null;
}
