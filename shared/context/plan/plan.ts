import { ARTIFACTS, sharedArtifacts } from "../../artifacts.ts";
import { runningClients } from "../../claude/index.ts";
import type { Config } from "../../config/index.ts";
import { type Home, instanceOf } from "../../paths.ts";
import { instanceArea } from "../areas.ts";
import { look } from "../disk/look.ts";
import { misplaced, misplacedRooms } from "../rooms.ts";
import type { Blocker, Intent, Plan } from "../types.ts";
import { planOwn } from "./own.ts";
import { planSettingsAfter, planSettingsBefore } from "./settings.ts";
import { planShared } from "./shared.ts";
import { Steps } from "./steps.ts";
import type { PlanOptions, World } from "./world.ts";

/** What a plan needs remembered before it is applied. */
export interface PlanRecords {
  /** Sessions that come into the group with the account. */
  readonly brought: readonly string[];
  /** Ids chosen for diverged sessions: `<group>/<session>` to id. */
  readonly forks: Readonly<Record<string, string>>;
  /** The id each session of the account has in the group from now on. */
  readonly settled: ReadonlyMap<string, string>;
}

export interface PlanResult {
  readonly plan: Plan;
  readonly records: PlanRecords;
}

/**
 * Plans what is left to do of an intent. Reads config, disk and the intent, changes nothing, and yields no operation once
 * the disk is what the policy says.
 */
export function planIntent(home: Home, config: Config, intent: Intent, options: PlanOptions): PlanResult {
  const instance = instanceOf(home, intent.account);
  const w: World = {
    home,
    config,
    intent,
    options,
    instance,
    running: runningClients(instance),
    mine: instanceArea(home, intent.account),
    steps: new Steps(),
    blockers: [],
    brought: new Set(),
    forks: { ...intent.forks },
    settled: new Map(),
    taken: new Set(intent.taken ?? []),
    asides: new Set(),
    unsettled: false,
  };
  const wanted = new Set(sharedArtifacts(intent.to).map((a) => a.name));
  const inTheWay = [...misplacedRooms(home, [w.mine]), ...[misplaced(instance)].filter((m) => m !== null)];
  w.blockers.push(...inTheWay.map((m): Blocker => ({ code: "refused", ...m })));
  if (look(instance) === null) w.steps.main.push({ do: "make-directory", path: instance, mode: 0o700 });
  planSettingsBefore(w);
  for (const artifact of ARTIFACTS) {
    if (wanted.has(artifact.name) && intent.to.mode === "shared") planShared(w, artifact, intent.to.group);
    else planOwn(w, artifact);
  }
  planSettingsAfter(w);
  return {
    plan: { intent, operations: w.steps.operations(), summary: w.steps.summary, blockers: w.blockers, running: w.running },
    records: { brought: [...w.brought], forks: w.forks, settled: w.settled },
  };
}
