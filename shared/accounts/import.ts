import { identityOf, runningClients } from "../claude/index.ts";
import { readConfig } from "../config/index.ts";
import { formatBytes } from "../context/describe.ts";
import { firstThere, realPathOf } from "../context/disk.ts";
import { asArgument, displayPath } from "../context/names.ts";
import { requireUnblocked } from "../context/preview.ts";
import type { Blocker } from "../context/types.ts";
import { HERE, type Surroundings } from "../doctor/surroundings.ts";
import { CcsError } from "../errors.ts";
import { type Home, instanceOf } from "../paths.ts";
import { ISOLATED } from "../policy/index.ts";
import { adopt, type Stray, strayAt, strayNames } from "./adopt.ts";
import { type MakeOptions, type MakingPreview, make, previewMaking } from "./making.ts";
import { nameFor, type Origin, originOf, overlap, type Standpoint } from "./origin.ts";
import { listed, type Part } from "./outfit.ts";
import { restoring } from "./removed-names.ts";

/** What a person says about an import. */
export interface ImportWish {
  /** The directory, as typed; null: `~/.claude`. */
  readonly directory: string | null;
  /** The account's name; null: one the directory suggests. */
  readonly name: string | null;
  /** Whether values in settings and MCP servers that may be secrets come along. A login never does. */
  readonly withSecrets: boolean;
}

/** An import as a person is shown it, and as it is carried out later. */
export interface ImportPreview {
  readonly account: string;
  readonly instance: string;
  /** The directory that is copied, without links. It is only read. */
  readonly from: string;
  /** What comes along, by entry. */
  readonly parts: readonly Part[];
  readonly files: number;
  /** Bytes. */
  readonly bytes: number;
  /** Bytes that are free where it goes; null where that is not told. */
  readonly free: number | null;
  /** Values that may be secrets, by what names them, never the values: left out unless the wish says otherwise. */
  readonly secrets: readonly string[];
  /** Clients that write in the directory just now. */
  readonly running: number;
  /** Plain sentences, in the order to show them. */
  readonly sentences: readonly string[];
  readonly blockers: readonly Blocker[];
  /** Equal digests: the same to say yes to. */
  readonly digest: string;
  /** What is made of what is copied; null where nothing is, and the instance that is there becomes an account as it stands. */
  readonly making: MakingPreview | null;
  readonly stray: Stray | null;
}

/** An account that was made. */
export interface ImportedAccount {
  readonly account: string;
  readonly instance: string;
  /** Whether somebody is logged in, as where it became an account as it stands. */
  readonly loggedIn: boolean;
  /** What was done. */
  readonly sentences: readonly string[];
}

/** Bytes that stay free beside what is copied. */
const SPARE = 64 << 20;

/**
 * What importing a directory of Claude Code comes to: an isolated account with its history and settings, without a login; an instance
 * under `CCS_DIR` that is no account's becomes one as it stands. Reads only.
 * @param standpoint where the person's home is, and what a relative path is relative to
 * @throws CcsError not-found, usage or exists for the name, config-invalid; refused where the directory is one that ccs keeps
 */
export function previewImport(
  home: Home,
  wish: ImportWish,
  standpoint: Standpoint,
  now: Date,
  surroundings: Pick<Surroundings, "space"> = HERE,
): ImportPreview {
  const origin = originOf(home, wish.directory, standpoint);
  const found = strayAt(home, origin.directory);
  if (found !== null) return adopting(found, wish);
  requireApart(home, origin);
  const account = wish.name ?? nameFor(origin);
  const pattern = { account, origin, policy: ISOLATED, history: true, withSecrets: wish.withSecrets, now };
  return shownAs(previewMaking(home, pattern), wish, surroundings);
}

function adopting(found: Stray, { name }: ImportWish): ImportPreview {
  const { instance, policy, sentences } = found;
  if (name !== null && name !== found.name) {
    throw new CcsError("usage", `it is ${found.name} as it stands, and gets no other name on the way`, {
      where: instance,
      untouched: "Nothing was changed.",
      hint: `Leave out --name; another name after it: ccs auth rename ${found.name} ${name}`,
    });
  }
  return {
    account: found.name,
    instance,
    from: instance,
    parts: [],
    files: 0,
    bytes: 0,
    free: null,
    secrets: [],
    running: runningClients(instance).length,
    sentences,
    blockers: [],
    digest: JSON.stringify([found.name, policy]),
    making: null,
    stray: found,
  };
}

function shownAs(making: MakingPreview, wish: ImportWish, surroundings: Pick<Surroundings, "space">): ImportPreview {
  const { account, instance, origin, outfit, home } = making;
  const { parts } = outfit;
  const files = parts.reduce((sum, part) => sum + part.files, 0);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const free = surroundings.space(firstThere(home.root))?.free ?? null;
  const running = runningClients(origin.directory);
  const blockers = [...making.blockers, ...emptyBlocker(origin, parts), ...spaceBlocker(home, bytes, free)];
  const sentences = [
    `${displayPath(origin.directory)} is copied to a new account, ${account}, isolated. Nothing there is changed.`,
    `Copied: ${parts.map(partText).join(", ")}. ${sizeText(files, bytes)}${free === null ? "" : `; ${formatBytes(free)} are free`}.`,
    ...stateSentences(making),
    ...secretSentences(making, wish.withSecrets),
    ...(outfit.retention === null ? [] : [retentionSentence(outfit.retention)]),
    ...outfit.left,
    ...(outfit.uses.length === 0
      ? []
      : [`${listed(outfit.uses)}: what is named there in ${displayPath(origin.directory)}, as hooks, is used there as before.`]),
    ...(running.length === 0 ? [] : [runningSentence(running)]),
    "No login is copied: it is logged in anew.",
    ...strayHint(home),
  ];
  return {
    account,
    instance,
    from: origin.directory,
    parts,
    files,
    bytes,
    free,
    secrets: outfit.secrets,
    running: running.length,
    sentences: parts.length === 0 ? [] : sentences,
    blockers,
    digest: making.digest,
    making,
    stray: null,
  };
}

