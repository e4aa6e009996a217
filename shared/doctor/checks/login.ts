import { join } from "node:path";
import { ENDS_SOON } from "../../accounts/standing.ts";
import type { Identity } from "../../claude/index.ts";
import { instanceOf } from "../../paths.ts";
import { day } from "../day.ts";
import { type Check, type Finding, finding, orOk } from "../finding.ts";
import type { World } from "../world.ts";

/** Somebody is logged in with every account, until when, and nobody with two. */
export const login: Check = {
  name: "login",
  mends: [],
  run(world) {
    const found = [...world.identities].map(([account, identity]) => loginFinding(world, account, identity));
    return orOk([...found, ...copied(world), ...twice(world)], "there is no account to be logged in with yet");
  },
};

function loginFinding(world: World, account: string, identity: Identity): Finding {
  const { loggedIn, loginEnds, problem, verified, email } = identity;
  const about = { account, command: `ccs auth login ${account}` };
  if (problem !== null) return finding("warning", problem, about);
  if (!loggedIn) return finding("warning", "nobody is logged in", about);
  if (loginEnds !== null && loginEnds <= world.now) return finding("warning", `the login has ended, on ${day(loginEnds)}`, about);
  if (loginEnds !== null && loginEnds - world.now <= ENDS_SOON)
    return finding("warning", `the login ends soon, on ${day(loginEnds)}: log in again before it does`, about);
  const until = loginEnds === null ? "" : ` until ${day(loginEnds)}`;
  return finding("ok", `${email ?? "somebody"} is logged in${until}${verified ? "" : " (not verified: only the Keychain knows)"}`, {
    account,
  });
}

/** A refresh token is good once: whoever uses a copy of it makes the others look stolen. */
function copied(world: World): Finding[] {
  return world.copiedLogins.map((names) => {
    const last = names.at(-1) as string;
    const message = `${listed(names)} hold copies of one login: as soon as one of them renews it, the others are logged out, or all of them`;
    return finding("error", message, { where: credentialsOf(world, last), command: `ccs auth login ${last}` });
  });
}

/** Two accounts with one login: they share its limits, and whose a session is cannot be told by it. */
function twice(world: World): Finding[] {
  const accounts = new Map<string, string[]>();
  for (const [name, { loggedIn, accountUuid }] of world.identities) {
    if (loggedIn && accountUuid !== null) accounts.set(accountUuid, [...(accounts.get(accountUuid) ?? []), name]);
  }
  return [...accounts.values()]
    .filter((names) => names.length > 1 && !world.copiedLogins.some((copies) => names.every((name) => copies.includes(name))))
    .map((names) => {
      const last = names.at(-1) as string;
      const who = world.identities.get(last)?.email ?? "the same login";
      const message = `${listed(names)} are logged in as one and the same (${who}): limits are shared, and whose a session is cannot be told`;
      return finding("warning", message, { where: join(instanceOf(world.home, last), ".claude.json"), command: `ccs auth login ${last}` });
    });
}

/** `a and b`; `a, b and c`. */
function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function credentialsOf(world: World, account: string): string {
  return join(instanceOf(world.home, account), ".credentials.json");
}
