import { identityOf, limitedUntil, runningClients } from "../claude/index.ts";
import { type Account, type Config, type ConfigProblem, problemLine, readConfig } from "../config/index.ts";
import { linkProblem } from "../context/check.ts";
import { look } from "../context/disk.ts";
import { type Home, instanceOf, intentOf } from "../paths.ts";
import { describePolicy } from "../policy/index.ts";
import { requireAccount } from "./find.ts";
import type { AccountProblem, AccountReport, Health } from "./types.ts";

/** Every account, in the order of config.yaml. @param now milliseconds since the epoch */
export function listAccounts(home: Home, now: number): AccountReport[] {
  const config = readConfig(home);
  return [...config.accounts.values()].map((account) => report(home, config, account, now));
}

/** One account. @throws CcsError not-found */
export function showAccount(home: Home, name: string, now: number): AccountReport {
  const config = readConfig(home);
  return report(home, config, requireAccount(config, name), now);
}

const RANK: readonly Health[] = ["ok", "info", "warning", "error"];

function report(home: Home, config: Config, account: Account, now: number): AccountReport {
  const instance = instanceOf(home, account.name);
  const identity = identityOf(instance);
  const problems = problemsOf(home, config, account, identity.loggedIn, identity.problem);
  const worst = Math.max(0, ...problems.map((p) => RANK.indexOf(p.health)));
  return {
    name: account.name,
    isDefault: config.default === account.name,
    instance,
    created: account.created,
    lastUsed: account.lastUsed,
    policy: account.policy,
    context: account.policy === null ? "invalid" : describePolicy(account.policy),
    identity,
    limitedUntil: limitedUntil(instance, now),
    running: runningClients(instance).length,
    health: RANK[worst] as Health,
    problems,
  };
}

function problemsOf(home: Home, config: Config, account: Account, loggedIn: boolean, identityProblem: string | null): AccountProblem[] {
  const { name, policy } = account;
  const problems: AccountProblem[] = [];
  // A name may hold dots, a key of an account holds none.
  const mine = (p: ConfigProblem) => p.path === `accounts.${name}` || p.path.replace(/\.[^.]*$/, "") === `accounts.${name}`;
  for (const p of config.problems.filter(mine)) problems.push({ health: "error", message: problemLine(p), fix: `Mend ${config.file}` });
  if (look(intentOf(home, name)) !== null) {
    problems.push({ health: "error", message: "a change was begun and not finished", fix: "ccs doctor --fix" });
  } else if (policy !== null) {
    const links = linkProblem(home, name, policy);
    if (links !== null) problems.push({ health: "error", message: links.message, fix: links.fix });
  }
  if (identityProblem !== null) problems.push({ health: "warning", message: identityProblem, fix: `ccs auth login ${name}` });
  else if (!loggedIn) problems.push({ health: "warning", message: "nobody is logged in", fix: `ccs auth login ${name}` });
  return problems;
}
