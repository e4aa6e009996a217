import { Buffer } from "node:buffer";
import * as fs from "node:fs";

/** One thing on disk, seen with nothing of the product. Paths are bytes: here each byte is one character. */
export interface Seen {
  readonly kind: "file" | "directory" | "link" | "other";
  readonly mode: number;
  /** Microseconds since the epoch. */
  readonly mtime: bigint;
  /** A file's bytes (one character a byte), or a link's target. */
  readonly content: string;
}

export type Snapshot = Map<string, Seen>;

/** Everything under a directory, itself included as the empty path. Links are not followed. */
export function snapshot(root: string): Snapshot {
  const found: Snapshot = new Map();
  const visit = (path: Buffer, relative: string): void => {
    const stat = fs.lstatSync(path, { bigint: true });
    const kind = stat.isFile() ? "file" : stat.isDirectory() ? "directory" : stat.isSymbolicLink() ? "link" : "other";
    const bytes =
      kind === "file" ? fs.readFileSync(path) : kind === "link" ? fs.readlinkSync(path, { encoding: "buffer" }) : Buffer.alloc(0);
    found.set(relative, { kind, mode: Number(stat.mode) & 0o7777, mtime: stat.mtimeNs / 1000n, content: bytes.toString("latin1") });
    if (kind !== "directory") return;
    for (const name of fs.readdirSync(path, { encoding: "buffer" }) as unknown as Buffer[]) {
      const bytes = Buffer.from(name);
      visit(
        Buffer.concat([path, Buffer.from("/"), bytes]),
        relative === "" ? bytes.toString("latin1") : `${relative}/${bytes.toString("latin1")}`,
      );
    }
  };
  visit(Buffer.from(root), "");
  return found;
}

/** What is on disk without times: for what may be written anew. */
export function shape(root: string): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [path, seen] of [...snapshot(root)].sort(([a], [b]) => (a < b ? -1 : 1))) plain[path] = `${seen.kind} ${seen.content}`;
  return plain;
}

/** Everything that can be lost: bytes of files, lines of transcripts, targets of links, names, counts of what is neither. */
export interface Held {
  readonly files: Set<string>;
  readonly lines: Set<string>;
  readonly links: Set<string>;
  readonly names: Set<string>;
  readonly others: number;
}

/** What may be edited or is bookkeeping: everything else has to outlive every change. */
const EDITED =
  /^ccs\/(config\.yaml$|state(\/|$)|instances\/[^/]+\/settings\.json$)|^other\/i\/settings\.json$|(^|\/)set-aside\/[^/]+\/index\.jsonl$/;
/** Where a link of an artifact leads: made and taken away with the policy. */
const OUR_LINK = /\/context-groups\/[^/]+\/(projects|continuity\/[a-z-]+)$/;

/** Names of our own on the way. */
const OURS = /(^|\/)(staging\/[^/]+(\/[^/]+)?|set-aside\/[^/]+)$/;
/** A session that gets an id of its own takes its directories along to the new name. */
const SESSION_DIRECTORY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @param snap of the directory that holds `ccs` */
export function held(snap: Snapshot): Held {
  const into = { files: new Set<string>(), lines: new Set<string>(), links: new Set<string>(), names: new Set<string>(), others: 0 };
  for (const [path, seen] of snap) {
    if (EDITED.test(path)) continue;
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (!SESSION_DIRECTORY.test(name) && !OURS.test(path)) into.names.add(name);
    if (seen.kind === "link" && !OUR_LINK.test(seen.content)) into.links.add(seen.content);
    if (seen.kind === "other") into.others += 1;
    if (seen.kind === "file" && name.endsWith(".jsonl")) for (const line of seen.content.split("\n")) into.lines.add(line);
    else if (seen.kind === "file") into.files.add(seen.content);
  }
  return into;
}

/** What was there before and is nowhere now, as words. */
export function lost(before: Held, after: Held): string[] {
  const missing: string[] = [];
  for (const kind of ["files", "lines", "links", "names"] as const) {
    for (const one of before[kind]) if (!after[kind].has(one)) missing.push(`${kind}: ${one}`);
  }
  if (after.others < before.others) missing.push(`others: ${before.others - after.others}`);
  return missing;
}

/** The same where what is kept twice may be dropped: of bytes it is enough that some file begins with them. */
export function lostAltogether(before: Held, after: Held): string[] {
  const files = [...after.files];
  return lost(before, after).filter((line) => {
    if (line.startsWith("files: ")) return !files.some((held) => held.startsWith(line.slice("files: ".length)));
    return !line.startsWith("names: ") || !RECORDS.test(line);
  });
}

/** Names of ours that go with what they told of. */
const RECORDS = /^names: (links|again-\d+)$/;

/** What differs between two snapshots, a line for each path. */
export function differences(before: Snapshot, after: Snapshot, but: readonly string[] = []): string[] {
  const lines: string[] = [];
  const say = (seen: Seen | undefined) =>
    seen === undefined ? "nothing" : `${seen.kind} ${seen.mode.toString(8)} ${seen.mtime} ${JSON.stringify(seen.content.slice(0, 200))}`;
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [say(before.get(path)), say(after.get(path))];
    if (was !== is && !but.includes(path)) lines.push(`${path}: ${was} -> ${is}`);
  }
  return lines.sort();
}
