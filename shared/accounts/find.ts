import { distance } from "fastest-levenshtein";
import type { Account, Config } from "../config/index.ts";
import { CcsError } from "../errors.ts";
import { homeOfConfig } from "../paths.ts";
import { restoring } from "./removed-names.ts";

/** The name nearest to what was typed, or null where none is near. */
export function nearest(typed: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.ceil(typed.length / 3)) + 1;
  for (const name of names) {
    const d = distance(typed.toLowerCase(), name.toLowerCase());
    if (d < least) {
      least = d;
      best = name;
    }
  }
  return best;
}

/** The account of that name. @throws CcsError not-found, with the command that brings it back, or the nearest name there is */
export function requireAccount(config: Config, name: string): Account {
  const account = config.accounts.get(name);
  if (account !== undefined) return account;
  const back = restoring(homeOfConfig(config.file), name);
  const near = nearest(name, [...config.accounts.keys()]);
  const otherwise = near === null ? `Make it: ccs auth create ${name}` : `Did you mean "${near}"?`;
  throw new CcsError("not-found", `there is no account "${name}"`, {
    where: config.file,
    untouched: "Nothing was changed.",
    hint: back === null ? otherwise : `It was removed; bring it back: ${back}`,
  });
}
