import { completionsFor } from "../completions/candidates.ts";
import { COMPLETE } from "../completions/scripts.ts";
import { home } from "../launch/home.ts";
import { out } from "../output.ts";
import { namesIn } from "./names.ts";

/** What a shell asks at the Tab key. A person is never shown this command. */
export async function quick(args: readonly string[]): Promise<number | null> {
  const [flag, current = "", ...before] = args;
  if (flag !== COMPLETE || !current.startsWith("=")) return null;
  const { candidates, paths } = await completionsFor(before, current.slice(1), async () => namesIn(await home()));
  const lines = candidates.map(({ word, description }) => `${word}\t${description}\n`);
  out([...lines, ...(paths === null ? [] : [`:${paths}\n`])].join(""));
  return 0;
}
