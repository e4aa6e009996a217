import { editFile, Moved } from "../context/disk.ts";
import { withLock } from "../context/lock.ts";
import type { Home } from "../paths.ts";

/**
 * Writes config.yaml with another `last_used`, under the lock. Never waits.
 * @param seen the text `next` was made from
 * @param also done under the lock as well
 * @returns whether it was written; not, where the file is another by now
 * @throws CcsError `busy` where the lock is held
 */
export function writeLastUsed(home: Home, account: string, seen: string, next: string, also: () => void): boolean {
  return withLock(
    home,
    `noting the use of ${account}`,
    () => {
      try {
        editFile(home.config, seen, next, 0o600);
      } catch (error) {
        if (error instanceof Moved) return false;
        throw error;
      }
      also();
      return true;
    },
    0,
  );
}
