import { basename, dirname, join } from "node:path";
import { runningClients } from "../claude/index.ts";
import { type Config, type ConfigEdit, editConfig, NEW_CONFIG, readConfig, requireValid } from "../config/index.ts";
import { applyLocked } from "../context/change.ts";
import { applyClearing, freeName } from "../context/clearing.ts";
import {
  editFile,
  flush,
  list,
  look,
  Moved,
  makeDirectories,
  moveDirectory,
  real,
  removeEmptyDirectory,
  removeOurs,
} from "../context/disk.ts";
import { concerns, gatheredIn, isTakenBack, isWritten, type Move, removeMove, unfinishedMoves, writeMove } from "../context/moves.ts";
import {
  accountId,
  assignAccountId,
  ensureAccountId,
  forgetAccountId,
  forgetRename,
  moveAccountId,
  readRemoved,
  recordRemoved,
  recordRename,
} from "../context/records.ts";
import { finishResolutions } from "../context/resolve.ts";
import type { Blocker, Operation } from "../context/types.ts";
import { CcsError, isErrno } from "../errors.ts";
import { type Home, instanceOf, madeOf, removedOf } from "../paths.ts";
import { ISOLATED } from "../policy/index.ts";
import { removeLogin } from "./login-files.ts";
import { movePluginPaths } from "./plugin-paths.ts";

/** Told after each step that was done. */
export type OnStep = (step: string) => void;

/** Where an instance goes from and to. */
export function placesOf(home: Home, move: Move): { readonly from: string; readonly to: string } {
  const named = instanceOf(home, move.account);
  if (move.do === "rename") return { from: named, to: instanceOf(home, move.to ?? move.account) };
  if (move.do === "making") return { from: madeOf(home, move.aside ?? move.account), to: named };
  const aside = removedOf(home, move.aside ?? move.account);
  return move.do === "remove" ? { from: named, to: aside } : { from: aside, to: named };
}

/**
 * Finishes every move and every choice between two files that was begun, where that needs nobody. Under the lock.
 * @param account the one something is about to be done to: what cannot be finished of it is thrown
 */
export function finishBegun(home: Home, account: string | null): void {
  try {
    finishResolutions(home);
  } catch (error) {
    if (!(error instanceof CcsError)) throw error; // doctor says what is in its way
  }
  for (const move of unfinishedMoves(home)) {
    try {
      finishMove(home, move);
    } catch (error) {
      if (!(error instanceof CcsError) || (account !== null && concerns(move, account))) throw error;
    }
  }
}

/**
 * Carries out a move, or the rest of it: config.yaml, records, directory, login. Each step looks at what is there, so that
 * doing it twice is doing it once. Under the lock.
 * @throws CcsError busy while a client of the account runs; refused, failed. The move stays on disk then, to be finished
 */
export function finishMove(home: Home, begun: Move, onStep: OnStep = () => undefined): void {
  try {
    const move = writeNew(home, begun, onStep);
    if (move === null) {
      clearGathered(home, begun);
      return removeMove(home, begun);
    }
    recordMove(home, move);
    onStep("records");
    moveInstance(home, move, onStep);
    if (move.do === "remove" && !move.keepLogin && look(placesOf(home, move).to)?.kind === "directory") {
      removeLogin(placesOf(home, move).to);
      onStep("login");
    }
    if (move.do === "rename") {
      movePluginPaths(placesOf(home, move).to, placesOf(home, move).from);
      onStep("plugins");
    }
    if (move.do === "making") {
      clearGathered(home, move);
      joinGroup(home, move, onStep);
    }
    removeMove(home, move);
  } catch (error) {
    throw failed(home, begun, error);
  }
}

/**
 * config.yaml says the new name, or no name any more.
 * @returns null where that is not to be: a person wrote another thing before anything was done, or has taken it back since
 */
