import { CcsError, type Home } from "../../shared/launch.ts";
import { err } from "../output.ts";
import type { LaunchAccount } from "./account.ts";

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
 * Writes `last_used`, if it is time. A lock that is held is no news: the next launch writes it. Any other failure is said
 * once and keeps nobody from starting the client.
 */
export async function touch(home: Home, account: LaunchAccount, now: number): Promise<void> {
  if (!isDue(account.lastUsed, now)) return;
  try {
    const { touchLastUsed } = await import("../../shared/index.ts");
    touchLastUsed(home, account.name, new Date(now));
  } catch (error) {
    if (error instanceof CcsError && error.code === "busy") return;
    err(`ccs: last_used was not written: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
