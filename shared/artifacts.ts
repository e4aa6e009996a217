import { join } from "node:path";
import { groupOf, type Home } from "./paths.ts";
import type { ContextPolicy, Continuity } from "./policy/index.ts";

/** One entry of an instance that a policy can share. A new client version means one new row. */
export interface Artifact {
  readonly name: string;
  /** The least continuity that shares it. */
  readonly continuity: Continuity;
  /** Whether its entries are named after sessions (`<session>/...`), so that they follow a fork. */
  readonly perSession: boolean;
  /** What a person loses or gains with it, in a few words. */
  readonly meaning: string;
}

export const ARTIFACTS: readonly Artifact[] = [
  { name: "projects", continuity: "standard", perSession: false, meaning: "conversations, their attachments and memory" },
  { name: "session-env", continuity: "deeper", perSession: true, meaning: "environment of a session" },
  { name: "file-history", continuity: "deeper", perSession: true, meaning: "the checkpoints /rewind restores files from" },
  { name: "shell-snapshots", continuity: "deeper", perSession: false, meaning: "shell set-ups of running sessions" },
  { name: "todos", continuity: "deeper", perSession: true, meaning: "to-do lists of older clients" },
  { name: "tasks", continuity: "deeper", perSession: true, meaning: "task lists of a session" },
];

/** The artifacts a policy shares: none, `projects`, or all. */
export function sharedArtifacts(policy: ContextPolicy): readonly Artifact[] {
  if (policy.mode === "isolated") return [];
  return ARTIFACTS.filter((a) => a.continuity === "standard" || policy.continuity === "deeper");
}

/** Where a group keeps an artifact: `<group>/projects`, `<group>/continuity/<artifact>`. */
export function groupArtifact(home: Home, group: string, artifact: Artifact): string {
  const base = groupOf(home, group);
  return artifact.continuity === "standard" ? join(base, artifact.name) : join(base, "continuity", artifact.name);
}
