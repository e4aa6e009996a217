const NAMED = /\/(?:dev|proc\/(?:self|thread-self))\/fd\/(\d+)/g;

/**
 * The open files, beyond the terminal's three, that a client is told of by number: `--settings <(command)` reaches it
 * as `/dev/fd/63`, and some variables of the client end in `_FILE_DESCRIPTOR`.
 */
export function namedDescriptors(args: readonly string[], env: Readonly<Record<string, string>>): number[] {
  const found = new Set<number>();
  for (const arg of args) {
    if (!arg.includes("/fd/")) continue;
    for (const [, digits] of arg.matchAll(NAMED)) found.add(Number(digits));
  }
  for (const name in env) {
    if (name.endsWith("_FILE_DESCRIPTOR") && /^\d+$/.test(env[name] as string)) found.add(Number(env[name]));
  }
  return [...found].filter((fd) => fd > 2 && fd <= 0x7fffffff);
}
