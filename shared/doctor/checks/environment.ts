import { OTHER_LOGINS } from "../../claude/index.ts";
import { type Check, type Finding, finding, orOk } from "../finding.ts";
import type { World } from "../world.ts";

/** No variable of this shell, and no settings.json, makes a client somebody else than its account. */
export const environment: Check = {
  name: "environment",
  mends: [],
  run(world) {
    const found = [...inShell(world), ...world.accounts.flatMap(({ name }) => inSettings(world, name))];
    return orOk(found, "no variable names another login than the accounts'");
  },
};

function inShell({ env }: World): Finding[] {
  const set = OTHER_LOGINS.filter((name) => env[name] !== undefined);
  if (set.length === 0) return [];
  const one = set.length === 1;
  const names = set.join(", ");
  if (env.CCS_KEEP_AUTH_ENV === "1") {
    const message = `${names} ${one ? "makes" : "make"} every client that login, whatever its account: CCS_KEEP_AUTH_ENV=1 leaves ${one ? "it" : "them"} in`;
    return [finding("warning", message, { command: "unset CCS_KEEP_AUTH_ENV" })];
  }
  const message = `${names} ${one ? "is" : "are"} set: ccs takes ${one ? "it" : "them"} out for its clients, one started without ccs is that login`;
  return [finding("info", message, { command: `unset ${set.join(" ")}` })];
}

/** These ccs does not take out: a person wrote them there, or another tool did. */
function inSettings(world: World, account: string): Finding[] {
  const { logins, where } = world.settings(account);
  if (logins.length === 0) return [];
  const message = `settings.json makes a client another login than this account's, by ${logins.join(", ")}`;
  return [finding("warning", message, { account, where, command: `Take ${logins.join(", ")} out of ${where}` })];
}
