import { realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { CcsError, isErrno } from "../errors.ts";
import { decisive } from "../policy/folders.ts";
import { shown } from "../policy/shown.ts";

interface Rule {
  readonly directory: string;
  readonly account: string;
}

/** A directory without links in it; what is not there keeps its name, below what is. */
export function realDirectory(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync.native(whole);
  } catch (error) {
    if (!isErrno(error)) throw error;
    const above = dirname(whole);
    return above === whole ? whole : join(realDirectory(above), basename(whole));
  }
}

/**
 * The rule that decides for a directory: the longest that holds it, the links of both resolved. Reads only.
 * @throws CcsError `config-invalid` where two names lead to one directory and give it two accounts
 */
export function ruleFor<T extends Rule>(rules: readonly T[], directory: string): T | null {
  if (rules.length === 0) return null;
  const real = realDirectory(directory);
  const found = decisive(
    rules.map((rule) => ({ rule, real: realDirectory(rule.directory) })),
    real,
  );
  const [first] = found;
  if (first === undefined) return null;
  const other = found.find(({ rule }) => rule.account !== first.rule.account);
  if (other === undefined) return first.rule;
  throw new CcsError(
    "config-invalid",
    `${shown(first.rule.directory)} and ${shown(other.rule.directory)} are one directory, and config.yaml gives it two accounts: ${first.rule.account} and ${other.rule.account}`,
    { untouched: "no client was started; config.yaml is as it was", hint: `Take one out: ccs use <account> ${first.real}` },
  );
}
