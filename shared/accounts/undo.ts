import { readConfig, requireValid } from "../config/index.ts";
import type { Change } from "../context/types.ts";
import { undoOf } from "../context/undo.ts";
import type { Home } from "../paths.ts";
import { requireAccount } from "./find.ts";

/**
 * The change that takes back the last change of an account's history sync, to be previewed and applied like any other.
 * @param account null: whichever account was changed last
 * @throws CcsError not-found, config-invalid; refused where there is nothing to undo, or the keys were changed since
 */
export function undoing(home: Home, account: string | null): Change {
  const config = readConfig(home);
  requireValid(config);
  return undoOf(home, config, account === null ? null : requireAccount(config, account).name);
}
