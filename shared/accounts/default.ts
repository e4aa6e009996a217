import { editConfig, readConfig, requireValid } from "../config/index.ts";
import { editFile } from "../context/disk.ts";
import { withLock } from "../context/lock.ts";
import type { Home } from "../paths.ts";
import { requireAccount } from "./find.ts";

/** Sets the default account; null goes back to having none. @throws CcsError not-found */
export function setDefault(home: Home, name: string | null): void {
  if (name !== null) requireAccount(readConfig(home), name);
  withLock(home, "setting the default account", () => {
    const config = readConfig(home);
    requireValid(config);
    if (name !== null) requireAccount(config, name);
    if (config.default === name) return;
    editFile(home.config, config.exists ? config.text : null, editConfig(config.text, [{ set: "default", account: name }]), 0o600);
  });
}

/**
 * Notes when an account was last launched. Never waits: where the lock is held, or config.yaml cannot be edited, it is
 * left for the next time.
 * @returns whether it was noted
 */
export function touchLastUsed(home: Home, account: string, now: Date): boolean {
  return withLock(
    home,
    `noting the use of ${account}`,
    () => {
      const config = readConfig(home);
      if (config.problems.length > 0 || !config.accounts.has(account)) return false;
      const next = editConfig(config.text, [{ set: "account", account, keys: { last_used: now.toISOString() } }]);
      editFile(home.config, config.text, next, 0o600);
      return true;
    },
    0,
  );
}
