import { type CcsError, checkAccountName } from "../shared/index.ts";
import { given, spoken } from "./arguments/flags.ts";
import { ROOT } from "./commands/index.ts";
import type { Family, Leaf } from "./commands/types.ts";
import { fail } from "./fail.ts";
import { err, out } from "./output.ts";
import { paintFor, widthOf } from "./render/style.ts";

/**
 * Runs a command of ours. Which one, and whether it is given right, is decided here: citty would run a root command as
 * well, print usage for a `--help` behind `--`, and let unknown flags pass.
 * @returns the process's exit code
 */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    const flagged = given(argv, "--help", "-h");
    const helps = argv[0] === "help" && !flagged;
    const asksHelp = flagged || helps;
    const words = helps ? argv.slice(1) : argv;
    const { typed, found, rest } = find(words);
    if (found === undefined) throw await unknown(typed, rest[0] ?? "");
    if (asksHelp) {
      out(await usageOf(typed, found, 1));
      return 0;
    }
    if ("commands" in found) {
      err(await usageOf(typed, found, 2));
      return 2;
    }
    return await runLeaf(typed, found, rest);
  } catch (error) {
    return fail(error, given(argv, "--json"));
  }
}

interface Found {
  /** The words that led here, `ccs` first. */
  readonly typed: readonly string[];
  /** undefined where the first word of `rest` names nothing. */
  readonly found: Leaf | Family | undefined;
  readonly rest: readonly string[];
}

function find(argv: readonly string[]): Found {
  const typed = ["ccs"];
  let found: Leaf | Family = ROOT;
  let at = 0;
  while ("commands" in found) {
    const word = argv[at];
    if (word === undefined || word === "--help" || word === "-h") break;
    if (!Object.hasOwn(found.commands, word)) return { typed, found: undefined, rest: argv.slice(at) };
    found = found.commands[word] as Leaf | Family;
    typed.push(word);
    at += 1;
  }
  return { typed, found, rest: argv.slice(at) };
}

async function runLeaf(typed: readonly string[], leaf: Leaf, rest: readonly string[]): Promise<number> {
  const command = typed.join(" ");
  const [{ runCommand }, { checkArguments }, module] = await Promise.all([import("citty"), import("./arguments/strict.ts"), leaf.load()]);
  checkArguments(command, rest, module.args, module.repeatable);
  const { result } = await runCommand(module.command, { rawArgs: [...rest] });
  return typeof result === "number" ? result : 0;
}

async function usageOf(typed: readonly string[], found: Leaf | Family, fd: 1 | 2): Promise<string> {
  const { commandUsage, familyUsage } = await import("./render/usage.ts");
  const paint = paintFor(fd);
  const width = widthOf(fd);
  const command = typed.join(" ");
  if ("commands" in found) return familyUsage(command, found, paint, width);
  return commandUsage(command, found.description, await found.load(), paint, width);
}

/** The error for a word that names no command. @param typed the words before it, `ccs` first */
async function unknown(typed: readonly string[], word: string): Promise<CcsError> {
  const [{ usage }, { nearest }] = await Promise.all([import("./arguments/strict.ts"), import("./arguments/suggest.ts")]);
  const family = typed.slice(1).reduce((found: Family, name) => found.commands[name] as Family, ROOT);
  const command = typed.join(" ");
  const help = `See: ${command} --help`;
  if (word.startsWith("-")) return usage(`${spoken(command)} has no flag "${word}"`, help);
  const meant = nearest(word, Object.keys(family.commands));
  if (meant !== undefined) return usage(`${spoken(command)} has no command "${word}"`, `Did you mean ${command} ${meant}?`);
  // A word that can name no account and is none of ours is kept for later.
  const kept = typed.length === 1 && !checkAccountName(word).ok;
  return usage(kept ? `"${word}" is not part of this version of ccs` : `${spoken(command)} has no command "${word}"`, help);
}
