import { lstatSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { ARTIFACTS, groupArtifact, sharedArtifacts } from "../artifacts.ts";
import { isErrno } from "../errors.ts";
import { type Home, instanceOf } from "../paths.ts";
import type { ContextPolicy } from "../policy/policy.ts";

/**
 * Whether an account is, beyond doubt, what its policy says: no change is unfinished, every link is the one we make and
 * leads to a directory, and where no link belongs there is a directory or nothing. The usual case, in some twenty
 * system calls and without loading the engine. Reads only.
 * @returns `false` where it takes a closer look: nothing need be wrong then
 */
export function surelyReady(home: Home, account: string, policy: ContextPolicy): boolean {
  const instance = instanceOf(home, account);
  if (kindOf(instance) !== "directory" || !isEmpty(home.intents)) return false;
  const shared = sharedArtifacts(policy);
  for (const artifact of ARTIFACTS) {
    const path = join(instance, artifact.name);
    const kind = kindOf(path);
    if (policy.mode === "shared" && shared.includes(artifact)) {
      if (kind !== "link" || readlinkSync(path) !== groupArtifact(home, policy.group, artifact)) return false;
      if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
    } else if (kind !== "directory" && kind !== "nothing") {
      return false;
    }
  }
  return true;
}

function kindOf(path: string): "directory" | "link" | "nothing" | "other" {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return "nothing";
  if (stats.isDirectory()) return "directory";
  return stats.isSymbolicLink() ? "link" : "other";
}

function isEmpty(directory: string): boolean {
  try {
    return readdirSync(directory).length === 0;
  } catch (error) {
    return isErrno(error, "ENOENT");
  }
}
