import { unlinkSync } from "node:fs";
import { join } from "node:path";
import { applyEdits, modify, type ParseError, parse } from "jsonc-parser";
import { editFile, flush, list, look, readText } from "../context/disk.ts";
import { nativePath } from "../context/names.ts";
import { CcsError } from "../errors.ts";

/** The files of an instance that hold nothing but a login. */
const LOGIN_FILES = [".credentials.json", ".anthropic"];
/** Directories of an instance, and the files in them that hold a login: old copies of `.claude.json`, keys of clients. */
const LOGIN_FILES_IN: readonly (readonly [directory: string, name: RegExp])[] = [
  [".anthropic", /./],
  ["backups", /^\.claude\.json/],
  ["sessions", /\.key$/],
];
/** What is a login in `.claude.json`; everything else in it (servers, trust, preferences) is none. */
const STATE = ".claude.json";
const LOGIN_KEYS = ["oauthAccount", "primaryApiKey", "customApiKeyResponses"];

/** What of an instance is its login, by the names a person knows. Reads only. */
export function loginIn(instance: string): string[] {
  const found = filesOf(instance).map((path) => path.slice(instance.length + 1));
  const text = stateText(instance);
  const keys = text === null ? [] : LOGIN_KEYS.filter((key) => stateOf(text)?.[key] !== undefined);
  if (text !== null && stateOf(text) === null) found.push(STATE);
  else if (keys.length > 0) found.push(`${keys.join(", ")} in ${STATE}`);
  return found;
}

/**
 * Removes the login from an instance that was set aside, for good: the files above by their names, the keys above from
 * `.claude.json`. A link is removed itself; what it leads to is not ours. Nothing else is touched.
 */
export function removeLogin(instance: string): void {
  for (const path of filesOf(instance)) unlinkSync(nativePath(path));
  const path = join(instance, STATE);
  const text = stateText(instance);
  if (text !== null) {
    // One that cannot be read may hold a key anywhere.
    if (stateOf(text) === null) unlinkSync(path);
    else editFile(path, text, withoutLogin(text), look(path)?.mode ?? 0o600);
  }
  flush(instance);
}

function filesOf(instance: string): string[] {
  const isFile = (path: string) => ["file", "link"].includes(look(path)?.kind ?? "");
  const inside = LOGIN_FILES_IN.flatMap(([directory, name]) =>
    look(join(instance, directory))?.kind === "directory"
      ? (list(join(instance, directory)) ?? []).flatMap((e) => (name.test(e.name) ? [join(instance, directory, e.name)] : []))
      : [],
  );
  const linked = look(join(instance, STATE))?.kind === "link" ? [join(instance, STATE)] : [];
  return [...LOGIN_FILES.map((name) => join(instance, name)), ...inside, ...linked].filter(isFile);
}

function stateText(instance: string): string | null {
  const path = join(instance, STATE);
  if (look(path)?.kind !== "file") return null;
  try {
    return readText(path);
  } catch (error) {
    if (error instanceof CcsError) return ""; // not text: as good as unreadable
    throw error;
  }
}

function stateOf(text: string): Record<string, unknown> | null {
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\uFEFF/, ""), errors);
  return errors.length === 0 && typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function withoutLogin(text: string): string {
  let next = text;
  for (const key of LOGIN_KEYS) {
    // A key that is written twice is taken out twice.
    while (stateOf(next)?.[key] !== undefined) next = applyEdits(next, modify(next, [key], undefined, {}));
  }
  return next;
}
