import { identityOf, limitedUntil, runningClients } from "../claude/index.ts";
import { type Account, type Config, type ConfigProblem, problemLine, readConfig } from "../config/index.ts";
import { linkProblem } from "../context/check.ts";
import { look } from "../context/disk.ts";
import { CcsError } from "../errors.ts";
import { type Home, instanceOf, intentOf } from "../paths.ts";
import { type ContextPolicy, describePolicy } from "../policy/index.ts";
import { requireAccount } from "./find.ts";
import type { AccountProblem, AccountReport, Health } from "./types.ts";

/** Every account, in the order of config.yaml. @param now milliseconds since the epoch @param config where it was read already */
export function listAccounts(home: Home, now: number, config: Config = readConfig(home)): AccountReport[] {
  return [...config.accounts.values()].map((account) => report(home, config, account, now));
}

/** One account. @throws CcsError not-found */
export function showAccount(home: Home, name: string, now: number, config: Config = readConfig(home)): AccountReport {
  return report(home, config, requireAccount(config, name), now);
}

const RANK: readonly Health[] = ["ok", "info", "warning", "error"];

function report(home: Home, config: Config, account: Account, now: number): AccountReport {
  const instance = instanceOf(home, account.name);
  const identity = identityOf(instance);
  const problems = problemsOf(home, config, account, identity.loggedIn, identity.problem);
  const found = <T>(look: () => T, otherwise: T): T => {
    try {
      return look();
    } catch (error) {
      problems.push(problemOf(error));
      return otherwise;
    }
  };
  const limited = found(() => limitedUntil(instance, now), null);
  const running = found(() => runningClients(instance).length, 0);
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
    limitedUntil: limited,
    running,
    health: RANK[worst] as Health,
    problems,
  };
}

/** What cannot be seen of one account is a problem of that account, and of no other. */
function problemOf(error: unknown): AccountProblem {
  if (error instanceof CcsError) return { health: "error", message: error.message, fix: error.hint ?? null };
  throw error;
}

function linksOf(home: Home, account: string, policy: ContextPolicy): AccountProblem | null {
  try {
    const links = linkProblem(home, account, policy);
    return links === null ? null : { health: "error", message: links.message, fix: links.fix };
  } catch (error) {
    return problemOf(error);
  }
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
    const links = linksOf(home, name, policy);
    if (links !== null) problems.push(links);
  }
  if (identityProblem !== null) problems.push({ health: "warning", message: identityProblem, fix: `ccs auth login ${name}` });
  else if (!loggedIn) problems.push({ health: "warning", message: "nobody is logged in", fix: `ccs auth login ${name}` });
  return problems;
}
