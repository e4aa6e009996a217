import { basename, dirname } from "node:path";
import { EDITING, editFile, follow, look, Moved, readText, real, removeEmptyDirectory, removeOurs } from "../context/disk.ts";
import { failedDoing } from "../context/half-way.ts";
import { CcsError } from "../errors.ts";
import type { Home } from "../paths.ts";
import { type AddedLine, readInstallRecord, standsAt, writeInstallRecord } from "./record.ts";

/**
 * Takes away what `ccs install` wrote, the program last: what stops half way goes on with the program there is. Under the lock.
 * @param left gets what stays, and why, as sentences
 * @returns the files that were taken away
 * @throws CcsError stale, failed
 */
export function takeAllAway(home: Home, left: string[]): string[] {
  const { lines, files } = readInstallRecord(home);
  for (const added of lines) takeLineOut(home, added, left);
  const inOrder = Object.keys(files).reverse(); // the program is written first
  return inOrder.filter((path) => takeAway(home, path, left));
}

/** @returns whether it was taken away */
function takeAway(home: Home, path: string, left: string[]): boolean {
  const record = readInstallRecord(home);
  const stands = standsAt(record, path);
  if (stands === "theirs") left.push(`${path} is not as it was installed, and stays.`);
  try {
    removeOurs(`${path}${EDITING}`);
    if (stands === "ours") removeOurs(path);
    removeOurDirectory(dirname(path));
  } catch (error) {
    throw failedDoing(`taking ${path} away`, error);
  }
  const { [path]: _, ...files } = record.files;
  writeInstallRecord(home, { ...record, files });
  return stands === "ours";
}

/** `~/.local/share/ccs/completions` is ours alone, and goes with what was in it. */
function removeOurDirectory(path: string): void {
  if (basename(dirname(path)) === "ccs" && look(path) !== null && removeEmptyDirectory(path)) removeEmptyDirectory(dirname(path));
}

function takeLineOut(home: Home, added: AddedLine, left: string[]): void {
  const { file } = added;
  try {
    const text = readText(file);
    removeOurs(`${real(file) ?? file}${EDITING}`);
    const next = text === null ? null : withoutLine(text, added);
    if (next === "" && added.made === true && look(file)?.kind === "file") removeOurs(file);
    else if (next !== null) editFile(file, text, next, follow(file)?.mode ?? 0o644);
  } catch (error) {
    if (error instanceof CcsError) left.push(`The line of ccs in ${file} stays, and does nothing any more: ${error.message}.`);
    else if (error instanceof Moved) throw changedMeanwhile(file);
    else throw failedDoing(`taking the line of ccs out of ${file}`, error);
  }
  const record = readInstallRecord(home);
  writeInstallRecord(home, { ...record, lines: record.lines.filter((known) => known.file !== file || known.line !== added.line) });
}

/** The text as it was before the line was added, as far as nobody wrote there since; null where the line is not in it. Pure. */
export function withoutLine(text: string, { line, closing = "" }: Pick<AddedLine, "line" | "closing">): string | null {
  const lines = text.split("\n");
  const at = lines.findIndex((found) => found.replace(/\r$/, "") === line);
  if (at < 0) return null;
  const rest = lines.toSpliced(at, 1).join("\n");
  const wasLast = at === lines.length - 2 && lines.at(-1) === "";
  return wasLast && closing !== "" && rest.endsWith(closing) ? rest.slice(0, -closing.length) : rest;
}

function changedMeanwhile(file: string): CcsError {
  return new CcsError("stale", `${file} was changed by somebody else at this moment`, {
    where: file,
    untouched: "It was left as it is.",
    hint: "Run the command again.",
  });
}
