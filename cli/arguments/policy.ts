import { type ContextPolicy, type Continuity, ISOLATED, normaliseGroup } from "../../shared/index.ts";
import { usage } from "./strict.ts";

/** The group that is meant where none is named. */
export const DEFAULT_GROUP = "default";

/** The flags that say a context policy, as a person gave them. */
export interface PolicyFlags {
  readonly isolated: boolean;
  readonly shareContext: boolean;
  readonly contextGroup: string | null;
  readonly deeper: boolean;
  readonly standard: boolean;
}

/** Whether any of them was given. */
export function saysPolicy(flags: PolicyFlags): boolean {
  return flags.isolated || flags.shareContext || flags.contextGroup !== null || flags.deeper || flags.standard;
}

/**
 * The policy the flags say. Pure.
 * @param command as it is typed, for the hints
 * @param now the policy the account has: what no flag names stays as it is; null for a new account
 * @throws CcsError `usage`
 */
export function policyFrom(flags: PolicyFlags, command: string, now: ContextPolicy | null): ContextPolicy {
  const shares = flags.shareContext || flags.contextGroup !== null;
  if (flags.isolated && shares) throw usage("--isolated and sharing exclude each other", `Try: ${command} --isolated`);
  if (flags.deeper && flags.standard) {
    throw usage("--deeper-continuity and --standard-continuity exclude each other", `See: ${command} --help`);
  }
  const continuity: Continuity | null = flags.deeper ? "deeper" : flags.standard ? "standard" : null;
  if (flags.isolated) {
    if (continuity !== null)
      throw usage(`--${continuity}-continuity is about sharing, and --isolated shares nothing`, `Try: ${command} --isolated`);
    return ISOLATED;
  }
  if (!shares) {
    if (continuity === null) return now ?? ISOLATED;
    if (now?.mode !== "shared") {
      throw usage(
        `--${continuity}-continuity needs a group to share with`,
        `Add --share-context or --context-group <group>: ${command} --share-context --${continuity}-continuity`,
      );
    }
    return { ...now, continuity };
  }
  return {
    mode: "shared",
    group: flags.contextGroup === null ? DEFAULT_GROUP : groupFrom(flags.contextGroup, "--context-group", command),
    continuity: continuity ?? (now?.mode === "shared" ? now.continuity : "standard"),
  };
}

/** @throws CcsError `usage` for a name that is none */
export function groupFrom(raw: string, what: string, command: string): string {
  const group = normaliseGroup(raw);
  if (!group.ok) throw usage(`${what} ${group.message}`, `See: ${command} --help`);
  return group.name;
}
