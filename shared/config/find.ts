import { foldName } from "../policy/names.ts";

/**
 * The account a person means: the exact name, else the one that equals it ignoring case and Unicode form.
 * @returns the name as it is written in config.yaml, or undefined
 */
export function findAccount(names: Iterable<string>, given: string): string | undefined {
  const folded = foldName(given);
  let close: string | undefined;
  for (const name of names) {
    if (name === given) return name;
    if (close === undefined && foldName(name) === folded) close = name;
  }
  return close;
}
