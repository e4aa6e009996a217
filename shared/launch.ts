/**
 * The launcher's door, beside `index.ts`, for `cli/launch` and `cli/quick` alone. A launch has about three milliseconds: through the
 * one door the schema and the engine would be loaded each time, and cost more than that, and so does the parser.
 * What a launch needs of them now and then, it asks the other door for, or the functions here, which load it then.
 */
import type { Identity } from "./claude/identity.ts";
import type { LaunchConfig } from "./config/launch.ts";
import type { LinkProblem } from "./context/check.ts";
import type { Home } from "./paths.ts";
import type { ContextPolicy } from "./policy/policy.ts";

export { realDirectory, ruleFor } from "./accounts/folder.ts";
export { replaceLastUsed } from "./accounts/last-used-line.ts";
export { clientMissing, findClient } from "./claude/client.ts";
export { launchEnvironment, OTHER_LOGINS } from "./claude/environment.ts";
export type { Identity } from "./claude/identity.ts";
export type { LaunchConfig, LaunchRule } from "./config/launch.ts";
export { readText } from "./config/text.ts";
export { surelyReady } from "./context/surely-ready.ts";
export { CcsError, isErrno } from "./errors.ts";
export { type Home, homeOf, instanceOf, intentOf, moveOf } from "./paths.ts";
export { checkAccountName, normaliseGroup, RESERVED_NAMES } from "./policy/names.ts";
export type { ContextPolicy } from "./policy/policy.ts";

/** Reads config.yaml with its parser. @throws CcsError config-invalid, failed */
export async function readLaunch(file: string): Promise<LaunchConfig> {
  return (await import("./config/launch.ts")).readLaunch(file);
}

/** Who an account's login is, as far as files tell. */
export async function identityOf(instance: string): Promise<Identity> {
  return (await import("./claude/identity.ts")).identityOf(instance);
}

/** `isolated`, `shared (team-alpha)` or `shared (team-alpha), deeper`. */
export async function describePolicy(policy: ContextPolicy): Promise<string> {
  return (await import("./policy/policy.ts")).describePolicy(policy);
}

/** The first thing wrong with the links of an account, or null. Reads only. */
export async function linkProblem(home: Home, account: string, policy: ContextPolicy): Promise<LinkProblem | null> {
  return (await import("./context/check.ts")).linkProblem(home, account, policy);
}

/** The command that brings an account back that was removed, or null. */
export async function restoring(home: Home, name: string): Promise<string | null> {
  return (await import("./accounts/removed-names.ts")).restoring(home, name);
}

/** Whether any change was begun and not ended. */
export async function hasIntents(home: Home): Promise<boolean> {
  return (await import("./context/intents.ts")).hasIntents(home);
}

/** Writes config.yaml with another time of a launch. @throws CcsError busy, failed */
export async function writeLastUsed(home: Home, account: string, seen: string, next: string, also: () => void): Promise<boolean> {
  return (await import("./accounts/last-used.ts")).writeLastUsed(home, account, seen, next, also);
}

/** Does something under the lock, if it is free. @throws CcsError busy */
export async function underLock(home: Home, doing: string, work: () => void): Promise<void> {
  (await import("./context/lock.ts")).withLock(home, doing, work, 0);
}
