import { randomUUID } from "node:crypto";
import { finishIntent } from "../../context/change.ts";
import { describePlan } from "../../context/index.ts";
import { withLock } from "../../context/lock.ts";
import { planIntent } from "../../context/plan/plan.ts";
import type { Intent, Plan } from "../../context/types.ts";
import { CcsError } from "../../errors.ts";
import { intentOf } from "../../paths.ts";
import { samePolicy } from "../../policy/index.ts";
import { type Check, errorFinding, type Finding, finding, orOk } from "../finding.ts";
import type { World } from "../world.ts";

/** No change was begun and not finished. */
export const intents: Check = {
  name: "intents",
  mends: ["intents"],
  run(world) {
    const found = [...world.intents].map(([account, intent]) =>
      intent instanceof CcsError ? errorFinding(intent, account) : unfinished(world, intent),
    );
    return orOk(found, "no change was left unfinished");
  },
};

function unfinished(world: World, intent: Intent): Finding {
  const { account } = intent;
  const about = { subject: account, where: intentOf(world.home, account) };
  if (world.busy) return finding("info", `a change is under way, since ${intent.began}`, about);
  const message = `a change was begun at ${intent.began} and not finished`;
  if (!world.usable) return finding("error", `${message}; config.yaml has to be mended first`, about);
  const plan = planOf(world, intent);
  if (plan instanceof CcsError) return finding("error", `${message}; ${plan.message}`, { ...about, command: plan.hint ?? null });
  const blocker = plan.blockers.find((b) => b.code === "refused") ?? plan.blockers[0];
  if (blocker !== undefined) return finding("error", `${message}; ${blocker.message}`, { ...about, command: blocker.hint });
  return finding("error", message, {
    ...about,
    mending: {
      stage: "intents",
      describes: [`The change of ${account} that was begun at ${intent.began} is finished.`, ...describePlan(plan)],
      apply: (onProgress) =>
        withLock(world.home, `finishing the change of ${account}`, () => void finishIntent(world.home, account, onProgress)),
    },
  });
}

/** What finishing it comes to: what a person wrote into config.yaml since stands. */
function planOf(world: World, intent: Intent): Plan | CcsError {
  const said = world.config.accounts.get(intent.account)?.policy ?? null;
  const written = said !== null && !(intent.from !== null && samePolicy(said, intent.from));
  try {
    return planIntent(world.home, world.config, written ? { ...intent, to: said } : intent, { careful: false, newId: randomUUID }).plan;
  } catch (error) {
    if (error instanceof CcsError) return error;
    throw error;
  }
}