function partText({ name, bytes }: Part): string {
  return bytes === 0 ? name : `${name} (${formatBytes(bytes)})`;
}

function sizeText(files: number, bytes: number): string {
  return `${formatBytes(bytes)} in ${files} ${files === 1 ? "file" : "files"}`;
}

/** What comes along of `.claude.json`. */
export function stateSentences({ origin, outfit: { servers, projects } }: MakingPreview): string[] {
  if (origin.state === null || (servers.length === 0 && projects === 0)) return [];
  const named = servers.length === 0 ? [] : [`${servers.length === 1 ? "the MCP server" : "the MCP servers"} ${listed(servers)}`];
  const trusted = projects === 0 ? [] : [`what is trusted in ${projects} ${projects === 1 ? "directory" : "directories"}`];
  return [`From ${displayPath(origin.state)}: ${[...named, ...trusted].join(", and ")}; nothing of who is logged in.`];
}

/** What may be a secret, by name. */
export function secretSentences({ outfit: { secrets, logins } }: MakingPreview, withSecrets: boolean): string[] {
  const told = withSecrets ? "Copied, though they may be secrets" : "Left out, as they may be secrets";
  return [
    ...(secrets.length === 0 ? [] : [`${told}: ${listed(secrets, 20)}.`]),
    ...(logins.length === 0 ? [] : [`Left out, as it is a login: ${listed(logins)}.`]),
  ];
}

function retentionSentence({ from, to, oldest }: { readonly from: number; readonly to: number; readonly oldest: number }): string {
  return `The oldest of it is ${oldest} days old, and Claude Code would delete what is older than ${from}: the account keeps ${to} days (cleanupPeriodDays).`;
}

function runningSentence(running: readonly { readonly pid: number; readonly cwd: string | null }[]): string {
  const which = running.map(({ pid, cwd }) => `process ${pid}${cwd === null ? "" : ` in ${displayPath(cwd)}`}`);
  return `Claude Code is running there (${listed(which)}): what it writes from now on does not come along. Close it first to be sure of all of it.`;
}

function emptyBlocker({ directory }: Origin, parts: readonly Part[]): Blocker[] {
  if (parts.length > 0) return [];
  const message = "there is nothing of Claude Code in it: neither a history nor settings";
  return [{ code: "refused", message, where: directory, hint: "Name another directory: ccs auth import <dir>" }];
}

function spaceBlocker(home: Home, bytes: number, free: number | null): Blocker[] {
  if (free === null || bytes + SPARE <= free) return [];
  const message = `${formatBytes(bytes)} have to be copied, and ${formatBytes(free)} are free`;
  return [{ code: "refused", message, where: firstThere(home.root), hint: "Make room, then run the command again." }];
}

/** Instances that are no account's have to be taken over, not copied. */
function strayHint(home: Home): string[] {
  const names = strayNames(home);
  const [first] = names;
  return first === undefined
    ? []
    : [`No account's yet, though ccs has their directories: ${listed(names)}. Take them over: ${importing(home, first)}`];
}

/** The command that makes an account of an instance as it stands. */
export function importing(home: Home, name: string): string {
  return `ccs auth import ${asArgument(instanceOf(home, name))}`;
}

/** What ccs keeps is imported already. @throws CcsError refused */
function requireApart(home: Home, { directory, account }: Origin): void {
  const root = realPathOf(home.root);
  if (!overlap(directory, root)) return;
  const refuse = (message: string, hint: string) =>
    new CcsError("refused", message, { where: directory, untouched: "Nothing was changed.", hint });
  if (account !== null) throw refuse(`it is the account ${account} already, as it stands`, `Start it: ccs ${account}`);
  const [above, name] = directory.startsWith(`${root}/`) ? directory.slice(root.length + 1).split("/") : [];
  if (above === "removed" && name !== undefined) {
    const back = restoring(home, name.replace(/\.\d{8}T.*$/, ""));
    if (back !== null) throw refuse("it was set aside with an account that was removed", `Bring it back: ${back}`);
  }
  const accounts = [...readConfig(home).accounts.keys()];
  const known = accounts.length === 0 ? "" : ` Accounts there are used as they stand: ${listed(accounts)}.`;
  const [first] = strayNames(home);
  throw refuse(
    `it is where ccs keeps its accounts, or holds that.${known}`,
    first === undefined ? "ccs auth list" : `What is no account's yet: ${importing(home, first)}`,
  );
}

/**
 * Carries out an import that was previewed.
 * @throws CcsError stale, busy, refused, failed
 */
export function applyImport(home: Home, seen: ImportPreview, options: MakeOptions): ImportedAccount {
  requireUnblocked(seen);
  const { account, instance, sentences } = seen;
  if (seen.making !== null) make(seen.making, options);
  else if (seen.stray !== null) adopt(home, seen.stray, new Date());
  return { account, instance, loggedIn: identityOf(instance).loggedIn, sentences };
}
