/** What counts as an absolute path in config.yaml, on whichever system it was written. */
export const ABSOLUTE = "^(?:/|[A-Za-z]:[\\\\/]|\\\\\\\\)";

export function isAbsoluteDirectory(path: string): boolean {
  return new RegExp(ABSOLUTE).test(path);
}

/** Whether a directory is another one or lies below it. Both absolute, with no link in them. */
export function isWithin(directory: string, above: string): boolean {
  if (directory === above) return true;
  return directory.startsWith(/[\\/]$/.test(above) ? above : `${above}${above.includes("\\") ? "\\" : "/"}`);
}

/**
 * The rules that decide for a directory: those of the longest path that holds it. More than one where several names
 * lead to one directory.
 * @param rules each with the real path of its directory
 */
export function decisive<T extends { readonly real: string }>(rules: readonly T[], directory: string): T[] {
  const holding = rules.filter((rule) => isWithin(directory, rule.real));
  const longest = Math.max(...holding.map((rule) => rule.real.length));
  return holding.filter((rule) => rule.real.length === longest);
}
