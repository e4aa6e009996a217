import { linkProblem } from "../../context/check.ts";
import { CcsError } from "../../errors.ts";
import type { ContextPolicy } from "../../policy/index.ts";
import { type Check, errorFinding, type Finding, finding, orOk } from "../finding.ts";
import { mendingOf } from "../mending.ts";
import type { World } from "../world.ts";

/** The links of every account are what config.yaml says. What needs no choice is mended as for a launch. */
export const links: Check = {
  name: "links",
  mends: ["links"],
  run(world) {
    if (!world.usable) return [finding("skipped", "config.yaml has to be mended first")];
    const found = world.accounts.flatMap(({ name, policy }) => {
      // Finishing what was begun puts these in order; an instance that is missing is said once.
      if (policy === null || world.intents.has(name) || world.instance(name) === null) return [];
      return linkFinding(world, name, policy);
    });
    return orOk(found, "every link is what config.yaml says");
  },
};

function linkFinding(world: World, account: string, policy: ContextPolicy): Finding[] {
  const problem = linkProblem(world.home, account, policy);
  if (problem === null) return [];
  const mending = mendingOf(world, account, "links");
  if (mending instanceof CcsError) return [errorFinding(mending, account)];
  const about = { account, where: problem.path };
  return [finding("error", problem.message, mending === null ? { ...about, command: problem.fix } : { ...about, mending })];
}
