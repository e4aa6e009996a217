import { existsSync } from "node:fs";
import { runningClients } from "../claude/index.ts";
import type { Config } from "../config/index.ts";
import { byLoginOf, ownersIn } from "../context/owners.ts";
import { type Home, instanceOf } from "../paths.ts";
import { liesIn, type SessionFilter } from "./filter.ts";
import { dropOthers, type History, histories } from "./histories.ts";
import { type Kept, type Opening, openStore, type Store } from "./store.ts";
import { transcriptOf } from "./walk.ts";
import { needles } from "./words.ts";

/** A session as every face shows it. */
export interface SessionReport {
  /** What `--resume` takes. */
  readonly id: string;
  /** The directory the client was started in; null where the transcript names none. */
  readonly project: string | null;
  /** The name a person gave it. */
  readonly title: string | null;
  /** The first thing a person asked, on one line, cut after 300 characters. */
  readonly prompt: string | null;
  /** First and last message, ISO 8601. */
  readonly began: string | null;
  readonly last: string;
  /** The account that made it; null where that is not known. */
  readonly owner: string | null;
  /** null where the history is no group's. */
  readonly group: string | null;
  /** The accounts that see it. */
  readonly accounts: readonly string[];
  /** How often a person asked something. */
  readonly turns: number;
  /** Bytes of the transcript. */
  readonly size: number;
  readonly transcript: string;
  /** The running clients that have it open. */
  readonly open: readonly { readonly account: string; readonly pid: number; readonly status: string | null }[];
}

/** Every session of every history, as they are now. To be closed. */
export interface Sessions {
  /**
   * The sessions a filter lets through, newest first.
   * @param limit how many at most
   * @returns them, and how many there are without the limit
   */
  list(filter: SessionFilter, limit?: number): { readonly sessions: readonly SessionReport[]; readonly total: number };
  /** The transcripts in which every word of a text stands, also as a part of a longer one. */
  said(text: string): ReadonlySet<string>;
  close(): void;
}

/** Whether a text has anything that could be looked for. */
export function isSearchable(text: string): boolean {
  return needles(text).length > 0;
}

/**
 * Opens all histories, each once however many accounts see it. What was said in them is read where it was not read before:
 * the first time that can take a while, after it only what changed is read.
 * @throws CcsError `failed`, or the system's error, where transcripts cannot be read
 */
export function openSessions(home: Home, config: Config, opening: Opening = {}): Sessions {
  const opened: OpenHistory[] = [];
  const close = () => {
    for (const { store } of opened) store.close();
  };
  try {
    const all = histories(home, config);
    for (const history of all) opened.push(openHistory(home, config, history, opening));
    dropOthers(home, all);
  } catch (error) {
    close();
    throw error;
  }
  const open = openBy(home, config);
  return {
    close,
    said(text) {
      const words = needles(text);
      const rows = ({ store, history }: OpenHistory) =>
        store.matching(words).map((row) => transcriptOf(history.projects, store.kept(row).key));
      return new Set(words.length === 0 ? [] : opened.flatMap(rows));
    },
    list(filter, limit = Number.POSITIVE_INFINITY) {
      const { text, group, account, since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = filter;
      const words = text === undefined ? null : needles(text);
      const found: Row[] = [];
      for (const history of opened) {
        if (group !== undefined && history.history.group !== group) continue;
        const { times } = history.store;
        const rows = words === null ? times.keys() : history.store.matching(words);
        for (const row of rows) {
          const at = times[row] as number;
          if (at >= since && at < until) found.push({ history, row, at });
        }
      }
      const elsewhere = filter.under !== undefined || filter.project !== undefined;
      const rows = found.filter(({ history, row }) => {
        if (elsewhere && !liesIn(history.store.kept(row).facts().cwd, filter)) return false;
        return account === undefined || history.ownerOf(history.store.kept(row)) === account;
      });
      return { total: rows.length, sessions: newest(rows, limit).map((row) => reportOf(row, open)) };
    },
  };
}

/** The newest so many, newest first. Where few of many are wanted, only those that may be among them are put in order. */
function newest(rows: readonly Row[], limit: number): Row[] {
  const least = limit < rows.length ? Float64Array.from(rows, ({ at }) => at).sort()[rows.length - limit] : undefined;
  const near = least === undefined ? [...rows] : rows.filter(({ at }) => at >= least);
  return near.sort((a, b) => b.at - a.at).slice(0, limit);
}

interface OpenHistory {
  readonly history: History;
  readonly store: Store;
  readonly ownerOf: (kept: Kept) => string | null;
}

interface Row {
  readonly history: OpenHistory;
  readonly row: number;
  readonly at: number;
}

function openHistory(home: Home, config: Config, history: History, opening: Opening): OpenHistory {
  const store = openStore(history.projects, history.index, opening);
  let owner: ((session: { id: string; accountUuid: string | null }) => string | null) | undefined;
  return {
    history,
    store,
    ownerOf(kept) {
      owner ??= history.group === null ? ownerAlone(home, config, history) : ownersIn(home, config, history.group);
      return owner({ id: idOf(kept), accountUuid: kept.facts().owner });
    },
  };
}

/** Outside groups a session is of the account whose login made it, else of the only one that sees it. */
function ownerAlone(home: Home, config: Config, { accounts }: History): (session: { accountUuid: string | null }) => string | null {
  const byLogin = byLoginOf(home, config);
  const only = accounts.length === 1 ? (accounts[0] ?? null) : null;
  return ({ accountUuid }) => byLogin(accountUuid) ?? only;
}

function idOf(kept: Kept): string {
  return kept.key.slice(kept.key.indexOf("/") + 1);
}

type Open = ReadonlyMap<string, SessionReport["open"]>;

/** The clients that run now, by the session each has open. */
function openBy(home: Home, config: Config): Open {
  const open = new Map<string, SessionReport["open"]>();
  for (const account of config.accounts.keys()) {
    for (const { sessionId, pid, status } of runningClients(instanceOf(home, account))) {
      if (sessionId !== null) open.set(sessionId, [...(open.get(sessionId) ?? []), { account, pid, status }]);
    }
  }
  return open;
}

function reportOf({ row, history }: Row, open: Open): SessionReport {
  const kept = history.store.kept(row);
  const { cwd, title, prompt, began, turns } = kept.facts();
  const { accounts, group, projects } = history.history;
  const id = idOf(kept);
  return {
    id,
    project: cwd,
    title,
    prompt,
    began: began === null ? null : new Date(began).toISOString(),
    last: new Date(kept.at).toISOString(),
    owner: history.ownerOf(kept),
    group,
    accounts,
    turns,
    size: kept.size,
    transcript: transcriptOf(projects, kept.key),
    open: (open.get(id) ?? []).filter((client) => accounts.includes(client.account)),
  };
}

/** The accounts a session can go on under, the owner first. Pure. */
export function resumableUnder({ accounts, owner }: Pick<SessionReport, "accounts" | "owner">): string[] {
  return [...accounts].sort((a, b) => Number(b === owner) - Number(a === owner));
}

/** Whether the directory a session belongs to is there. */
export function projectIsThere(session: Pick<SessionReport, "project">): boolean {
  return session.project !== null && existsSync(session.project);
}