function writeNew(home: Home, move: Move, onStep: OnStep): Move | null {
  const config = readConfig(home);
  requireValid(config);
  if (isTakenBack(config, move)) {
    goBack(home, move, onStep);
    return null;
  }
  if (!isWritten(config, move)) {
    if (move.do === "making" && gatheredIn(home, move)?.whole !== true) return null;
    if (!config.accounts.has(move.account) && move.do !== "restore" && move.do !== "making") return null;
    if (move.do === "rename" && config.accounts.has(move.to ?? "")) return null;
    requireNoClient(home, move);
    if (move.do === "remove") leaveFirst(home, move, onStep);
    const current = readConfig(home);
    requireValid(current);
    makeDirectories(home.root);
    const before = current.exists ? current.text : null;
    editFile(home.config, before, editConfig(before ?? NEW_CONFIG, editsFor(current, move)), 0o600);
    onStep("config");
  }
  if (move.configWritten) return move;
  const noted: Move = { ...move, configWritten: true };
  writeMove(home, noted);
  return noted;
}

/** Everything in config.yaml that names an account, and what becomes of it. */
function editsFor(config: Config, { do: kind, account, to, entry }: Move): ConfigEdit[] {
  const edits: ConfigEdit[] =
    kind === "rename" && to !== null
      ? [{ set: "rename-account", account, to }]
      : kind === "remove"
        ? [{ set: "remove-account", account }]
        : [{ set: "new-account", account, keys: entry.keys }];
  if (kind === "restore" || kind === "making") return edits;
  if (config.default === account) edits.push({ set: "default", account: to });
  for (const rule of config.directories)
    if (rule.account === account) edits.push({ set: "directory", directory: rule.directory, account: to });
  return edits;
}

/** The links of a shared account are taken out, its own sessions come along, and the group keeps everything. */
function leaveFirst(home: Home, { account, take }: Move, onStep: OnStep): void {
  applyLocked(home, { account, to: ISOLATED, take, takeSessions: [], copySettings: false }, null, null, () => onStep("leaving"));
}

function recordMove(home: Home, move: Move): void {
  const { account, accountId: id, began: at, to, aside, policy, entry, keepLogin } = move;
  if (move.do === "rename" && to !== null) {
    moveAccountId(home, account, to, id);
    recordRename(home, { from: account, to, account: id, at });
  } else if (move.do === "remove") {
    // Now, not when it was begun: what it set aside on leaving its group is its own, what comes later another's of that name.
    recordRemoved(home, { dated: aside ?? account, account, id, at: new Date().toISOString(), policy, entry, keepLogin });
    forgetAccountId(home, account);
  } else {
    assignAccountId(home, account, id);
    if (move.do === "making") return;
    const was = (aside ?? account).replace(/\.\d{8}T\d+Z(?:-\d+)?$/, "");
    const since = readRemoved(home).find(({ dated }) => dated === aside)?.at ?? at;
    if (was !== account) recordRename(home, { from: was, to: account, account: id, at: since });
  }
}

/**
 * What a person took back is taken back on disk: the instance has its place again, where nothing stands there by now, and
 * its login is left in it. What was being brought back and is there already stays: it is the instance of no account.
 */
function goBack(home: Home, move: Move, onStep: OnStep): void {
  const { account, accountId: id, began, to } = move;
  const { from: place, to: moved } = placesOf(home, move);
  if (move.do !== "rename" && move.do !== "remove") {
    if (look(place) !== null && accountId(home, account) === id) forgetAccountId(home, account);
    return onStep("records");
  }
  if (look(place) === null && look(moved)?.kind === "directory") {
    requireNoClientIn(moved, move);
    moveBetween(moved, place);
    onStep("instance");
  }
  if (to === null) ensureAccountId(home, account, id);
  else {
    movePluginPaths(place, moved);
    moveAccountId(home, to, account, id);
    forgetRename(home, id, began);
  }
  onStep("records");
}

/**
 * Clears away what was gathered for an account and is not whole, or not wanted any more: it goes to set-aside, from where doctor drops what still stands where
 * it was copied from. Under the lock.
 */
