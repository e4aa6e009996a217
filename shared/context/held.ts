import { join } from "node:path";
import { ARTIFACTS } from "../artifacts.ts";
import type { Home } from "../paths.ts";
import { commonLength, drop, dropCompared, type Facts, list, look, removeEmptyDirectory, targetOf } from "./disk.ts";
import { isOurTarget } from "./links.ts";
import type { SetAside } from "./set-aside.ts";

/** How much is compared byte by byte before sizes have to do. What is dropped compares everything. */
export interface Budget {
  bytes: number;
  files: number;
}

/** What was compared, or copied, when it was set aside. */
const LIKELY: readonly SetAside["why"][] = ["same", "shorter", "across", "begun"];

export const EVERYTHING: Readonly<Budget> = { bytes: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY };

/** One name in set-aside that carries nothing of its own. */
export interface Held {
  readonly path: string;
  readonly kind: "file" | "link" | "directory";
  readonly bytes: number;
  /** The same file under its other name. */
  readonly twin: string | null;
}

/**
 * Visits every name at and under something set aside, and tells of those the group (or the account's own directory)
 * holds: a file equal to what stands there or a prefix of it, a link with the same target, an empty directory that is
 * there as well, a link of ours that led into a group. Directories come after what is in them.
 * @param budget is used up
 */
export function eachHeld(
  home: Home,
  { path, beside, why }: Pick<SetAside, "path" | "beside" | "why">,
  budget: Budget,
  held: (found: Held) => void,
): void {
  const facts = look(path);
  if (facts === null) return;
  if (why === "link" && facts.kind === "link" && stoodForArtifact(home, beside) && isOurTarget(home, beside, targetOf(path))) {
    held({ path, kind: "link", bytes: 0, twin: null });
    return;
  }
  visit(path, facts, beside, why, budget, held);
}

/** Whether a path is where an instance has the link of an artifact: a link a person made inside one is not ours. */
function stoodForArtifact(home: Home, path: string): boolean {
  const [account, name, ...rest] = path.startsWith(`${home.instances}/`) ? path.slice(home.instances.length + 1).split("/") : [];
  return account !== undefined && rest.length === 0 && ARTIFACTS.some((a) => a.name === name);
}

function visit(path: string, facts: Facts, beside: string, why: SetAside["why"], budget: Budget, held: (found: Held) => void): void {
  const there = look(beside);
  if (there === null || there.kind !== facts.kind) return;
  if (facts.kind === "link") {
    // What a copy of a link says may have been fitted to where it was to go.
    if (why === "begun" || targetOf(path) === targetOf(beside)) held({ path, kind: "link", bytes: 0, twin: null });
  } else if (facts.kind === "directory") {
    for (const { name } of list(path) ?? []) {
      const entry = look(join(path, name));
      if (entry !== null) visit(join(path, name), entry, join(beside, name), why, budget, held);
    }
    if ((list(path) ?? []).length === 0) held({ path, kind: "directory", bytes: 0, twin: null });
  } else if (facts.kind === "file") {
    const same = facts.dev === there.dev && facts.ino === there.ino;
    if (same ? facts.nlink >= 2 : isPrefix(path, facts, beside, there, why, budget)) {
      held({ path, kind: "file", bytes: facts.size, twin: same ? beside : null });
    }
  }
}

function isPrefix(path: string, facts: Facts, beside: string, there: Facts, why: SetAside["why"], budget: Budget): boolean {
  if (facts.size > there.size) return false;
  if (budget.files <= 0 || budget.bytes < facts.size) return LIKELY.includes(why);
  const common = commonLength(path, beside);
  budget.files -= 1;
  budget.bytes -= common;
  return common === facts.size;
}

/** Drops a name of ours right after it was compared in full. */
export function dropOne({ path, kind, twin }: Held): void {
  if (kind === "directory") removeEmptyDirectory(path);
  else if (twin !== null) drop(path, twin);
  else dropCompared(path);
}
