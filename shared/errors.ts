/** What went wrong, as a word a program can test. Part of the `--json` interface. */
export type ErrorCode =
  | "usage" // the command was given wrong
  | "config-invalid" // config.yaml does not parse, or says something the schema refuses
  | "not-found" // no such account, group, session
  | "exists" // the name is taken
  | "busy" // the lock is held, or a client runs that must not be disturbed
  | "stale" // the disk moved between a plan that was approved and its application
  | "refused" // doing it would break a rule; a person has to decide or mend something first
  | "client-not-found" // Claude Code is not installed
  | "cancelled" // the person said no, or pressed Ctrl-C
  | "failed"; // a system call failed

const EXIT: Record<ErrorCode, number> = {
  usage: 2,
  "config-invalid": 2,
  "not-found": 2,
  exists: 2,
  busy: 75,
  stale: 75,
  refused: 1,
  "client-not-found": 127,
  cancelled: 130,
  failed: 1,
};

export interface ErrorDetails {
  /** Where: a path, or `config.yaml:LINE:COL`. */
  where?: string;
  /** What was left as it was, as a sentence. */
  untouched?: string;
  /** The command or the step that mends it. */
  hint?: string;
  cause?: unknown;
}

/** The one error every room throws on purpose. A face renders it; `exit` is the process's exit code. */
export class CcsError extends Error {
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly untouched: string | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "CcsError";
    this.code = code;
    this.where = details.where;
    this.untouched = details.untouched;
    this.hint = details.hint;
  }

  /** The process exit code the design gives this kind of error. */
  get exit(): number {
    return EXIT[this.code];
  }
}

/** True for a failed system call with this code (`ENOENT`, `EEXIST` ...). */
export function isErrno(error: unknown, ...codes: string[]): error is NodeJS.ErrnoException {
  if (!(error instanceof Error) || error instanceof CcsError || !("code" in error) || typeof error.code !== "string") return false;
  return codes.length === 0 || codes.includes(error.code);
}

/** Why a system call failed, for people: `permission denied (EACCES)`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const call = isErrno(error) ? /^([A-Z0-9]+): ([^,]+)/.exec(error.message) : null;
  return call === null ? error.message : `${call[2]} (${call[1]})`;
}

/** What a person does about a system call that failed. */
export function cureOf(error: unknown): string {
  if (isErrno(error, "ENOSPC", "EDQUOT")) return "Make room, then run the command again.";
  if (isErrno(error, "EACCES", "EPERM")) return "Make it yours to read and write, then run the command again.";
  if (isErrno(error, "EROFS")) return "Make it writable, then run the command again.";
  if (isErrno(error, "ENOTDIR", "EISDIR", "ELOOP")) return "Move it out of the way, then run the command again.";
  return "Mend the cause, then run the command again.";
}

/** What was only looked at, and could not be. Who had changed something before that says so in its place. */
export class Unreadable extends CcsError {
  constructor(path: string, cause: unknown) {
    super("failed", `${path} cannot be read: ${reasonOf(cause)}`, {
      where: path,
      untouched: "Nothing was changed.",
      hint: cureOf(cause),
      cause,
    });
  }
}
