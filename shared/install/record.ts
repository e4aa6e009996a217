import { createHash } from "node:crypto";
import { objectOf } from "../claude/json.ts";
import { editFile, look, makeDirectories, read, readText } from "../context/disk.ts";
import { asArgument } from "../context/names.ts";
import { CcsError } from "../errors.ts";
import type { Home } from "../paths.ts";

/** What was put outside of CCS_DIR, so that it can be taken away again, and nothing else with it. */
export interface InstallRecord {
  readonly version: 1;
  /** Paths, and the SHA-256 of each content that is ours: before a file is written, its next one is noted beside the last. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly lines: readonly AddedLine[];
}

/** A line in a file of the person's. */
export interface AddedLine {
  readonly file: string;
  readonly line: string;
  /** The line break that was put before it, where the file did not end with one. */
  readonly closing?: string;
  /** Whether there was no such file before. */
  readonly made?: boolean;
}

const NOTHING: InstallRecord = { version: 1, files: {}, lines: [] };

/** @throws CcsError refused where the record is there and makes no sense: then nobody knows what is ours */
export function readInstallRecord(home: Home): InstallRecord {
  const text = readText(home.installed);
  if (text === null) return NOTHING;
  const record = parsed(text);
  if (record !== null) return record;
  throw new CcsError("refused", "the record of what was installed cannot be read", {
    where: home.installed,
    untouched: "Nothing was changed.",
    hint: `Move it out of the way: mv ${asArgument(home.installed)} ${asArgument(`${home.installed}.old`)}`,
  });
}

export function writeInstallRecord(home: Home, record: InstallRecord): void {
  makeDirectories(home.state);
  editFile(home.installed, readText(home.installed), `${JSON.stringify(record, null, 2)}\n`, 0o600);
}

/** The content's name. */
export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** What stands at a place: nothing, what we put there, or what somebody else did. */
export type Standing = "free" | "ours" | "theirs";

export function standsAt(record: InstallRecord, path: string): Standing {
  const facts = look(path);
  if (facts === null) return "free";
  const ours = record.files[path];
  return facts.kind === "file" && ours?.includes(digestOf(read(path))) === true ? "ours" : "theirs";
}

function parsed(text: string): InstallRecord | null {
  let value: ReturnType<typeof objectOf>;
  try {
    value = objectOf(JSON.parse(text));
  } catch {
    return null;
  }
  const files = objectOf(value?.files);
  const isLine = (line: unknown) => typeof objectOf(line)?.file === "string" && typeof objectOf(line)?.line === "string";
  const isSound =
    value?.version === 1 &&
    files !== null &&
    Object.values(files).every((digests) => Array.isArray(digests) && digests.every((digest) => typeof digest === "string")) &&
    Array.isArray(value.lines) &&
    value.lines.every(isLine);
  return isSound ? (value as unknown as InstallRecord) : null;
}
