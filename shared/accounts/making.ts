import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { type Config, readConfig, requireValid } from "../config/index.ts";
import { requireWholeRenames } from "../context/abilities.ts";
import { newChangeId } from "../context/change-id.ts";
import { applyClearing } from "../context/clearing.ts";
import {
  createFile,
  firstThere,
  flush,
  flushTree,
  follow,
  list,
  look,
  makeDirectories,
  makeDirectory,
  moveDirectory,
  removeEmptyDirectory,
  setTimes,
} from "../context/disk.ts";
import { dropOne, EVERYTHING, eachHeld } from "../context/held.ts";
import { withLock } from "../context/lock.ts";
import { type Move, PARTIAL, removeMove, requireSettled, writeMove } from "../context/moves.ts";
import { anotherPlan, newSeed, planChange, requireUnblocked } from "../context/preview.ts";
import { readSetAside } from "../context/set-aside.ts";
import type { Blocker, Progress } from "../context/types.ts";
import { CcsError, cureOf, isErrno, reasonOf } from "../errors.ts";
import { type Home, instanceOf, madeOf } from "../paths.ts";
import { type ContextPolicy, checkAccountName, describePolicy, policyKeys } from "../policy/index.ts";
import { finishOthers } from "./locked.ts";
import { clearGathered, finishBegun, finishMove, piecesOf, removeWritten } from "./moving.ts";
import type { Origin } from "./origin.ts";
import { type Outfit, planOutfit } from "./outfit.ts";

/** What an account is made from, and how. */
export interface Pattern {
  readonly account: string;
  readonly origin: Origin;
  readonly policy: ContextPolicy;
  /** Conversations and everything else, or only how the client is set up. */
  readonly history: boolean;
  readonly withSecrets: boolean;
  readonly now: Date;
}

/** An account that is to be made from a directory, as a person is shown it, and as it is carried out later. */
export interface MakingPreview {
  readonly home: Home;
  readonly account: string;
  readonly instance: string;
  readonly origin: Origin;
  readonly outfit: Outfit;
  readonly move: Move;
  readonly blockers: readonly Blocker[];
  /** Equal digests: the same to say yes to. Sizes may move on meanwhile. */
  readonly digest: string;
  /** The same from what is on disk now. */
  again(): MakingPreview;
}

/** Who makes an account again mostly wants another policy for it. */
function hintFor(config: Config, name: string): string {
  return config.accounts.has(name) ? `Change whose history it sees: ccs auth edit ${name}` : "ccs auth list";
}

/** @throws CcsError usage or exists for a name that is none, or taken; nothing is changed then */
export function requireFreeName(home: Home, config: Config, name: string, hint = hintFor(config, name)): void {
  const untouched = "Nothing was changed.";
  const checked = checkAccountName(name);
  if (!checked.ok) throw new CcsError("usage", checked.message, { untouched });
  const free = checkAccountName(name, config.accounts.keys());
  if (!free.ok) throw new CcsError("exists", free.message, { where: config.file, untouched, hint });
  const instance = instanceOf(home, name);
  if ((list(instance) ?? []).length === 0) return;
  throw new CcsError("exists", `there is a directory of the name "${name}" already, left by an account that is no longer in config.yaml`, {
    where: instance,
    untouched,
    hint: "Choose another name, or move the directory away first.",
  });
}

/**
 * What making an account from a directory comes to. Reads only.
 * @throws CcsError usage or exists for the name, config-invalid, refused
 */
export function previewMaking(home: Home, pattern: Pattern): MakingPreview {
  const { account, origin, policy, history, withSecrets, now } = pattern;
  const config = readConfig(home);
  requireValid(config);
  requireFreeName(home, config, account, history ? "Name another one: ccs auth import --name <account>" : undefined);
  const id = newChangeId(account, now);
  const to = `${madeOf(home, id)}${PARTIAL}`;
  const outfit = planOutfit(home, origin, { account, history, withSecrets, now: now.getTime(), to });
  const change = { account, to: policy, take: "none", takeSessions: [], copySettings: false } as const;
  const joining = policy.mode === "isolated" ? [] : planChange(home, config, change, newSeed(home, account, now)).plan.blockers;
  const blockers = [...acrossBlocker(home), ...outfit.blockers, ...joining];
  const said = [outfit.parts.map(({ name }) => name), outfit.secrets, outfit.servers, outfit.left, outfit.retention?.to];
  return {
    home,
    account,
    instance: instanceOf(home, account),
    origin,
    outfit,
    move: {
      version: 1,
      do: "making",
      account,
      accountId: randomUUID(),
      began: now.toISOString(),
      configWritten: false,
      to: null,
      aside: id,
      take: "none",
      keepLogin: false,
      entry: { keys: { created: now.toISOString(), last_used: null, ...isolated() }, others: [], text: "" },
      policy,
      origin: origin.directory,
      written: outfit.made.map(({ name, from }) => ({ name, from })),
    },
    blockers,
    digest: JSON.stringify([account, origin.directory, describePolicy(policy), withSecrets, said, blockers.map(({ message }) => message)]),
    again: () => previewMaking(home, pattern),
  };
}

