import { type ParseError, parse } from "jsonc-parser";
import { look, readText } from "../context/disk.ts";
import { DEFAULT_RETENTION, readSettings } from "../context/settings.ts";
import { CcsError } from "../errors.ts";
import { shown } from "../policy/index.ts";

/** A settings.json as a client sees it. */
export interface SettingsFile {
  readonly path: string;
  readonly isLink: boolean;
  /** Why a client skips the whole file; null where it reads it. A sentence without a full stop. */
  readonly problem: string | null;
  /** The path, with line and column where there is a problem. */
  readonly where: string;
  readonly allow: readonly string[];
  /** Days. */
  readonly retention: number;
}

/**
 * Reads a settings.json as strictly as a client does. Seen with 2.1.330: a comment, a trailing comma or a
 * `cleanupPeriodDays` outside 1 to 2^53-1 makes it skip the whole file, permission rules and all.
 */
export function readSettingsFile(path: string): SettingsFile {
  const text = readText(path);
  const isLink = look(path)?.kind === "link";
  const none = { path, isLink, where: path, allow: [], retention: DEFAULT_RETENTION };
  if (text === null || text.trim() === "") return { ...none, problem: null };
  const body = text.replace(/^\uFEFF/, "");
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return {
      ...none,
      where: placeOf(path, body),
      problem: "settings.json is not strict JSON (a comment and a trailing comma count as errors)",
    };
  }
  const days = (value as { cleanupPeriodDays?: unknown } | null)?.cleanupPeriodDays;
  if (days !== undefined && !(Number.isSafeInteger(days) && (days as number) >= 1)) {
    return { ...none, problem: `cleanupPeriodDays is ${shown(days)}; allowed: a whole number of days, at least 1` };
  }
  try {
    return { ...none, problem: null, ...readSettings(path, text) };
  } catch (error) {
    if (error instanceof CcsError) return { ...none, where: error.where ?? path, problem: error.message };
    throw error;
  }
}

function placeOf(path: string, body: string): string {
  const errors: ParseError[] = [];
  parse(body, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors[0];
  if (first === undefined) return path;
  const before = body.slice(0, first.offset).split("\n");
  return `${path}:${before.length}:${(before.at(-1) ?? "").length + 1}`;
}
