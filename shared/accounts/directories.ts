import { statSync } from "node:fs";
import { type Config, directoryPath, editConfig, readConfig, requireValid } from "../config/index.ts";
import { editFile } from "../context/disk.ts";
import { withLock } from "../context/lock.ts";
import { CcsError, isErrno } from "../errors.ts";
import type { Home } from "../paths.ts";
import { requireAccount } from "./find.ts";
import { realDirectory } from "./folder.ts";

/**
 * Sets the account that is started in a directory and below it where none is named. Whatever names config.yaml has for
 * that directory, one is left.
 * @param account null: the directory has none of its own any more
 * @returns the directory without links, and the account it had before
 * @throws CcsError not-found for the account; usage where there is no such directory; config-invalid, busy, refused
 */
export function setDirectory(home: Home, directory: string, account: string | null): { directory: string; before: string | null } {
  const real = realDirectory(directory);
  if (account !== null) {
    requireAccount(readConfig(home), account);
    requireDirectory(real);
  }
  return withLock(home, `setting the account of ${real}`, () => {
    const config = readConfig(home);
    const mine = config.directories.filter((rule) => realDirectory(rule.directory) === real);
    requireRest(
      config,
      mine.map((rule) => directoryPath(rule.directory)),
    );
    if (account !== null) requireAccount(config, account);
    const before = mine[0]?.account ?? null;
    const [kept, ...others] = mine;
    if (account === null ? kept === undefined : others.length === 0 && before === account) return { directory: real, before };
    const next = editConfig(config.text, [
      { set: "directory", directory: kept?.directory ?? real, account },
      ...others.map((rule) => ({ set: "directory", directory: rule.directory, account: null }) as const),
    ]);
    editFile(home.config, config.exists ? config.text : null, next, 0o600);
    return { directory: real, before };
  });
}

/** What is wrong with the very rules that are about to be written is no reason not to write them. */
function requireRest(config: Config, paths: readonly string[]): void {
  requireValid({ ...config, problems: config.problems.filter((problem) => !paths.includes(problem.path)) });
}

function requireDirectory(path: string): void {
  try {
    if (statSync(path).isDirectory()) return;
  } catch (error) {
    if (!isErrno(error, "ENOENT", "ENOTDIR")) throw error;
  }
  throw new CcsError("usage", "there is no such directory", { where: path, untouched: "Nothing was changed." });
}
