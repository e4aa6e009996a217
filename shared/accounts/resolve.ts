import { isUtf8 } from "node:buffer";
import { readConfig } from "../config/index.ts";
import { type Conflict, conflictsOf } from "../context/conflicts.ts";
import { type Facts, look, read, targetOf } from "../context/disk.ts";
import { withLock } from "../context/lock.ts";
import { type Keep, type OnStep, resolveLocked } from "../context/resolve.ts";
import { CcsError } from "../errors.ts";
import type { Home } from "../paths.ts";
import { requireGroup } from "./groups.ts";
import { finishBegun } from "./moving.ts";

/** One of two that stand beside each other. */
export interface Side {
  readonly path: string;
  readonly kind: Facts["kind"] | "nothing";
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch; null where nothing stands there. */
  readonly changed: number | null;
  /** A file's text, or where a link leads; null where that is neither, or too much to show. */
  readonly text: string | null;
}

/** A conflict as a person is shown it. */
export interface ConflictReport {
  readonly conflict: Conflict;
  readonly this: Side;
  readonly that: Side;
  /** Equal digests: the same two. */
  readonly digest: string;
}

const SHOWN = 1 << 16;

/** What waits in a group for a person to choose. Reads only. @throws CcsError not-found */
export function listConflicts(home: Home, group: string): ConflictReport[] {
  requireGroup(home, readConfig(home), group);
  return conflictsOf(home, group).map(reportOf);
}

function reportOf(conflict: Conflict): ConflictReport {
  const [here, there] = [sideOf(conflict.this), sideOf(conflict.that)];
  return {
    conflict,
    this: here,
    that: there,
    digest: JSON.stringify([here, there].map(({ kind, size, changed }) => [kind, size, changed])),
  };
}

function sideOf(path: string): Side {
  const facts = look(path);
  if (facts === null) return { path, kind: "nothing", size: 0, changed: null, text: null };
  return { path, kind: facts.kind, size: facts.size, changed: Number(facts.mtime / 1_000_000n), text: textOf(path, facts) };
}

function textOf(path: string, { kind, size }: Facts): string | null {
  if (kind === "link") return targetOf(path);
  if (kind !== "file" || size > SHOWN) return null;
  const bytes = read(path);
  return isUtf8(bytes) && !bytes.includes(0) ? bytes.toString("utf8") : null;
}

/**
 * Keeps both, the one under the name, or the one that arrived. What is not kept goes to set-aside.
 * @returns where that is now; null where both stay
 * @throws CcsError stale where the two are others by now; not-found, refused, busy, failed
 */
export function resolveConflict(home: Home, seen: ConflictReport, keep: Keep, onStep?: OnStep): string | null {
  const { group, that, path } = seen.conflict;
  return withLock(home, `choosing between two files of ${group}`, () => {
    finishBegun(home, null);
    const conflict = conflictsOf(home, group).find((c) => c.that === that);
    if (conflict === undefined || reportOf(conflict).digest !== seen.digest) {
      throw new CcsError("stale", `${path} changed since it was shown`, {
        where: that,
        untouched: "Both files were left as they are.",
        hint: `Look again: ccs group resolve ${group}`,
      });
    }
    if (keep === "this" && seen.this.kind === "nothing") {
      throw new CcsError("refused", "nothing stands under the name any more: to keep that would be to keep nothing", {
        where: conflict.this,
        untouched: "Nothing was changed.",
        hint: `ccs group resolve ${group} --keep that`,
      });
    }
    return resolveLocked(home, conflict, keep, onStep);
  });
}
