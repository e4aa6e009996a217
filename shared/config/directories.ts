import type { Node } from "yaml";
import { isAbsoluteDirectory } from "../policy/folders.ts";
import { shown } from "../policy/shown.ts";
import { isMergeKey, keyOffset, keyText, plainValue, valueOffset } from "./document.ts";
import type { ConfigProblem } from "./problem.ts";
import { MERGE, type Sections } from "./sections.ts";

/** A directory and the account that is started in it and below, as config.yaml has them. */
export interface WrittenRule {
  /** Absolute. */
  readonly directory: string;
  /** As it is written; it may name no account. */
  readonly account: string;
  /** Where the account is written. */
  readonly offset: number;
}

/** Reads `directories`, and everything in it that cannot be followed, save names of accounts that are not there. Pure. */
export function readRules(sections: Sections): { rules: WrittenRule[]; problems: ConfigProblem[] } {
  const { doc } = sections;
  const rules: WrittenRule[] = [];
  const problems: ConfigProblem[] = [...sections.directoryProblems];
  const seen = new Set<string>();
  for (const pair of sections.directories) {
    const directory = keyText(doc, pair.key);
    const key = (message: string) => problems.push({ ...doc.position(keyOffset(pair)), path: directoryPath(directory ?? ""), message });
    if (isMergeKey(pair.key)) key(MERGE);
    else if (directory === undefined) key("a directory has to be text");
    else if (!isAbsoluteDirectory(directory))
      key(`the directory ${shown(directory)} is not an absolute path; allowed: one such as "/home/me/work"`);
    else if (seen.has(directory)) key(`the directory ${shown(directory)} is written more than once; only one is allowed`);
    else {
      seen.add(directory);
      const value = plainValue(doc, pair.value as Node | null);
      const offset = valueOffset(pair);
      if (typeof value === "string") rules.push({ directory, account: value, offset });
      else {
        const is = value === undefined ? "an alias that no anchor stands before" : shown(value);
        const message = `the account of ${shown(directory)} is ${is}; allowed: the name of an account, in quotes`;
        problems.push({ ...doc.position(offset), path: directoryPath(directory), message });
      }
    }
  }
  return { rules, problems };
}

/** The keys that lead to a directory's rule, as a problem names them. */
export function directoryPath(directory: string): string {
  return `directories.${directory}`;
}
