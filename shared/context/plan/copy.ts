import { join } from "node:path";
import { commonLength, list, look, mayRead, targetOf } from "../disk/look.ts";
import type { Steps } from "./steps.ts";

/** What a copy needs beside the two paths. */
export interface Copy {
  readonly steps: Steps;
  /** Where a stale part of an earlier attempt goes. */
  readonly aside: (relative: string) => string;
  /** Told of what cannot be copied (FIFOs, sockets, devices). */
  readonly cannot: (path: string) => void;
  /** Told of what may not be read. */
  readonly refused: (path: string) => void;
}

/**
 * Plans a copy of one entry into staging, links as links, modes and times as they are. An earlier attempt that was cut
 * short is carried on.
 * @param walk where the source can be read now
 * @param from where it will lie when the plan is applied
 * @param to under a `.partial` directory in staging
 * @param fresh nothing can stand at `to`: what it goes into is not there yet
 */
export function planCopy(c: Copy, walk: string, from: string, to: string, fresh = false): void {
  const facts = look(walk);
  if (facts === null) return;
  if (facts.kind !== "link" && !mayRead(facts)) return c.refused(walk);
  const there = fresh ? null : look(to);
  if (facts.kind === "directory") {
    c.steps.main.push({ do: "make-directory", path: to, mode: facts.mode | 0o700 });
    for (const { name } of list(walk) ?? []) planCopy(c, join(walk, name), join(from, name), join(to, name), there === null);
    c.steps.main.push({ do: "set-times", path: to, times: facts, mode: facts.mode });
    return;
  }
  if (facts.kind === "other") return c.cannot(walk);
  if (facts.kind === "link") {
    if (there?.kind === "link" && targetOf(to) === targetOf(walk)) {
      if (there.mtime / 1000n !== facts.mtime / 1000n) c.steps.main.push({ do: "set-times", path: to, times: facts });
      return;
    }
    c.steps.main.push({ do: "make-link", path: to, target: targetOf(walk), times: facts });
    return;
  }
  const begun = there === null ? 0 : commonLength(walk, to);
  if (there !== null && begun !== there.size) {
    c.steps.main.push({ do: "set-aside", from: to, to: c.aside(to), size: there.size, why: "shorter", beside: walk });
  }
  c.steps.summary.bytesCopied += facts.size - begun;
  c.steps.main.push({ do: "copy-file", from, to });
}
