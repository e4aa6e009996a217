import { CcsError, type Home, type LaunchConfig, readLaunch, replaceLastUsed, underLock, writeLastUsed } from "../../shared/launch.ts";
import { err } from "../output.ts";
import type { LaunchAccount } from "./account.ts";
import { type Recalled, remember } from "./remembered.ts";

const MINUTE_MS = 60_000;

/**
 * Whether `last_used` is to be written anew: at most once a minute, and when it lies in the future, as after a clock was set back.
 * @param lastUsed as config.yaml has it
 * @param now milliseconds since the epoch
 */
export function isDue(lastUsed: string | null, now: number): boolean {
  const then = lastUsed === null ? Number.NaN : Date.parse(lastUsed);
  return !(Math.abs(now - then) < MINUTE_MS);
}

/**
 * Writes `last_used`, if it is time, or at once where a person went back to the account with `ccs -`: the next `ccs -`
 * goes by it. A lock that is held is no news: the next launch writes it. Any other failure is said
 * once and keeps nobody from starting the client.
 * @param now milliseconds since the epoch
 */
export async function touch(home: Home, config: LaunchConfig, account: LaunchAccount, now: number): Promise<void> {
  if (!account.wentBack && !isDue(account.lastUsed, now)) return;
  try {
    const time = new Date(now);
    const edited = inPlace(config, account, time.toISOString());
    if (edited !== null) {
      await writeLastUsed(home, account.name, config.text, edited.text, () => remember(home, edited));
      return;
    }
    const { touchLastUsed } = await import("../../shared/index.ts");
    if (touchLastUsed(home, account.name, time)) {
      const read = await readLaunch(home.config);
      await underLock(home, `noting the use of ${account.name}`, () => remember(home, read));
    }
  } catch (error) {
    if (error instanceof CcsError && error.code === "busy") return;
    err(`ccs: last_used was not written: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

/** The config with another `last_used` of one account, where that changes one line of its text and nothing else; else `null`. */
export function inPlace(config: Recalled, account: LaunchAccount, time: string): Recalled | null {
  const text = account.lastUsed === null ? null : replaceLastUsed(config.text, account.lastUsed, time);
  if (text === null) return null;
  return {
    // Another time where one stood leaves all of it as it should be.
    ...(config.created === undefined ? {} : { created: config.created }),
    text,
    exists: true,
    default: config.default,
    get directories() {
      return config.directories;
    },
    names: config.names,
    account: (name) => {
      const found = config.account(name);
      return found && name === account.name ? { ...found, lastUsed: time } : found;
    },
  };
}
