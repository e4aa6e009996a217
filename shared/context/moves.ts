import type { Config, EntryText } from "../config/index.ts";
import { CcsError } from "../errors.ts";
import { type Home, madeOf, moveOf } from "../paths.ts";
import type { ContextPolicy } from "../policy/index.ts";
import { editFile, list, look, makeDirectories, readText, removeOurs } from "./disk.ts";
import type { Take } from "./types.ts";

/** The ending of what is being gathered, until it is whole. */
export const PARTIAL = ".partial";

export const MOVES = ["rename", "remove", "restore", "making"] as const;
export type MoveKind = (typeof MOVES)[number];

/**
 * The intent of giving an instance another place: a new name, out of the way, back, or (`making`) its first one, once everything it is
 * made with is gathered in staging. Like any intent it is on disk, durable,
 * before config.yaml is changed, config.yaml before the directory, and it is removed last.
 */
export interface Move {
  readonly version: 1;
  readonly do: MoveKind;
  /** The account as config.yaml names it before; one that comes back: as it will be named. */
  readonly account: string;
  /** Permanent. */
  readonly accountId: string;
  /** ISO time. */
  readonly began: string;
  /** Whether it has written config.yaml: what that says otherwise from then on, a person wrote. */
  readonly configWritten: boolean;
  /** The new name; null where it gets none. */
  readonly to: string | null;
  /** The dated name under which the instance is, or will be, set aside; of one that is made, its name in staging; null for a rename. */
  readonly aside: string | null;
  /** The directory an instance is made from. */
  readonly origin?: string;
  /** Files of it that are written anew and not copied, below the instance, each with what it comes from; null where that is nothing. */
  readonly written?: readonly { readonly name: string; readonly from: string | null }[];
  /** What a shared account takes along before it goes. */
  readonly take: Take;
  readonly keepLogin: boolean;
  /** What config.yaml held of it, or will hold. */
  readonly entry: EntryText;
  /** Whose history it saw, or will see; null where that did not parse, or is no matter. */
  readonly policy: ContextPolicy | null;
}

interface BegunMove {
  readonly account: string;
  /** An error where it cannot be read. */
  readonly move: Move | CcsError;
}

/** What lies on disk of moves that were begun: each, or why it cannot be read. */
export function begunMoves(home: Home): BegunMove[] {
  return (list(home.intents) ?? []).flatMap(({ name }): BegunMove[] => {
    const kind = MOVES.find((known) => name.endsWith(`.${known}`));
    if (kind === undefined) return [];
    const account = name.slice(0, -kind.length - 1);
    try {
      const move = readMove(home, account, kind);
      return move === null ? [] : [{ account, move }];
    } catch (error) {
      if (error instanceof CcsError) return [{ account, move: error }];
      throw error;
    }
  });
}

/** The unfinished moves that can be read: one that cannot keeps nobody else from anything. */
export function unfinishedMoves(home: Home): Move[] {
  return begunMoves(home).flatMap(({ move }) => (move instanceof CcsError ? [] : [move]));
}

function readMove(home: Home, account: string, kind: MoveKind): Move | null {
  const path = moveOf(home, account, kind);
  const text = readText(path);
  if (text === null) return null;
  try {
    const move = JSON.parse(text) as Move;
    if (move.version === 1 && move.do === kind && move.account === account) return move;
  } catch {
    // falls through: said below
  }
  throw new CcsError("refused", `the record of an unfinished ${kind} of ${account} cannot be read`, {
    where: path,
    untouched: "Nothing was changed.",
    hint: "It was written by another version of ccs: finish it with that one.",
  });
}

/** Puts a move on disk, durable. Replaces an earlier state of itself. */
export function writeMove(home: Home, move: Move): void {
  makeDirectories(home.intents);
  const path = moveOf(home, move.account, move.do);
  editFile(path, readText(path), `${JSON.stringify(move, null, 2)}\n`, 0o600);
}

/** The last step of a move. */
export function removeMove(home: Home, move: Move): void {
  removeOurs(moveOf(home, move.account, move.do));
}

/** Where what an account is made with is gathered, whole or not; null where nothing is, or no account is made. */
export function gatheredIn(home: Home, move: Move): { readonly path: string; readonly whole: boolean } | null {
  if (move.do !== "making" || move.aside === null) return null;
  const path = madeOf(home, move.aside);
  if (look(path) !== null) return { path, whole: true };
  return look(`${path}${PARTIAL}`) === null ? null : { path: `${path}${PARTIAL}`, whole: false };
}

/** Whether a move is about an account, under the name it had or the one it gets. */
export function concerns(move: Move, account: string): boolean {
  return move.account === account || move.to === account;
}

/** Whether config.yaml says what a move comes to. */
export function isWritten(config: Config, { do: kind, account, to, configWritten }: Move): boolean {
  if (configWritten) return true;
  if (kind === "rename") return to !== null && config.accounts.has(to) && !config.accounts.has(account);
  return config.accounts.has(account) === (kind === "restore" || kind === "making");
}

/** Whether a person has taken back in config.yaml what a move had written there. */
export function isTakenBack(config: Config, { do: kind, account, to, configWritten }: Move): boolean {
  if (!configWritten) return false;
  if (kind === "rename") return config.accounts.has(account) && !config.accounts.has(to ?? account);
  return config.accounts.has(account) === (kind === "remove");
}

/**
 * Refuses what would be done to an account that is half way to another place.
 * @throws CcsError busy; refused where what it is on its way to cannot be read
 */
export function requireSettled(home: Home, config: Config, account: string): void {
  const begun = begunMoves(home);
  const unreadable = begun.find((b) => b.account === account && b.move instanceof CcsError)?.move;
  if (unreadable instanceof CcsError) throw unreadable;
  // One that is made may join its group as soon as it stands in its place.
  const isUnder = (m: Move) => m.do !== "making" || gatheredIn(home, m) !== null;
  const move = unfinishedMoves(home).find((m) => concerns(m, account) && isWritten(config, m) && isUnder(m));
  if (move === undefined) return;
  throw new CcsError("busy", `the ${move.do} of ${move.account} was begun at ${move.began} and not finished`, {
    where: moveOf(home, move.account, move.do),
    untouched: "Nothing was changed.",
    hint: "ccs doctor --fix",
  });
}
