import type { CcsError } from "../errors.ts";
import { checkAccountName } from "../policy/names.ts";
import { type ContextPolicy, parsePolicy } from "../policy/policy.ts";
import { shown } from "../policy/shown.ts";
import { readRules } from "./directories.ts";
import { keyText } from "./document.ts";
import { type ConfigProblem, invalid } from "./problem.ts";
import { offsetOfKey, readAccount, readSections } from "./sections.ts";
import { readText } from "./text.ts";

export { findAccount } from "./find.ts";

/** The account of a directory, as a launch reads it. */
export interface LaunchRule {
  /** Absolute, as it is written: there may be links in it. */
  readonly directory: string;
  /** As it is written; it may name no account. */
  readonly account: string;
  /** Where it is written: `config.yaml:LINE:COL`, or the file where the line is not known. */
  readonly where: string;
}

/** What a launch needs of config.yaml. */
export interface LaunchConfig {
  /** "" where there is no file. */
  readonly text: string;
  readonly exists: boolean;
  /**
   * The default account as it is written; it may name no account.
   * @throws CcsError `config-invalid` when what is written is no text: it is not taken for "none"
   */
  readonly default: string | null;
  /**
   * The accounts of directories.
   * @throws CcsError `config-invalid` when one of them is left open: which directory it would have been for cannot be known
   */
  readonly directories: readonly LaunchRule[];
  /** The accounts, in the order of the file. */
  readonly names: string[];
  /**
   * An account by its exact name.
   * @throws CcsError `config-invalid` when the name cannot be an account's, when it is left open what the account says (not a
   *   map, a key twice, a merge key), and when its policy does not parse: no default stands in for it
   */
  account(name: string): { policy: ContextPolicy; lastUsed: string | null } | undefined;
}

/**
 * Reads config.yaml for a launch: one parse, no schema, and nothing judged but what the launch depends on.
 * @throws CcsError `config-invalid` with `config.yaml:LINE:COL` when it is not YAML or `accounts` cannot be read; `failed` when
 *   the file cannot be read
 */
export function readLaunch(file: string): LaunchConfig {
  const text = readText(file);
  const sections = readSections(text ?? "");
  const { doc, problems, accounts: pairs, default: chosen } = sections;
  if (problems.length > 0) throw invalid(file, problems);
  const names = pairs.map((pair) => keyText(doc, pair.key) ?? "");
  const refuse = (offset: number, path: string, message: string): CcsError => {
    const problem: ConfigProblem = { ...doc.position(offset), path, message };
    return invalid(file, [problem]);
  };
  return {
    text: text ?? "",
    exists: text !== undefined,
    names,
    get default() {
      const value = chosen?.value ?? null;
      if (value === null || typeof value === "string") return value;
      throw refuse(chosen?.offset ?? 0, "default", `default is ${shown(value)}; allowed: text in quotes, or null`);
    },
    get directories() {
      const { rules, problems } = readRules(sections);
      if (problems.length > 0) throw invalid(file, problems);
      return rules.map(({ directory, account, offset }) => {
        const { line, col } = doc.position(offset);
        return { directory, account, where: `config.yaml:${line}:${col}` };
      });
    },
    account(name) {
      const [pair, again] = pairs.filter((_, i) => names[i] === name);
      if (pair === undefined) return undefined;
      const written = readAccount(doc, pair);
      const { keys, problems, offset } = written;
      if (again !== undefined) throw refuse(offset, `accounts.${name}`, `there is more than one account ${shown(name)}`);
      // The name becomes a directory: one that leads elsewhere, or to another account's, must not be launched.
      const checked = checkAccountName(
        name,
        names.filter((other) => other !== name),
      );
      if (!checked.ok) throw refuse(offset, `accounts.${name}`, checked.message);
      if (problems.length > 0) throw invalid(file, problems);
      const parsed = parsePolicy({
        context_mode: keys.get("context_mode")?.value,
        context_group: keys.get("context_group")?.value,
        continuity_mode: keys.get("continuity_mode")?.value,
      });
      if (!parsed.ok) {
        const placed = parsed.problems.map(({ key, message }) => ({
          ...doc.position(offsetOfKey(written, key)),
          path: `accounts.${name}.${key}`,
          message,
        }));
        throw invalid(file, placed);
      }
      const lastUsed = keys.get("last_used")?.value;
      return { policy: parsed.policy, lastUsed: typeof lastUsed === "string" ? lastUsed : null };
    },
  };
}
