import {
  checkAccountName,
  createAccount,
  describePolicy,
  type Home,
  normaliseGroup,
  readConfig,
  setDefault,
} from "../../../shared/index.ts";
import { aboutField } from "../api/refused.ts";
import type { Answer, Asked } from "../api/schemas.ts";
import { policyFrom } from "./policy.ts";

/** Makes an account; the client's own login belongs into a terminal. @throws Refused, CcsError */
export function create(home: Home, { account, to: asked }: Asked<"create">): Answer<"create"> {
  const to = policyFrom(asked);
  const { name } = aboutField("account", () => createAccount(home, account, to, new Date()));
  return { account: name, context: describePolicy(to), command: `ccs auth login ${name}` };
}

/** Whether a text can be a new account's name, or a group's, in shared's words. */
export function nameOf(home: Home, { of, name }: Asked<"name">): Answer<"name"> {
  const result = of === "group" ? normaliseGroup(name) : checkAccountName(name, readConfig(home).accounts.keys());
  if (result.ok) return { name: result.name, message: null };
  return { name: null, message: of === "group" ? `the name ${result.message}` : result.message };
}

export function makeDefault(home: Home, { account }: Asked<"set-default">): Answer<"set-default"> {
  aboutField("account", () => setDefault(home, account));
  return {};
}
