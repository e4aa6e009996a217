import { join, resolve } from "node:path";
import { type Config, readConfig } from "../config/index.ts";
import { follow, real } from "../context/disk.ts";
import { CcsError } from "../errors.ts";
import { type Home, instanceOf } from "../paths.ts";
import { requireAccount } from "./find.ts";

/** A configuration directory that something is copied from. It is only read. */
export interface Origin {
  /** Without links. */
  readonly directory: string;
  /** The ways files may write its path. */
  readonly spelled: readonly string[];
  /** The `.claude.json` that goes with it; null where there is none. */
  readonly state: string | null;
  /** The account here whose instance it is; null where it is none's. */
  readonly account: string | null;
}

/** Where a person stands who names a directory. */
export interface Standpoint {
  /** The person's home directory. */
  readonly userHome: string;
  /** The working directory. */
  readonly cwd: string;
}

/**
 * The directory a person named, or `~/.claude`. Without `CLAUDE_CONFIG_DIR` the client keeps `.claude.json` beside that one,
 * and inside any other.
 * @throws CcsError not-found where there is no directory
 */
export function originOf(home: Home, named: string | null, { userHome, cwd }: Standpoint): Origin {
  const usual = join(userHome, ".claude");
  const typed =
    named === null
      ? usual
      : resolve(
          cwd,
          named.replace(/^~(?=$|\/)/, () => userHome),
        );
  const directory = real(typed);
  if (directory === null || follow(directory)?.kind !== "directory") {
    const message = named === null ? "Claude Code has no directory of its own here" : "there is no such directory";
    throw new CcsError("not-found", message, { where: typed, untouched: "Nothing was changed.", hint: "Name it: ccs auth import <dir>" });
  }
  const beside = directory === real(usual) ? [`${usual}.json`] : [];
  const state = [...beside, join(directory, ".claude.json")].find((path) => follow(path)?.kind === "file") ?? null;
  return { directory, spelled: [...new Set([typed, directory])], state, account: accountIn(home, readConfig(home), directory) };
}

/**
 * What a person means by an account or a directory.
 * @throws CcsError not-found where it is neither
 */
export function modelOf(home: Home, config: Config, named: string, standpoint: Standpoint): Origin {
  const isPath = /[\\/]|^[.~]/.test(named);
  if (config.accounts.has(named) || !isPath) {
    const { name } = requireAccount(config, named);
    return originOf(home, instanceOf(home, name), standpoint);
  }
  return originOf(home, named, standpoint);
}

function accountIn(home: Home, config: Config, directory: string): string | null {
  return [...config.accounts.keys()].find((name) => real(instanceOf(home, name)) === directory) ?? null;
}

/** Whether one of two directories lies in the other, or both are one. @param a @param b without links */
export function overlap(a: string, b: string): boolean {
  return `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);
}

/** The name of an account that a directory suggests: `claude` for `~/.claude`, `work` for `~/.claude-work`. */
export function nameFor({ spelled, directory }: Origin): string {
  const base = (spelled[0] ?? directory).split(/[\\/]/).at(-1) ?? "";
  const plain = base.replace(/^\.+/, "").replace(/[^A-Za-z0-9._-]/g, "-");
  return plain.replace(/^claude[-_.](?=[A-Za-z0-9])/, "").slice(0, 64) || "claude";
}
