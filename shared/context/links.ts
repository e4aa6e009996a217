import { dirname, join, resolve } from "node:path";
import { type Artifact, groupArtifact } from "../artifacts.ts";
import { type Home, instanceOf } from "../paths.ts";
import { type Facts, look, real, targetOf } from "./disk.ts";
import { recordedTargets } from "./records.ts";

/** What stands in an instance where an artifact belongs. */
export type Actual =
  | { readonly is: "absent" }
  | { readonly is: "directory"; readonly facts: Facts }
  /** A link of ours; `group` is null where the target is none of today's groups. */
  | { readonly is: "our-link"; readonly target: string; readonly group: string | null }
  /** A link a person made. */
  | { readonly is: "their-link"; readonly target: string }
  /** A file, a FIFO, anything else. */
  | { readonly is: "other"; readonly facts: Facts };

/** The literal target the link of an artifact gets. */
export function desiredTarget(home: Home, group: string, artifact: Artifact): string {
  return groupArtifact(home, group, artifact);
}

function within(path: string, above: string): string | null {
  return path.startsWith(`${above}/`) ? path.slice(above.length + 1) : null;
}

/** The group a literal link target lies in, or null where it lies outside this `CCS_DIR`'s groups. */
export function groupOfTarget(home: Home, linkPath: string, target: string): string | null {
  const absolute = resolve(dirname(linkPath), target);
  const rest = within(absolute, home.groups) ?? within(absolute, real(home.groups) ?? home.groups);
  return rest === null ? null : (rest.split("/")[0] ?? null);
}

/** Whether a link is ours by its literal target: it lies under today's groups, or we made it before `CCS_DIR` was moved. */
export function isOurTarget(home: Home, linkPath: string, target: string): boolean {
  return groupOfTarget(home, linkPath, target) !== null || recordedTargets(home).has(target);
}

/** Looks at one artifact of one instance. */
export function actualOf(home: Home, account: string, artifact: Artifact): Actual {
  const path = join(instanceOf(home, account), artifact.name);
  const facts = look(path);
  if (facts === null) return { is: "absent" };
  if (facts.kind === "directory") return { is: "directory", facts };
  if (facts.kind !== "link") return { is: "other", facts };
  const target = targetOf(path);
  const group = groupOfTarget(home, path, target);
  if (group !== null || recordedTargets(home).has(target)) return { is: "our-link", target, group };
  return { is: "their-link", target };
}
