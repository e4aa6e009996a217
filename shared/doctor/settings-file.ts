import { type ParseError, parse } from "jsonc-parser";
import { OTHER_LOGINS } from "../claude/index.ts";
import { look, readText } from "../context/disk.ts";
import { DEFAULT_RETENTION } from "../context/settings.ts";
import { CcsError } from "../errors.ts";
import { shown } from "../policy/index.ts";

/** A settings.json as a client sees it. */
export interface SettingsFile {
  readonly path: string;
  readonly isLink: boolean;
  /** Why a client skips the whole file; null where it reads it. A sentence without a full stop. */
  readonly problem: string | null;
  /** Whether it is only the retention, which ccs may set. */
  readonly retentionInvalid: boolean;
  /** The path; with line and column where it does not parse. */
  readonly where: string;
  readonly allow: readonly string[];
  /** Days. */
  readonly retention: number;
  /** What in it makes the client another login than its own: variables, or a program that gives a key. */
  readonly logins: readonly string[];
}

/**
 * Reads a settings.json as strictly as a client does. Seen with 2.1.330: a comment, a trailing comma or a
 * `cleanupPeriodDays` outside 1 to 2^53-1 makes it skip the whole file, permission rules and all.
 */
export function readSettingsFile(path: string): SettingsFile {
  const there = look(path);
  const none = {
    path,
    isLink: there?.kind === "link",
    where: path,
    retentionInvalid: false,
    allow: [],
    retention: DEFAULT_RETENTION,
    logins: [],
  };
  if (there === null) return { ...none, problem: null };
  let text: string | null;
  try {
    text = readText(path);
  } catch (error) {
    if (!(error instanceof CcsError)) throw error;
    return { ...none, problem: error.message };
  }
  if (text === null || text.trim() === "") return { ...none, problem: null };
  const body = text.replace(/^\uFEFF/, "");
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return {
      ...none,
      where: placeOf(path, body),
      problem: "settings.json is not strict JSON (comments and trailing commas are not allowed in it)",
    };
  }
  if (!isObject(value)) return { ...none, problem: "settings.json is not an object" };
  const { cleanupPeriodDays: days = DEFAULT_RETENTION, permissions = {} } = value;
  if (!isObject(permissions)) return { ...none, problem: `"permissions" is not an object` };
  const { allow: listed = [] } = permissions;
  if (!Array.isArray(listed)) return { ...none, problem: `"permissions.allow" is not a list` };
  const allow = listed.filter((rule) => typeof rule === "string");
  if (Number.isSafeInteger(days) && (days as number) >= 1)
    return { ...none, problem: null, allow, retention: days as number, logins: loginsIn(value) };
  const problem = `cleanupPeriodDays is ${shown(days)}; allowed: a whole number of days, at least 1`;
  return { ...none, problem, retentionInvalid: true, allow };
}

/** Seen with 2.1.330: each of them comes before the login of the instance, as a variable of the shell does. */
function loginsIn({ env, apiKeyHelper }: Record<string, unknown>): string[] {
  const variables = isObject(env) ? OTHER_LOGINS.filter((name) => typeof env[name] === "string" && env[name] !== "") : [];
  return [...variables, ...(typeof apiKeyHelper === "string" && apiKeyHelper !== "" ? ["apiKeyHelper"] : [])];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function placeOf(path: string, body: string): string {
  const errors: ParseError[] = [];
  parse(body, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors[0];
  if (first === undefined) return path;
  const before = body.slice(0, first.offset).split("\n");
  return `${path}:${before.length}:${(before.at(-1) ?? "").length + 1}`;
}
