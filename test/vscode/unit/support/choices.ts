import type { SyncChoices } from "../../../../extension/engine/calls.ts";
import { CONTINUITY_ANSWERS, type ContextPolicy, describePolicy, MODE_ANSWERS, REWIND, takeAnswers } from "../../../../shared/index.ts";

const GROUPS = [
  { name: "team-alpha", members: "work, spare (deeper)", sessions: 412 },
  { name: "other", members: "home", sessions: 1 },
];

/** What there is to choose from, for an account with a policy; null: a new one. */
export function choices(policy: ContextPolicy | null, groups: SyncChoices["groups"] = GROUPS): SyncChoices {
  return {
    policy,
    now: policy === null ? null : describePolicy(policy),
    modes: MODE_ANSWERS,
    groups,
    continuities: CONTINUITY_ANSWERS,
    rewind: REWIND,
    takes: policy?.mode === "shared" ? takeAnswers({ mine: 7, all: 412, continued: 3 }) : [],
  };
}

export const NAMES = { check: async (raw: string) => (raw === "" ? "The name is empty" : null) };
