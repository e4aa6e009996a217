import { join } from "node:path";
import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";
import { readConfig } from "../config/index.ts";
import { editFile, follow, look, Moved, readText } from "../context/disk.ts";
import { withLock } from "../context/lock.ts";
import { readSettings } from "../context/settings.ts";
import { CcsError } from "../errors.ts";
import { type Home, instanceOf } from "../paths.ts";
import { requireAccount } from "./find.ts";

/** The command of a `statusLine` that is ours, wherever the program lies. */
const OURS = /(?:^|[\\/ '"])ccs(?:\.exe)?['"]? statusline$/;

/** What an account's settings.json says of the line below the client's prompt. */
export type StatusLine = { readonly is: "none" } | { readonly is: "ours" | "theirs"; readonly command: string };

/** Whether the status line in a settings.json is ours. Pure. @param text strict JSON */
export function isOurStatusLine(text: string): boolean {
  return readStatusLine("settings.json", text).is === "ours";
}

/** @throws CcsError not-found; refused where settings.json does not parse */
export function statusLineOf(home: Home, account: string): StatusLine {
  const { name } = requireAccount(readConfig(home), account);
  const path = settingsOf(home, name);
  return readStatusLine(path, readText(path));
}

/**
 * Puts our status line into an account's settings.json, or takes it out again. All else in the file stays byte for byte.
 * @param command what the client is to run; null takes ours out
 * @returns whether anything was changed
 * @throws CcsError refused where a person has one of their own, where settings.json is a link or does not parse; busy, stale
 */
export function setStatusLine(home: Home, account: string, command: string | null): boolean {
  const { name } = requireAccount(readConfig(home), account);
  const path = settingsOf(home, name);
  const instance = instanceOf(home, name);
  if (follow(instance)?.kind !== "directory") {
    throw new CcsError("refused", `${name} has no directory yet`, {
      where: instance,
      untouched: "Nothing was changed.",
      hint: `ccs ${name}`,
    });
  }
  return withLock(home, `changing the status line of ${name}`, () => {
    const text = readText(path);
    const now = readStatusLine(path, text);
    const none = now.is === "none";
    if (command === null ? none : now.is === "ours" && now.command === command) return false;
    if (now.is === "theirs") throw ownStatusLine(path, name);
    if (look(path)?.kind === "link") throw linked(path, command);
    const next = editStatusLine(text, command);
    try {
      editFile(path, text, next, look(path)?.mode ?? 0o600);
    } catch (error) {
      if (!(error instanceof Moved)) throw error;
      throw new CcsError("stale", "settings.json was changed by somebody else at this moment", {
        where: path,
        untouched: "Nothing was changed.",
        hint: "Run the command again.",
      });
    }
    return true;
  });
}

function settingsOf(home: Home, account: string): string {
  return join(instanceOf(home, account), "settings.json");
}

function readStatusLine(path: string, text: string | null): StatusLine {
  readSettings(path, text); // It says line and column of what does not parse.
  const value = text === null || text.trim() === "" ? undefined : strictly(path, text.replace(/^\uFEFF/, "")).statusLine;
  if (value === undefined) return { is: "none" };
  const { command } = (typeof value === "object" && value !== null ? value : {}) as { command?: unknown };
  if (typeof command !== "string") return { is: "theirs", command: "" };
  return { is: OURS.test(command) ? "ours" : "theirs", command };
}

/** Seen with 2.1.330: of a settings.json with a comment or a trailing comma, a client reads nothing. */
function strictly(path: string, body: string): { readonly statusLine?: unknown } {
  try {
    return JSON.parse(body) as { statusLine?: unknown };
  } catch {
    throw new CcsError(
      "refused",
      "settings.json is not strict JSON (comments and trailing commas are not allowed in it): a client skips it",
      {
        where: path,
        untouched: "Nothing was changed.",
        hint: "Mend the file, then run the command again.",
      },
    );
  }
}

/**
 * The text, which is strict JSON or nothing, with our status line in it, or without one. Spliced: jsonc-parser's own
 * edits lay out what stands beside them anew. Pure.
 */
export function editStatusLine(text: string | null, command: string | null): string {
  const mark = text?.startsWith("\uFEFF") ? "\uFEFF" : "";
  const rest = (text ?? "").slice(mark.length);
  const body = rest.trim() === "" ? "{\n}\n" : rest;
  const root = parseTree(body);
  if (root?.type !== "object") throw new TypeError("settings.json is not an object");
  const properties = root.children ?? [];
  const at = properties.findIndex((property) => property.children?.[0]?.value === "statusLine");
  const [start, end, written] =
    command === null ? withoutProperty(root, properties, at) : at < 0 ? added(body, root, properties, command) : replaced(root, command);
  return mark + body.slice(0, start) + written + body.slice(end);
}

/** Replace `body[start, end)`. */
type Splice = readonly [start: number, end: number, text: string];

function added(body: string, root: Node, properties: readonly Node[], command: string): Splice {
  const entry = `"statusLine": { "type": "command", "command": ${JSON.stringify(command)} }`;
  const eol = body.includes("\r\n") ? "\r\n" : "\n";
  const last = properties.at(-1);
  if (last === undefined) return [root.offset + 1, root.offset + root.length - 1, `${eol}  ${entry}${eol}`];
  const end = endOf(last);
  const indent = /(\r?\n[ \t]*)$/.exec(body.slice(0, last.offset))?.[1];
  return [end, end, `,${indent ?? " "}${entry}`];
}

/** What else a person has put beside the command, as `padding`, stays. */
function replaced(root: Node, command: string): Splice {
  const value = findNodeAtLocation(root, ["statusLine", "command"]);
  if (value === undefined) throw new TypeError("the status line has no command");
  return [value.offset, endOf(value), JSON.stringify(command)];
}

function withoutProperty(root: Node, properties: readonly Node[], at: number): Splice {
  const [before, own, after] = [properties[at - 1], properties[at], properties[at + 1]];
  if (own === undefined) return [0, 0, ""];
  if (before !== undefined) return [endOf(before), endOf(own), ""];
  return after !== undefined ? [own.offset, after.offset, ""] : [root.offset + 1, root.offset + root.length - 1, ""];
}

function endOf(node: Node): number {
  return node.offset + node.length;
}

function ownStatusLine(path: string, account: string): CcsError {
  return new CcsError("refused", `${account} has a status line that is not of ccs`, {
    where: path,
    untouched: "It was left as it is.",
    hint: "Call `ccs statusline` from yours, with the same standard input, or take it out of the file first.",
  });
}

function linked(path: string, command: string | null): CcsError {
  const line = command === null ? `take out "statusLine"` : `add "statusLine": ${JSON.stringify({ type: "command", command })}`;
  return new CcsError("refused", "settings.json is a link, and the file it leads to is not only this account's", {
    where: path,
    untouched: "Nothing was changed.",
    hint: `In the file it leads to, ${line}`,
  });
}
