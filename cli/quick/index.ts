import { given } from "../arguments/flags.ts";

/**
 * The commands that are run all the time: by a prompt, a status line, the Tab key. They load neither citty nor the
 * engine, and answer in the time a launch takes. What is not plainly right is left to the ordinary road, which says what
 * is wrong with it.
 */
const COMMANDS: Readonly<Record<string, () => Promise<QuickModule>>> = {
  completions: () => import("./completions.ts"),
  env: () => import("./env.ts"),
  statusline: () => import("./statusline.ts"),
  which: () => import("./which.ts"),
};

interface QuickModule {
  /** @returns the exit code; null for arguments the ordinary road has to look at */
  readonly quick: (args: readonly string[]) => Promise<number | null>;
}

/** @returns the exit code; null where the ordinary road has to be taken */
export async function quick(argv: readonly string[]): Promise<number | null> {
  const [command = "", ...args] = argv;
  if (!Object.hasOwn(COMMANDS, command)) return null;
  try {
    const module = await COMMANDS[command]?.();
    return module === undefined ? null : await module.quick(args);
  } catch (error) {
    const { fail } = await import("../fail.ts");
    return fail(error, given(argv, "--json"));
  }
}
