import { normaliseGroup } from "./names.ts";
import { shown } from "./shown.ts";

export const MODES = ["isolated", "shared"] as const;
export const CONTINUITIES = ["standard", "deeper"] as const;
export type Mode = (typeof MODES)[number];
export type Continuity = (typeof CONTINUITIES)[number];

/** Whose history an account sees. */
export type ContextPolicy =
  | { readonly mode: "isolated" }
  | { readonly mode: "shared"; readonly group: string; readonly continuity: Continuity };

export const ISOLATED: ContextPolicy = { mode: "isolated" };

/** The three keys of an account in config.yaml, as they were written. */
export interface PolicyKeys {
  context_mode?: unknown;
  context_group?: unknown;
  continuity_mode?: unknown;
}

export interface PolicyProblem {
  readonly key: keyof PolicyKeys;
  /** A sentence without a full stop, naming what was written and what is allowed. */
  readonly message: string;
}

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: ContextPolicy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** `"a" or "b"`: allowed values as they are written in a message. */
export function allowed(values: readonly string[]): string {
  return values.map(shown).join(" or ");
}

/**
 * The rules of a context policy, all of them, in one place: the schema, the launcher and every face ask here.
 * A policy that does not parse is never replaced by a default.
 */
export function parsePolicy(keys: PolicyKeys): ParsedPolicy {
  const problems: PolicyProblem[] = [];
  const { context_mode: mode, context_group: group, continuity_mode: continuity } = keys;

  const modeKnown = mode === undefined || mode === "isolated" || mode === "shared";
  if (!modeKnown) problems.push({ key: "context_mode", message: `context_mode is ${shown(mode)}; allowed: ${allowed(MODES)}` });

  if (continuity !== undefined && continuity !== "standard" && continuity !== "deeper") {
    problems.push({ key: "continuity_mode", message: `continuity_mode is ${shown(continuity)}; allowed: ${allowed(CONTINUITIES)}` });
  } else if (continuity !== undefined && modeKnown && mode !== "shared") {
    problems.push({ key: "continuity_mode", message: `continuity_mode is only valid with context_mode: "shared"` });
  }

  let normalised: string | undefined;
  if (group !== undefined && group !== null) {
    const result =
      typeof group === "string" ? normaliseGroup(group) : { ok: false as const, message: `is ${shown(group)}; it has to be text` };
    if (result.ok) normalised = result.name;
    else problems.push({ key: "context_group", message: `context_group ${result.message}` });
  } else if (mode === "shared") {
    problems.push({ key: "context_group", message: `context_group is required with context_mode: "shared"` });
  }

  if (problems.length > 0) return { ok: false, problems };
  if (mode !== "shared" || normalised === undefined) return { ok: true, policy: ISOLATED };
  return { ok: true, policy: { mode: "shared", group: normalised, continuity: continuity === "deeper" ? "deeper" : "standard" } };
}

/** `isolated`, `shared (team-alpha)` or `shared (team-alpha), deeper`: the words of every table. */
export function describePolicy(policy: ContextPolicy): string {
  if (policy.mode === "isolated") return "isolated";
  return `shared (${policy.group})${policy.continuity === "deeper" ? ", deeper" : ""}`;
}

export function samePolicy(a: ContextPolicy, b: ContextPolicy): boolean {
  return describePolicy(a) === describePolicy(b);
}

/** The policy that keys say where null stands for a key that is not there; null where they say none. */
export function policyOfKeys(keys: { readonly [key in keyof PolicyKeys]-?: string | null }): ContextPolicy | null {
  const parsed = parsePolicy({
    context_mode: keys.context_mode ?? undefined,
    context_group: keys.context_group ?? undefined,
    continuity_mode: keys.continuity_mode ?? undefined,
  });
  return parsed.ok ? parsed.policy : null;
}

/** The config keys that say this policy; `null` takes a key out. */
export function policyKeys(policy: ContextPolicy): { context_mode: string; context_group: string | null; continuity_mode: string | null } {
  if (policy.mode === "isolated") return { context_mode: "isolated", context_group: null, continuity_mode: null };
  return { context_mode: "shared", context_group: policy.group, continuity_mode: policy.continuity };
}
