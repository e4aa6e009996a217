import { type Check, type Finding, finding, orOk } from "../finding.ts";
import type { World } from "../world.ts";

/** Somebody is logged in with every account, and nobody with two. */
export const login: Check = {
  name: "login",
  mends: [],
  run(world) {
    const found = [...world.accounts.flatMap(({ name }) => loginFinding(world, name)), ...twice(world)];
    return orOk(found, "every account is logged in");
  },
};

function loginFinding(world: World, account: string): Finding[] {
  const { loggedIn, loginEnds, problem } = world.identity(account);
  const about = { account, command: `ccs auth login ${account}` };
  if (problem !== null) return [finding("warning", problem, about)];
  if (!loggedIn) return [finding("warning", "nobody is logged in", about)];
  if (loginEnds !== null && loginEnds <= world.now) return [finding("warning", "the login has ended", about)];
  return [];
}

/** Two accounts with one login: they share its limits, and whose a session is cannot be told by it. */
function twice(world: World): Finding[] {
  const accounts = new Map<string, string[]>();
  for (const { name } of world.accounts) {
    const { loggedIn, accountUuid } = world.identity(name);
    if (loggedIn && accountUuid !== null) accounts.set(accountUuid, [...(accounts.get(accountUuid) ?? []), name]);
  }
  return [...accounts.values()]
    .filter((names) => names.length > 1)
    .map((names) => {
      const last = names.at(-1) as string;
      const who = world.identity(last).email ?? "the same login";
      return finding(
        "warning",
        `${names.join(", ")} are logged in as one and the same (${who}): limits are shared, and whose a session is cannot be told`,
        {
          command: `ccs auth login ${last}`,
        },
      );
    });
}
