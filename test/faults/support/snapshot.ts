import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { native } from "./bytes.ts";

/** One entry of a tree, as it is seen from outside. */
export interface Seen {
  readonly kind: "file" | "directory" | "link" | "other";
  /** Permission bits. */
  readonly mode: number;
  /** Microseconds since the epoch. */
  readonly mtime: number;
  readonly names: number;
  /** A file's bytes; those of the tree's own path read `<CCS>`. */
  readonly bytes: Buffer;
  readonly hash: string;
  /** A link's target, as in bytes.ts; the tree's own path reads `<CCS>`. */
  readonly target: string;
}

/** A tree's entries by path (bytes.ts). The root itself is the entry "". */
export type Snapshot = ReadonlyMap<string, Seen>;

const NOTHING = Buffer.alloc(0);

/** Everything under a directory. Knows nothing of what the program thinks it is. */
export function snapshot(root: string): Snapshot {
  const found = new Map<string, Seen>();
  walk(root, "", found);
  return found;
}

function walk(root: string, path: string, found: Map<string, Seen>): void {
  const facts = fs.lstatSync(native(root, path), { bigint: true });
  const kind = facts.isFile() ? "file" : facts.isDirectory() ? "directory" : facts.isSymbolicLink() ? "link" : "other";
  const bytes = kind === "file" ? withoutRoot(fs.readFileSync(native(root, path)), root) : NOTHING;
  const target =
    kind === "link" ? fs.readlinkSync(native(root, path), { encoding: "buffer" }).toString("latin1").replaceAll(root, "<CCS>") : "";
  found.set(path, {
    kind,
    mode: Number(facts.mode) & 0o7777,
    mtime: Number(facts.mtimeNs / 1000n),
    names: kind === "directory" ? 1 : Number(facts.nlink),
    bytes,
    hash: kind === "file" ? createHash("sha256").update(bytes).digest("hex") : "",
    target,
  });
  if (kind !== "directory") return;
  const names = fs.readdirSync(native(root, path), { encoding: "buffer" }) as unknown as Buffer[];
  for (const name of names) walk(root, `${path === "" ? "" : `${path}/`}${Buffer.from(name).toString("latin1")}`, found);
}

function withoutRoot(bytes: Buffer, root: string): Buffer {
  if (!bytes.includes(root)) return bytes;
  return Buffer.from(bytes.toString("latin1").replaceAll(root, "<CCS>"), "latin1");
}
