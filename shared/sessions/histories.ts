import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { groupNames } from "../accounts/groups.ts";
import { groupArtifact } from "../artifacts.ts";
import type { Config } from "../config/index.ts";
import { real } from "../context/disk.ts";
import { PROJECTS } from "../context/owners.ts";
import { isErrno } from "../errors.ts";
import { accountIndexOf, groupIndexOf, type Home, instanceOf } from "../paths.ts";
import { dropStore } from "./store.ts";

/** One `projects` directory, however many accounts see it. */
export interface History {
  /** Links resolved. */
  readonly projects: string;
  /** null where it is no group's. */
  readonly group: string | null;
  /** Who sees it, in the order of config.yaml. */
  readonly accounts: readonly string[];
  /** Where its index lies. */
  readonly index: string;
}

/** Every history there is, each once. What an account sees is what its `projects` leads to, whatever its policy says. */
export function histories(home: Home, config: Config): History[] {
  const found = new Map<string, { group: string | null; accounts: string[]; index: string }>();
  for (const group of groupNames(home, config)) {
    const projects = real(groupArtifact(home, group, PROJECTS));
    if (projects !== null && !found.has(projects)) found.set(projects, { group, accounts: [], index: groupIndexOf(home, group) });
  }
  for (const { name, policy } of config.accounts.values()) {
    // Where the link is missing, a launch makes it.
    const missing = policy?.mode === "shared" ? real(groupArtifact(home, policy.group, PROJECTS)) : null;
    const projects = real(join(instanceOf(home, name), PROJECTS.name)) ?? missing;
    if (projects === null) continue;
    const history = found.get(projects);
    if (history !== undefined) history.accounts.push(name);
    else found.set(projects, { group: null, accounts: [name], index: accountIndexOf(home, name) });
  }
  return [...found].map(([projects, history]) => ({ projects, ...history }));
}

/** Takes away the indexes of histories that are gone: what was said there is not to outlive it here. */
export function dropOthers(home: Home, kept: readonly History[]): void {
  const places = new Set(kept.map((history) => history.index));
  for (const above of [dirname(groupIndexOf(home, "x")), dirname(accountIndexOf(home, "x"))]) {
    for (const name of namesIn(above)) if (!places.has(join(above, name))) dropStore(join(above, name));
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (isErrno(error)) return []; // Nothing there to be taken away, or nothing that can be.
    throw error;
  }
}
