import { dirname } from "node:path";
import { editFile, follow, look, Moved, makeDirectories, putFile, readText } from "../context/disk.ts";
import { failedDoing } from "../context/half-way.ts";
import { withLock } from "../context/lock.ts";
import { requireUnblocked } from "../context/preview.ts";
import { CcsError } from "../errors.ts";
import type { Home } from "../paths.ts";
import type { InstallPreview, Step } from "./preview.ts";
import { digestOf, type InstallRecord, readInstallRecord, standsAt, writeInstallRecord } from "./record.ts";

export interface Installed {
  readonly program: string;
  /** What was done, as sentences. */
  readonly sentences: readonly string[];
}

/**
 * Puts everything in its place. What is written is noted first, so that a kill in between leaves nothing nobody knows of;
 * installing again goes on from there.
 * @throws CcsError refused where something stands in the way; stale where a place was taken meanwhile; busy, failed
 */
export function applyInstall(home: Home, { steps, sentences, blockers, program }: InstallPreview): Installed {
  requireUnblocked({ blockers });
  if (steps.length > 0) {
    withLock(home, "installing ccs", () => {
      for (const step of steps) put(home, step);
    });
  }
  return { program, sentences };
}

function put(home: Home, step: Step): void {
  try {
    if (step.do === "write") write(home, step);
    else addLine(home, step);
  } catch (error) {
    const where = step.do === "write" ? step.path : step.file;
    if (!(error instanceof Moved)) throw failedDoing(`writing ${where}`, error);
    throw new CcsError("stale", "somebody else wrote there at this moment", {
      where,
      untouched: "It was left as it is.",
      hint: "Run the command again.",
    });
  }
}

function write(home: Home, { path, bytes, mode }: Step & { do: "write" }): void {
  const record = readInstallRecord(home);
  const digest = digestOf(bytes);
  const known = record.files[path] ?? [];
  writeInstallRecord(home, withFile(record, path, [...new Set([...known, digest])]));
  makeDirectories(dirname(path), 0o755);
  putFile(path, bytes, mode, look(path) === null ? null : () => standsAt(record, path) === "ours");
  writeInstallRecord(home, withFile(record, path, [digest]));
}

function withFile(record: InstallRecord, path: string, digests: readonly string[]): InstallRecord {
  return { ...record, files: { ...record.files, [path]: digests } };
}

function addLine(home: Home, { file, line }: Step & { do: "add-line" }): void {
  const record = readInstallRecord(home);
  const text = readText(file);
  if (text?.split(/\r?\n/).includes(line)) return;
  const newline = text?.includes("\r\n") ? "\r\n" : "\n";
  const closing = text === null || text === "" || text.endsWith("\n") ? "" : newline;
  const others = record.lines.filter((known) => known.file !== file || known.line !== line);
  writeInstallRecord(home, { ...record, lines: [...others, { file, line, closing, made: text === null }] });
  makeDirectories(dirname(file), 0o755);
  editFile(file, text, `${text ?? ""}${closing}${line}${newline}`, follow(file)?.mode ?? 0o644);
}
