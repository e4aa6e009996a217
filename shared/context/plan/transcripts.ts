import { Buffer } from "node:buffer";

/** How an arriving transcript stands to the one of the same name. */
export type Relation =
  | "same"
  | "shorter" // the arriving one is a prefix
  | "longer" // the one that is there is a prefix
  | "tail" // the arriving one only holds what was written after a part of the other
  | "tail-there" // the other way round
  | "diverged";

const SESSION_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a name is a session id, as the client makes them (a UUID). */
export function isSessionId(name: string): boolean {
  return SESSION_ID.test(name);
}

/** The session a transcript's file name stands for (`<uuid>.jsonl`), or null. */
export function sessionOf(fileName: string): string | null {
  if (!fileName.endsWith(".jsonl")) return null;
  const id = fileName.slice(0, -".jsonl".length);
  return isSessionId(id) ? id : null;
}

/** A transcript's lines without their newlines; a last line without one counts. */
export function linesOf(bytes: Buffer): string[] {
  const lines = bytes.toString("latin1").split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

interface Line {
  readonly uuid?: unknown;
  readonly parentUuid?: unknown;
}

function parse(line: string): Line | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : null;
  } catch {
    return null; // cut short, or not the client's
  }
}

/**
 * Whether `part` only continues what `whole` holds: its first line with a `parentUuid` follows a line of `whole`.
 * A client whose file was moved away goes on in a new file that way; lines of bookkeeping without a `uuid` may come
 * first. A file of nothing but such lines has no conversation of its own and continues any.
 */
function continues(part: readonly string[], whole: readonly string[]): boolean {
  let parent: unknown;
  let found = false;
  for (const line of part) {
    const value = parse(line);
    if (value === null || value.uuid === undefined || value.parentUuid === undefined) continue;
    parent = value.parentUuid;
    found = true;
    break;
  }
  if (!found) return true;
  if (typeof parent !== "string") return false;
  return whole.some((line) => line.includes(parent as string) && parse(line)?.uuid === parent);
}

/**
 * Compares two transcripts of one session.
 * @param common how many leading bytes they share
 */
export function relate(arriving: Buffer, there: Buffer, common: number): Relation {
  if (common === arriving.length && common === there.length) return "same";
  if (common === arriving.length) return "shorter";
  if (common === there.length) return "longer";
  const a = linesOf(arriving);
  const b = linesOf(there);
  if (continues(a, b)) return "tail";
  if (continues(b, a)) return "tail-there";
  return "diverged";
}

/**
 * The bytes that have to be appended to `there` so that it holds every line of `tail`, each once.
 * A fragment that an earlier attempt left at the end is completed, not written again.
 */
export function missingTail(tail: Buffer, there: Buffer): Buffer {
  const held = linesOf(there);
  const known = new Set(held);
  const open = there.length > 0 && there[there.length - 1] !== 0x0a ? (held.at(-1) ?? "") : "";
  const missing = linesOf(tail).filter((line) => !known.has(line));
  if (missing.length === 0) return Buffer.alloc(0);
  const text = missing.map((line) => `${line}\n`).join("");
  if (open === "") return Buffer.from(text, "latin1");
  return Buffer.from(missing[0]?.startsWith(open) ? text.slice(open.length) : `\n${text}`, "latin1");
}

/**
 * The same transcript as a session of its own: every `sessionId` field that named `session` names `as`. The client's own
 * fork changes no other field; paths in the text go on naming the attachments of the session it came from.
 */
export function forkTranscript(bytes: Buffer, session: string, as: string): Buffer {
  const field = new RegExp(`("sessionId"\\s*:\\s*")${session}"`, "g");
  return Buffer.from(bytes.toString("latin1").replace(field, `$1${as}"`), "latin1");
}