/** A directory takes its place by one rename, which ends at the edge of its filesystem. */
function acrossBlocker(home: Home): Blocker[] {
  if (follow(firstThere(home.staging))?.dev === follow(firstThere(home.instances))?.dev) return [];
  const message =
    "the instances lie on another filesystem than the rest of ccs: what is gathered there could not take its place in one step";
  return [{ code: "refused", message, where: home.instances, hint: "Put them on one filesystem, then run the command again." }];
}

function isolated(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(policyKeys({ mode: "isolated" })).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
}

/** How an account is made. */
export interface MakeOptions {
  /** Whether a person saw exactly this preview: where it is another by now, it is refused as stale. */
  readonly approved: boolean;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Makes an account from a directory. Everything is gathered in staging, and durable, before config.yaml knows the account and the
 * whole takes its place in one rename: what was cut short before that is cleared away, after it finished.
 * @throws CcsError stale, busy, refused, failed; what was copied is taken away again then
 */
export function make(seen: MakingPreview, { approved, onProgress }: MakeOptions): MakingPreview {
  const { home, account } = seen;
  return withLock(home, `making the account ${account}`, () => {
    finishBegun(home, account);
    finishOthers(home, account);
    dropBegun(home);
    const now = seen.again();
    requireUnblocked(now);
    if (approved && now.digest !== seen.digest) {
      throw anotherPlan();
    }
    requireSettled(home, readConfig(home), account);
    requireWholeRenames(home);
    writeMove(home, now.move);
    gather(now, onProgress);
    finishMove(home, now.move);
    return now;
  });
}

/** Copies everything into staging; the last step says that it is whole. */
function gather({ home, move, origin, outfit }: MakingPreview, onProgress?: (progress: Progress) => void): void {
  const whole = madeOf(home, move.aside ?? "");
  const partial = `${whole}${PARTIAL}`;
  try {
    makeDirectories(dirname(partial));
    applyClearing(home, move.aside ?? "", outfit.operations, onProgress);
    flushTree(partial);
    for (const { name, text, mode, times } of outfit.made) {
      const path = join(partial, name);
      const above = dirname(path);
      makeDirectory(above);
      const before = look(above);
      createFile(path, Buffer.from(text, "utf8"), mode);
      if (times !== null) setTimes(path, times);
      if (before !== null && above !== partial) setTimes(above, before);
      flush(above);
    }
    moveDirectory(partial, whole);
    flush(dirname(whole));
  } catch (error) {
    throw takenAway(home, move, origin, error);
  }
}

/** What did not come about leaves nothing: on a full disk, the room it had taken is free again. */
function takenAway(home: Home, move: Move, origin: Origin, error: unknown): unknown {
  const cause = error instanceof CcsError ? (error.cause ?? error) : error;
  if (!isErrno(cause)) return error;
  const partial = `${madeOf(home, move.aside ?? "")}${PARTIAL}`;
  try {
    removeWritten(partial, move);
    for (const piece of piecesOf(partial, origin.directory)) eachHeld(home, piece, { ...EVERYTHING }, dropOne);
    if ((list(partial) ?? []).length === 0) removeEmptyDirectory(partial);
    clearGathered(home, move);
    removeMove(home, move);
  } catch (failure) {
    if (!isErrno(failure) && !(failure instanceof CcsError)) throw failure;
    return stopped(origin, cause, partial, "It was left as it is; what was copied is cleared away by the next command.");
  }
  return stopped(origin, cause, partial, "It was left as it is, and what was copied was taken away again.");
}

function stopped(origin: Origin, cause: NodeJS.ErrnoException, where: string, untouched: string): CcsError {
  return new CcsError("failed", `copying ${origin.directory} stopped half way: ${reasonOf(cause)}`, {
    where: cause.path ?? where,
    untouched,
    hint: cureOf(cause),
    cause,
  });
}

/** Drops what an earlier attempt that was killed had copied, where it still stands where it was copied from. */
function dropBegun(home: Home): void {
  for (const entry of readSetAside(home)) if (entry.why === "begun") eachHeld(home, entry, { ...EVERYTHING }, dropOne);
}
