import { join } from "node:path";
import type { Artifact } from "../../artifacts.ts";
import { CcsError } from "../../errors.ts";
import { describePolicy } from "../../policy/index.ts";
import { real } from "../disk/look.ts";
import type { Actual } from "../links.ts";
import { displayPath } from "../names.ts";
import { misplaced } from "../rooms.ts";
import { blockRunning, copying } from "./pieces.ts";
import type { Slots } from "./slots.ts";
import { planTake } from "./take.ts";
import type { World } from "./world.ts";

/** The copy an account takes along; refused where nobody decided what that is. */
export function planTaking(w: World, artifact: Artifact, actual: Actual & { is: "our-link" }, slots: Slots): void {
  if (w.intent.taken === null) throw choiceNeeded(w, artifact, actual);
  const source = join(w.instance, artifact.name);
  const held = real(source);
  const odd = held === null ? null : misplaced(held);
  if (odd !== null) w.blockers.push({ code: "refused", ...odd });
  if (w.running.length > 0) blockRunning(w, `leaving ${actual.group ?? "the group"}`);
  const partial = `${slots.take}.partial`;
  planTake(
    copying(w, w.mine, artifact),
    {
      home: w.home,
      artifact,
      accountId: w.intent.accountId,
      group: actual.group ?? "",
      source,
      taken: w.taken,
      memory: w.intent.take !== "none",
    },
    partial,
  );
  w.steps.main.push({ do: "complete", from: partial, to: slots.take });
}

function choiceNeeded(w: World, artifact: Artifact, actual: Actual & { is: "our-link" }): CcsError {
  const { account, to } = w.intent;
  const flags = to.mode === "isolated" ? "--isolated" : `--context-group ${to.group} --${to.continuity}-continuity`;
  return new CcsError(
    "refused",
    `config.yaml says ${account} is ${describePolicy(to)}, but its ${artifact.name} is linked to ${actual.group ?? displayPath(actual.target)}; ccs does not guess what it should take along`,
    {
      where: join(w.instance, artifact.name),
      untouched: "Links and files were left as they are.",
      hint: `ccs auth edit ${account} ${flags}`,
    },
  );
}
