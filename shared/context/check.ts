import { join } from "node:path";
import { ARTIFACTS, sharedArtifacts } from "../artifacts.ts";
import { type Home, instanceOf } from "../paths.ts";
import type { ContextPolicy } from "../policy/index.ts";
import { follow, look, real } from "./disk.ts";
import { actualOf, desiredTarget } from "./links.ts";
import { displayPath } from "./names.ts";

/** What is wrong with the links of an account. */
export interface LinkProblem {
  readonly path: string;
  readonly message: string;
  /** The command that mends it. */
  readonly fix: string;
}

/** The first thing wrong with the links of an account, or null. A handful of system calls; reads only. */
export function linkProblem(home: Home, account: string, policy: ContextPolicy): LinkProblem | null {
  const shared = new Set(sharedArtifacts(policy).map((a) => a.name));
  for (const artifact of ARTIFACTS) {
    const path = join(instanceOf(home, account), artifact.name);
    const actual = actualOf(home, account, artifact);
    const wrong = (message: string, fix = "ccs doctor --fix"): LinkProblem => ({ path, message: `${artifact.name} ${message}`, fix });
    if (shared.has(artifact.name) && policy.mode === "shared") {
      const target = desiredTarget(home, policy.group, artifact);
      if (actual.is === "absent") return wrong("is not linked to the group yet");
      if (actual.is === "directory") return wrong("is a directory of its own where the link to the group should be");
      if (actual.is === "other") return wrong("is neither a directory nor a link");
      if (actual.is === "their-link")
        return wrong(`is a link somebody made, to ${displayPath(actual.target)}`, `Move ${path} out of the way`);
      if (follow(target)?.kind !== "directory") return wrong("leads nowhere: the group's directory is missing");
      if (actual.target !== target && real(path) !== real(target)) {
        return wrong(`leads to ${actual.group ?? displayPath(actual.target)} instead of ${policy.group}`, `ccs auth edit ${account}`);
      }
    } else if (actual.is === "our-link") {
      return wrong(`is still linked to the group ${actual.group ?? displayPath(actual.target)}`, `ccs auth edit ${account}`);
    } else if (artifact.name === "projects" && look(path) !== null && follow(path)?.kind !== "directory") {
      return wrong("does not lead to a directory: a client would answer and save nothing", `Move ${path} out of the way`);
    }
  }
  return null;
}
