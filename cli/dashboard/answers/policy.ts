import { type ContextPolicy, ISOLATED, normaliseGroup } from "../../../shared/index.ts";
import { Refused } from "../api/refused.ts";
import type { AskedPolicy } from "../api/schemas.ts";

/** The policy that is asked for, by shared's rules. @throws Refused `usage`, with the field */
export function policyFrom({ mode, group, continuity }: AskedPolicy): ContextPolicy {
  if (mode === "isolated") {
    if (group === undefined && continuity === undefined) return ISOLATED;
    throw new Refused("usage", "an isolated account has no group and no continuity", {
      field: group === undefined ? "to.continuity" : "to.group",
    });
  }
  const named = normaliseGroup(group ?? "");
  if (!named.ok) throw new Refused("usage", `the group ${named.message}`, { field: "to.group" });
  return { mode: "shared", group: named.name, continuity: continuity ?? "standard" };
}
