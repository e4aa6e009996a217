import {
  applyEdits,
  type FormattingOptions,
  findNodeAtLocation,
  modify,
  type ParseError,
  parse,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { CcsError } from "../errors.ts";
import type { Home } from "../paths.ts";
import { groupOf } from "../paths.ts";
import { realPathOf } from "./disk.ts";
import type { SettingsEdit } from "./types.ts";

/** Days a client keeps sessions when its settings do not say (observed: sessions older than this are deleted). */
export const DEFAULT_RETENTION = 30;

/** What matters to us in an instance's settings.json. */
export interface Settings {
  readonly allow: readonly string[];
  /** Days. */
  readonly retention: number;
  /** Whether `cleanupPeriodDays` says something the client does not accept: it then reads nothing of the file at all. */
  readonly retentionInvalid: boolean;
}

/**
 * Reads the text of a settings.json.
 * @throws CcsError refused, with line and column, when it does not parse or has another shape
 */
export function readSettings(path: string, text: string | null): Settings {
  if (text === null || text.trim() === "") return { allow: [], retention: DEFAULT_RETENTION, retentionInvalid: false };
  const errors: ParseError[] = [];
  const body = text.replace(/^\uFEFF/, "");
  const value: unknown = parse(body, errors, { allowTrailingComma: true });
  const first = errors[0];
  if (first !== undefined) throw unreadable(`${path}:${position(body, first.offset)}`, printParseErrorCode(first.error));
  if (!isObject(value)) throw unreadable(path, "it is not an object");
  const permissions = value.permissions === undefined ? {} : value.permissions;
  if (!isObject(permissions)) throw unreadable(path, `"permissions" is not an object`);
  const allow = permissions.allow === undefined ? [] : permissions.allow;
  if (!Array.isArray(allow)) throw unreadable(path, `"permissions.allow" is not a list`);
  const days = value.cleanupPeriodDays;
  const valid = typeof days === "number" && Number.isSafeInteger(days) && days >= 1;
  return {
    allow: allow.filter((r) => typeof r === "string"),
    retention: valid ? days : DEFAULT_RETENTION,
    retentionInvalid: days !== undefined && !valid,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unreadable(where: string, why: string): CcsError {
  return new CcsError("refused", `settings.json cannot be read: ${why}`, {
    where,
    untouched: "Nothing was changed.",
    hint: "Mend the file, then run the command again.",
  });
}

function position(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `${before.length}:${(before.at(-1) ?? "").length + 1}`;
}

/**
 * The permission rules a client needs once its `projects` is a link: it sees memory and tool results behind the link as
 * outside its own directory, and asks. Both names are needed, the instance's (any: a conversation remembers the
 * memory path of the account that began it) and the group's real one; absolute paths are written with two slashes.
 */
export function wantedRules(home: Home, group: string): string[] {
  const roots = [`${escapeRule(home.instances)}/*`, escapeRule(realPathOf(groupOf(home, group)))];
  return roots.flatMap((root) => [`Edit(/${root}/projects/*/memory/**)`, `Read(/${root}/projects/**)`]);
}

/** A path inside a rule: what the client's patterns would read as wildcards is escaped the way it was seen to accept. */
function escapeRule(path: string): string {
  return path.replaceAll("\\", "\\\\\\\\").replace(/[*[\]]/g, "\\$&");
}

/** The text of a settings.json with an edit made in it; everything else stays as it was written. */
export function editSettings(text: string | null, edit: SettingsEdit): string {
  const marked = text?.startsWith("\uFEFF") ?? false;
  let body = (text ?? "").replace(/^\uFEFF/, "");
  if (body.trim() === "") body = "{}\n";
  const formattingOptions = formattingOf(body);
  const change = (path: (string | number)[], value: unknown, isArrayInsertion = false) => {
    body = applyEdits(body, modify(body, path, value, { formattingOptions, isArrayInsertion }));
  };
  const allow = () => readSettings("settings.json", body).allow;
  for (const rule of edit.add) {
    const present = allow();
    if (present.includes(rule)) continue;
    if (rawAllow(body) === undefined) change(["permissions", "allow"], [rule]);
    else change(["permissions", "allow", -1], rule, true);
  }
  for (const rule of edit.remove) {
    for (let at = (rawAllow(body) ?? []).lastIndexOf(rule); at >= 0; at = (rawAllow(body) ?? []).lastIndexOf(rule)) {
      body = withoutElement(body, at);
    }
  }
  const now = readSettings("settings.json", body);
  if (edit.retention !== null && (now.retentionInvalid || now.retention < edit.retention)) change(["cleanupPeriodDays"], edit.retention);
  return marked ? `\uFEFF${body}` : body;
}

/** Takes one rule out of `permissions.allow` with its comma, and nothing beside it: jsonc-parser would take comments along. */
function withoutElement(body: string, at: number): string {
  const root = parseTree(body, [], { allowTrailingComma: true });
  const elements = (root === undefined ? undefined : findNodeAtLocation(root, ["permissions", "allow"]))?.children ?? [];
  const node = elements[at];
  if (node === undefined) return body;
  const end = node.offset + node.length;
  const before = elements[at - 1];
  if (before !== undefined) {
    const from = before.offset + before.length;
    if (/^\s*,\s*$/.test(body.slice(from, node.offset))) return body.slice(0, from) + body.slice(end);
  }
  const after = elements[at + 1];
  if (after !== undefined && /^\s*,\s*$/.test(body.slice(end, after.offset))) return body.slice(0, node.offset) + body.slice(after.offset);
  const list = node.parent;
  if (list !== undefined && elements.length === 1) {
    const inner = [list.offset + 1, list.offset + list.length - 1] as const;
    const rest = body.slice(inner[0], node.offset) + body.slice(end, inner[1]);
    if (/^\s*,?\s*$/.test(rest)) return body.slice(0, inner[0]) + body.slice(inner[1]);
  }
  const comma = /^\s*,/.exec(body.slice(end));
  return body.slice(0, node.offset) + body.slice(end + (comma?.[0].length ?? 0));
}

function rawAllow(body: string): unknown[] | undefined {
  const value = parse(body, [], { allowTrailingComma: true }) as { permissions?: { allow?: unknown[] } };
  return value.permissions?.allow;
}

function formattingOf(body: string): FormattingOptions {
  const indent = /^([ \t]+)"/m.exec(body)?.[1] ?? "  ";
  return {
    insertSpaces: !indent.startsWith("\t"),
    tabSize: indent.startsWith("\t") ? 1 : indent.length,
    eol: body.includes("\r\n") ? "\r\n" : "\n",
  };
}
