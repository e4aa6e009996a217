import { CcsError, isErrno } from "../../shared/index.ts";
import { json } from "./json.ts";
import type { Paint } from "./style.ts";
import { plain } from "./wrap.ts";

/** What is wrong, where, what was left as it was, what to do: one line each, at most once. */
export function errorText(error: unknown, paint: Paint): string {
  const { message, where, untouched, hint } = detailsOf(error);
  const [first = "", ...rest] = message.split("\n");
  const lines = [`${paint.red("ccs:")} ${plain(first)}`, ...rest.map((line) => `  ${plain(line.trimStart())}`)];
  if (where !== undefined && !message.includes(where)) lines.push(`  at ${plain(where)}`);
  if (untouched !== undefined) lines.push(`  ${untouched}`);
  if (hint !== undefined) lines.push(...hint.split("\n").map((line) => `  ${paint.cyan(plain(line))}`));
  return `${lines.join("\n")}\n`;
}

/** The same for programs. */
export function errorJson(error: unknown): string {
  const { code, message, where, untouched, hint } = detailsOf(error);
  return json({ error: { code, message, hint: hint ?? null, where: where ?? null, untouched: untouched ?? null } });
}

/** Where an error came from, for the people who mend ccs. */
export function stackText(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const cause = error.cause === undefined ? "" : `caused by ${stackText(error.cause) || `${String(error.cause)}\n`}`;
  return `${error.stack ?? error.message}\n${cause}`;
}

interface Details {
  readonly code: string;
  readonly message: string;
  readonly where?: string | undefined;
  readonly untouched?: string | undefined;
  readonly hint?: string | undefined;
}

function detailsOf(error: unknown): Details {
  if (error instanceof CcsError) return error;
  if (isErrno(error)) return { code: "failed", message: error.message, where: error.path, hint: hintFor(error) };
  return {
    code: "failed",
    message: error instanceof Error ? error.message : String(error),
    hint: "This is a bug of ccs. The same command with CCS_DEBUG=1 shows where it happened.",
  };
}

/** What mends a system call that failed where nobody expected it to. */
function hintFor(error: NodeJS.ErrnoException): string {
  if (isErrno(error, "ENOSPC", "EDQUOT")) return "Make room, and run the command again.";
  if (isErrno(error, "EACCES", "EPERM", "EROFS")) return "Make it yours to read and write, and run the command again.";
  return "Run the command again. With CCS_DEBUG=1 it shows where this happened.";
}
