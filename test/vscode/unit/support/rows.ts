import type { Member, Row, Snapshot } from "../../../../extension/engine/calls.ts";
import { type AccountReport, type ContextPolicy, describePolicy, standingOf } from "../../../../shared/index.ts";

export const NOW = Date.parse("2026-03-01T12:00:00.000Z");
export const DAY = 24 * 60 * 60 * 1000;

export function shared(group: string, continuity: "standard" | "deeper" = "standard"): ContextPolicy {
  return { mode: "shared", group, continuity };
}

/** An account that is logged in, with what differs. */
export function report(name: string, over: Partial<AccountReport> = {}, login: Partial<AccountReport["identity"]> = {}): AccountReport {
  const policy = over.policy === undefined ? ({ mode: "isolated" } as const) : over.policy;
  return {
    name,
    isDefault: false,
    instance: `/ccs/instances/${name}`,
    created: null,
    lastUsed: null,
    context: policy === null ? "invalid" : describePolicy(policy),
    identity: {
      loggedIn: true,
      verified: true,
      email: `${name}@example.invalid`,
      organization: null,
      accountUuid: null,
      organizationUuid: null,
      plan: null,
      loginEnds: null,
      problem: null,
      ...login,
    },
    limitedUntil: null,
    running: 0,
    health: "ok",
    problems: [],
    ...over,
    policy,
  };
}

export function row(report: AccountReport, group: readonly Member[] = []): Row {
  return { report, standing: standingOf(report, NOW), group };
}

export function snapshot(rows: readonly Row[], problems: Snapshot["problems"] = []): Snapshot {
  return { rows, problems, config: "/ccs/config.yaml", now: NOW };
}
