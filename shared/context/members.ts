import type { Config } from "../config/index.ts";

/** The accounts whose policy names a group, in the order of config.yaml. */
export function membersOf(config: Config, group: string): string[] {
  return [...config.accounts.values()].filter((a) => a.policy?.mode === "shared" && a.policy.group === group).map((a) => a.name);
}