export function clearGathered(home: Home, move: Move): void {
  if (move.do !== "making" || move.aside === null) return;
  const found = gatheredIn(home, move);
  if (found !== null) {
    removeWritten(found.path, move);
    const to = freeName(join(home.setAside, move.aside, "instance"));
    const aside = piecesOf(found.path, move.origin ?? found.path).map(
      ({ path, beside, why }): Operation => ({
        do: "set-aside",
        from: path,
        to: join(to, basename(path)),
        size: look(path)?.size ?? 0,
        why,
        beside,
      }),
    );
    applyClearing(home, move.aside, [...aside, { do: "remove-directory", path: found.path }]);
  }
  removeEmptyDirectory(dirname(placesOf(home, move).from));
}

/** What was written anew holds nothing of its own as long as what it comes from is there. */
export function removeWritten(gathered: string, { written }: Move): void {
  for (const { name, from } of written ?? []) if (from === null || look(from) !== null) removeOurs(join(gathered, name));
}

/** Each entry of what was gathered, beside what it was copied from: where that is a link, what that leads to. */
export function piecesOf(gathered: string, origin: string) {
  return (list(gathered) ?? []).map(({ name, kind }) => {
    const from = join(origin, name);
    return { path: join(gathered, name), beside: kind === "link" ? from : (real(from) ?? from), why: "begun" as const };
  });
}

/** An account that was made isolated joins the group it was made for, unless a person wrote something else meanwhile. */
function joinGroup(home: Home, { account, policy }: Move, onStep: OnStep): void {
  if (policy?.mode !== "shared" || readConfig(home).accounts.get(account)?.policy?.mode !== "isolated") return;
  applyLocked(home, { account, to: policy, take: "none", takeSessions: [], copySettings: true }, null, null, () => onStep("joining"));
}

/** One rename of a directory to a free name. An instance that was never made has nothing to move. */
function moveInstance(home: Home, move: Move, onStep: OnStep): void {
  const { from, to } = placesOf(home, move);
  if (look(from) === null) return;
  requireNoClient(home, move);
  try {
    moveBetween(from, to);
  } catch (error) {
    if (!(error instanceof Moved)) throw error;
    throw new CcsError("refused", `something stands where the instance of ${move.account} has to go`, {
      where: to,
      untouched: "Nothing is lost: what was not finished is recorded and will be finished.",
      hint: "Move it out of the way, then: ccs doctor --fix",
    });
  }
  onStep("instance");
}

function moveBetween(from: string, to: string): void {
  makeDirectories(dirname(to));
  moveDirectory(from, to);
  flush(dirname(to));
  flush(dirname(from));
}

/** @throws CcsError busy while a client of the account runs */
function requireNoClient(home: Home, move: Move): void {
  if (move.do !== "restore") requireNoClientIn(instanceOf(home, move.account), move);
}

function requireNoClientIn(instance: string, move: Move): void {
  const blocker = clientIn(instance, move.account);
  if (blocker === null) return;
  const hint = move.configWritten ? "Close it, then: ccs doctor --fix" : blocker.hint;
  throw new CcsError(blocker.code, blocker.message, { where: blocker.where, untouched: "Its files were left where they are.", hint });
}

/** A client that runs in the instance a move is about: it would go on writing where nobody looks for it. */
export function clientInTheWay(home: Home, account: string): Blocker | null {
  return clientIn(instanceOf(home, account), account);
}

function clientIn(instance: string, account: string): Blocker | null {
  const client = runningClients(instance)[0];
  if (client === undefined) return null;
  const where = client.cwd === null ? "" : ` in ${client.cwd}`;
  return {
    code: "busy",
    message: `this has to wait: a client of ${account} is running (process ${client.pid}${where})`,
    where: client.file ?? instance,
    hint: "Close it, then run the command again.",
  };
}

function failed(home: Home, move: Move, error: unknown): unknown {
  if (error instanceof CcsError || (!(error instanceof Moved) && !isErrno(error))) return error;
  const moved = error instanceof Moved;
  const why = moved ? "the disk changed meanwhile" : (error as Error).message;
  return new CcsError("failed", `the ${move.do} of ${move.account} stopped half way: ${why}`, {
    where: moved ? (error as Error).message : placesOf(home, move).from,
    untouched: "Nothing is lost: what was not finished is recorded and will be finished.",
    hint: "Mend the cause (a full disk, a permission), then: ccs doctor --fix",
    cause: error,
  });
}
