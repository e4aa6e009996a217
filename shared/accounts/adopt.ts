import { join } from "node:path";
import { ARTIFACTS } from "../artifacts.ts";
import { identityOf } from "../claude/index.ts";
import { objectOf, parseObject, textOf } from "../claude/json.ts";
import { type Config, editConfig, NEW_CONFIG, readConfig, requireValid } from "../config/index.ts";
import { editFile, list, Moved, makeDirectories, readText, real } from "../context/disk.ts";
import { actualOf } from "../context/links.ts";
import { withLock } from "../context/lock.ts";
import { displayPath } from "../context/names.ts";
import { CcsError } from "../errors.ts";
import { type Home, instanceOf } from "../paths.ts";
import { type ContextPolicy, checkAccountName, describePolicy, ISOLATED, policyKeys, samePolicy } from "../policy/index.ts";
import { finishBegun } from "./moving.ts";

/** An instance that no account in config.yaml has, as an older layout or a lost config.yaml leaves it. */
export interface Stray {
  readonly name: string;
  readonly instance: string;
  /** What its links say. */
  readonly policy: ContextPolicy;
  readonly sentences: readonly string[];
}

/** Names of instances that are no account's, and could be. */
export function strayNames(home: Home, config: Config = readConfig(home)): string[] {
  return (list(home.instances) ?? []).flatMap(({ name, kind }) =>
    kind === "directory" && !name.startsWith(".") && checkAccountName(name, config.accounts.keys()).ok && !isEmpty(home, name)
      ? [name]
      : [],
  );
}

function isEmpty(home: Home, name: string): boolean {
  return (list(instanceOf(home, name)) ?? []).length === 0;
}

/** The instance a directory is, where it is no account's; null for any other. @param directory without links */
export function strayAt(home: Home, directory: string): Stray | null {
  const name = strayNames(home).find((stray) => real(instanceOf(home, stray)) === directory);
  return name === undefined ? null : stray(home, name);
}

function stray(home: Home, name: string): Stray {
  const instance = instanceOf(home, name);
  const policy = policyOfLinks(home, name);
  const { email, loggedIn } = identityOf(instance);
  const sentences = [
    `${name} becomes an account as it stands: ${displayPath(instance)} stays where it is, with its history, settings and login. Nothing is copied.`,
    ...(policy.mode === "isolated" ? [] : [`It is ${describePolicy(policy)}: its links say so.`]),
    loggedIn ? `It is logged in${email === null ? "" : ` as ${email}`}.` : `Nobody is logged in: ccs auth login ${name}`,
  ];
  return { name, instance, policy, sentences };
}

/** What the links in an instance come to. */
function policyOfLinks(home: Home, name: string): ContextPolicy {
  const groups = ARTIFACTS.map((artifact) => ({ artifact, actual: actualOf(home, name, artifact) })).flatMap(({ artifact, actual }) =>
    actual.is === "our-link" && actual.group !== null ? [{ artifact, group: actual.group }] : [],
  );
  const first = groups.find(({ artifact }) => artifact.continuity === "standard");
  if (first === undefined) return ISOLATED;
  const deeper = groups.some(({ artifact, group }) => artifact.continuity === "deeper" && group === first.group);
  return { mode: "shared", group: first.group, continuity: deeper ? "deeper" : "standard" };
}

/**
 * Makes an account of an instance as it stands: an entry in config.yaml, and nothing else.
 * @throws CcsError stale where its links say something else by now, busy, exists
 */
export function adopt(home: Home, seen: Stray, now: Date): void {
  const { name } = seen;
  withLock(home, `taking over the account ${name}`, () => {
    finishBegun(home, name);
    const config = readConfig(home);
    requireValid(config);
    const found = strayNames(home, config).includes(name) ? stray(home, name) : null;
    if (found === null || !samePolicy(found.policy, seen.policy)) throw stale(seen.instance);
    const policy = Object.entries(policyKeys(found.policy)).filter(([, value]) => value !== null);
    const keys = { created: now.toISOString(), last_used: null, ...timesIn(home, name), ...Object.fromEntries(policy) };
    makeDirectories(home.root);
    const before = config.exists ? config.text : null;
    try {
      editFile(home.config, before, editConfig(before ?? NEW_CONFIG, [{ set: "new-account", account: name, keys }]), 0o600);
    } catch (error) {
      if (!(error instanceof Moved)) throw error;
      throw stale(home.config);
    }
  });
}

/** The older layout of @kaitranntt/ccs keeps its accounts in profiles.json. */
function timesIn(home: Home, name: string): { created?: string; last_used?: string } {
  const profiles = objectOf(parseObject(readText(join(home.root, "profiles.json")) ?? "")?.profiles);
  const profile = objectOf(profiles?.[name]);
  const [created, used] = [textOf(profile?.created), textOf(profile?.last_used)];
  return { ...(isTime(created) ? { created } : {}), ...(isTime(used) ? { last_used: used } : {}) };
}

function isTime(text: string | null): text is string {
  return text !== null && !Number.isNaN(Date.parse(text));
}

function stale(where: string): CcsError {
  return new CcsError("stale", "something changed since it was shown", {
    where,
    untouched: "Nothing was changed.",
    hint: "Run the command again.",
  });
}
