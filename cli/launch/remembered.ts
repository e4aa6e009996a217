import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Config } from "../../shared/index.ts";
import {
  CcsError,
  type ContextPolicy,
  type Home,
  isErrno,
  type LaunchConfig,
  readLaunch,
  readText,
  underLock,
} from "../../shared/launch.ts";
import { VERSION } from "../version.ts";

/**
 * What the parser made of config.yaml, kept for launches that find the same text: parsing ten accounts takes longer than
 * all the rest of a launch. It is written with `last_used`, and by what is run all the time, and may be missing, old, torn
 * or unreadable at any time: then the parser is asked. The text itself is not kept, as a person may have secrets in it.
 */
interface Remembered {
  readonly of: string;
  readonly default: string | null;
  readonly accounts: readonly [name: string, policy: ContextPolicy, lastUsed: string | null][];
  readonly directories: readonly [directory: string, account: string][];
  /** When each account was made; there only where all of the text is as it should be. */
  readonly created?: Created;
}

type Created = readonly (string | null)[];

/** What is remembered goes with a text until that is another. */
export interface Recalled extends LaunchConfig {
  readonly created?: Created;
}

/** A text as this version of the program reads it. Bun's own SHA-256: loading node:crypto takes 2 ms. */
function fingerprint(text: string): string {
  return new Bun.CryptoHasher("sha256").update(`${VERSION}\n${text}`).digest("base64");
}

/** @returns what the parser made of this text, or `null` where that is not known */
export function recall(home: Home, text: string): Recalled | null {
  let known: Remembered;
  try {
    known = JSON.parse(readFileSync(home.launch, "utf8")) as Remembered;
  } catch (error) {
    if (error instanceof SyntaxError || isErrno(error)) return null;
    throw error;
  }
  // Without directories it was written by a build of this version that knew none.
  if (known?.of !== fingerprint(text) || known.directories === undefined) return null;
  const { directories, created } = known;
  return {
    ...(created === undefined ? {} : { created }),
    text,
    exists: true,
    default: known.default,
    get directories() {
      return directories.map(([directory, account]) => ({ directory, account, where: home.config }));
    },
    names: known.accounts.map(([name]) => name),
    account(name) {
      const found = known.accounts.find(([known]) => known === name);
      return found && { policy: found[1], lastUsed: found[2] };
    },
  };
}

/**
 * The same for commands that are run all the time: what had to be parsed is kept, so that the next one need not. Without
 * the lock, as whoever reads takes none: a whole file takes the place of the last.
 */
export async function readAndRemember(home: Home): Promise<LaunchConfig> {
  const text = readText(home.config);
  const known = text === undefined ? null : recall(home, text);
  if (known !== null) return known;
  const read = await readLaunch(home.config);
  if (read.exists) put(home, knownOf(read));
  return read;
}

function put(home: Home, known: Remembered | null): void {
  if (known === null) return;
  const fresh = `${home.launch}.${process.pid}`;
  try {
    writeFileSync(fresh, JSON.stringify(known), { mode: 0o600, flag: "wx" });
    renameSync(fresh, home.launch);
  } catch (error) {
    if (!isErrno(error)) throw error; // Nothing depends on it: the parser is asked again.
  }
}

/**
 * All of config.yaml for a command that only reports, where it is known and all of it is as it should be: parsing a hundred
 * accounts takes a third of such a command. @returns null where the parser has to be asked
 */
export function recallConfig(home: Home): Config | null {
  const text = readText(home.config);
  const known = text === undefined ? null : recall(home, text);
  if (text === undefined || known?.created === undefined) return null;
  const { names, created, directories } = known;
  const accounts = names.map((name, index) => {
    const { policy, lastUsed } = known.account(name) as { policy: ContextPolicy; lastUsed: string | null };
    return [name, { name, created: created[index] ?? null, lastUsed, policy }] as const;
  });
  return {
    ...{ file: home.config, text, exists: true, parsed: true, problems: [] },
    accounts: new Map(accounts),
    default: known.default,
    directories: directories.map(({ directory, account }) => ({ directory, account })),
  };
}

/** Keeps what the parser made of config.yaml for the reports and launches to come, if all of it is as it should be. */
export function rememberConfig(home: Home, { exists, text, accounts, problems, ...config }: Config): void {
  if (!exists || problems.length > 0) return;
  const all = [...accounts.values()];
  put(home, {
    of: fingerprint(text),
    default: config.default,
    accounts: all.map(({ name, policy, lastUsed }) => [name, policy as ContextPolicy, lastUsed]),
    directories: config.directories.map(({ directory, account }) => [directory, account]),
    created: all.map(({ created }) => created),
  });
}

/** config.yaml, from what is remembered of it where that will do. @throws CcsError config-invalid, failed */
export async function readRemembered(home: Home): Promise<LaunchConfig> {
  const text = readText(home.config);
  return (text === undefined ? null : recall(home, text)) ?? (await readLaunch(home.config));
}

/**
 * Keeps what was read for the launches to come. Only what can be told without an error is kept: errors are always the
 * parser's own. To be called under the lock.
 */
export function remember(home: Home, config: Recalled): void {
  const known = knownOf(config);
  if (known !== null) writeFileSync(home.launch, JSON.stringify(known), { mode: 0o600 });
}

/** Keeps what config.yaml says now. Where that cannot be done it is left to the next launch: nothing depends on it. */
export async function rememberNow(home: Home): Promise<void> {
  try {
    const read = await readLaunch(home.config);
    await underLock(home, "remembering config.yaml", () => remember(home, read));
  } catch (error) {
    if (!(error instanceof CcsError) && !isErrno(error)) throw error;
  }
}

function knownOf(config: Recalled): Remembered | null {
  try {
    const accounts: [string, ContextPolicy, string | null][] = [];
    for (const name of config.names) {
      const account = config.account(name);
      if (account === undefined) return null;
      accounts.push([name, account.policy, account.lastUsed]);
    }
    const { names } = config;
    // One that names no account is an error with a line, and only the parser knows lines.
    if (config.directories.some(({ account }) => !names.includes(account))) return null;
    const directories = config.directories.map(({ directory, account }): [string, string] => [directory, account]);
    const { created } = config;
    return { of: fingerprint(config.text), default: config.default, accounts, directories, ...(created === undefined ? {} : { created }) };
  } catch {
    return null; // What is wrong is said by the launch that needs it.
  }
}
