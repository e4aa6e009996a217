import { CcsError, type LaunchConfig } from "../../shared/launch.ts";

/**
 * The account used before the last one. `last_used` is noted once a minute, so that of two launches of one account
 * within a minute the second does not count.
 * @throws CcsError `not-found` where there is none
 */
export function previousAccount(config: LaunchConfig): string {
  const used = config.names
    .map((name) => ({ name, time: Date.parse(config.account(name)?.lastUsed ?? "") }))
    .filter(({ time }) => !Number.isNaN(time))
    .sort((a, b) => b.time - a.time);
  const [last, previous] = used;
  if (previous !== undefined) return previous.name;
  throw new CcsError("not-found", last === undefined ? "no account was used yet" : `no account was used before ${last.name}`, {
    untouched: "no client was started",
    hint: config.names.length > 0 ? `ccs <account>, with one of: ${config.names.join(", ")}` : "ccs auth create <account>",
  });
}
