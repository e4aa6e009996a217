import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { native } from "./bytes.ts";
import { type Origin, originOf } from "./normal.ts";
import { type Snapshot, snapshot } from "./snapshot.ts";
import { setLinkTime, setTime } from "./tree.ts";
import { giveAway } from "./unprivileged.ts";

/**
 * A tree to start runs from. Links and settings in it name their own place, so that a copy is made to name the copy's:
 * all places have paths of one length, which keeps every size as it is.
 */
export interface Template {
  readonly base: string;
  readonly root: string;
  readonly before: Snapshot;
  readonly origin: Origin;
  /** Entries that name the tree's own place. */
  readonly naming: readonly { readonly path: string; readonly kind: "file" | "link"; readonly text: string; readonly mtime: number }[];
}

/** Makes a place for trees. @param above in which directory; without it in memory, where the system has such a place */
export function placeForTrees(above: string = fs.existsSync("/dev/shm") ? "/dev/shm" : tmpdir()): string {
  const base = fs.mkdtempSync(join(above, "ccs-faults-"));
  fs.mkdirSync(join(base, "home"));
  fs.writeFileSync(join(base, "client"), "#!/bin/sh\necho '2.1.330 (Claude Code)'\n", { mode: 0o755 });
  fs.chmodSync(base, 0o755);
  giveAway(base);
  return base;
}

/** The `CCS_DIR` of a place: `t` for the template, one letter or digit for each copy. */
export function rootIn(base: string, place: string): string {
  return join(base, place, "ccs");
}

/** Takes the tree at place `t` as it is now for a template. */
export function freeze(base: string): Template {
  const root = rootIn(base, "t");
  giveAway(join(root, ".."));
  const before = snapshot(root);
  const naming: { path: string; kind: "file" | "link"; text: string; mtime: number }[] = [];
  for (const [path, seen] of before) {
    if (seen.kind === "file" && seen.bytes.includes("<CCS>"))
      naming.push({ path, kind: "file", text: seen.bytes.toString("latin1"), mtime: seen.mtime });
    if (seen.kind === "link" && seen.target.includes("<CCS>")) naming.push({ path, kind: "link", text: seen.target, mtime: seen.mtime });
  }
  const frozen = Date.now() * 1000;
  while (Date.now() * 1000 <= frozen + 20_000) Bun.sleepSync(5); // the clock a filesystem stamps with ticks every 4 to 10 ms
  return { base, root, before, origin: originOf(before, frozen + 10_000), naming };
}

/** Makes a fresh copy. @returns its `CCS_DIR` */
export function copyOf(template: Template, place: string): string {
  const root = rootIn(template.base, place);
  fs.rmSync(join(template.base, place), { recursive: true, force: true });
  fs.mkdirSync(join(template.base, place));
  giveAway(join(template.base, place));
  const copied = spawnSync("cp", ["-a", template.root, root]);
  if (copied.status !== 0) throw new Error(`cp: ${copied.stderr}`);
  for (const { path, kind, text, mtime } of template.naming) {
    const own = Buffer.from(text.replaceAll("<CCS>", root), "latin1");
    if (kind === "file") {
      fs.writeFileSync(native(root, path), own, { flag: "r+" });
      setTime(root, path, mtime);
    } else {
      const above = path.split("/").slice(0, -1).join("/");
      fs.unlinkSync(native(root, path));
      fs.symlinkSync(own, native(root, path));
      const { uid, gid } = fs.lstatSync(root);
      fs.lchownSync(native(root, path), uid, gid);
      setLinkTime(root, path, mtime);
      setTime(root, above, template.before.get(above)?.mtime ?? mtime);
    }
  }
  return root;
}
