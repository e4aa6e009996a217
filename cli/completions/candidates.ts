import { type Flag, flagsOf, type Positional, positionalsOf } from "../arguments/flags.ts";
import { ROOT } from "../commands/index.ts";
import type { CommandModule, Family, Leaf } from "../commands/types.ts";

/** A word the Tab key can write, and what it means. */
export interface Candidate {
  readonly word: string;
  readonly description: string;
}

/** The names a person may have given. */
export interface Names {
  readonly accounts: readonly Candidate[];
  readonly groups: readonly Candidate[];
}

/** What can stand where the cursor is. */
export interface Completions {
  readonly candidates: readonly Candidate[];
  /** What the shell is to complete itself. */
  readonly paths: "files" | "directories" | null;
}

const NOTHING: Completions = { candidates: [], paths: null };
const HELP: Candidate = { word: "--help", description: "how it is used" };

/**
 * What can follow. It is read from the commands themselves, so that it says what they take, in this very version.
 * @param before the words after `ccs`, up to the cursor's
 * @param current the cursor's word as far as it is typed
 * @param names accounts and groups; asked only where they can stand
 */
export async function completionsFor(before: readonly string[], current: string, names: () => Promise<Names>): Promise<Completions> {
  const first = before[0];
  if (first === undefined) return atFirst(current, await names());
  if (!Object.hasOwn(ROOT.commands, first)) return { candidates: [], paths: "files" }; // They are Claude Code's.
  let found: Leaf | Family = ROOT;
  let at = first === "help" ? 1 : 0;
  while ("commands" in found) {
    const word: string | undefined = before[at];
    if (word === undefined) return { ...NOTHING, candidates: described(found, current, first === "help") };
    if (!Object.hasOwn(found.commands, word)) return NOTHING;
    found = found.commands[word] as Leaf | Family;
    at += 1;
  }
  return first === "help" ? NOTHING : inCommand(await found.load(), before.slice(at), current, names);
}

function atFirst(current: string, names: Names): Completions {
  if (current.startsWith("-")) {
    return { candidates: [HELP, { word: "--version", description: "the version of ccs" }], paths: null };
  }
  return { candidates: [...names.accounts, ...described(ROOT, current, false)], paths: null };
}

function described(family: Family, current: string, isHelp: boolean): Candidate[] {
  if (current.startsWith("-")) return isHelp ? [] : [HELP];
  return Object.entries(family.commands).map(([word, { description }]) => ({ word, description }));
}

async function inCommand(
  module: CommandModule,
  given: readonly string[],
  current: string,
  names: () => Promise<Names>,
): Promise<Completions> {
  const flags = flagsOf(module.args);
  const positionals = positionalsOf(module.args);
  const seen = read(given, flags);
  if (seen.open !== null) return valuesFor(seen.open.value ?? "", seen.open.options, names);
  const equals = seen.literal ? -1 : current.indexOf("=");
  const inline = equals < 0 ? undefined : flags.find(({ typed, value }) => value !== null && typed === current.slice(0, equals));
  if (inline !== undefined) {
    const { candidates } = await valuesFor(inline.value ?? "", inline.options, names);
    return { candidates: candidates.map(({ word, description }) => ({ word: `${inline.typed}=${word}`, description })), paths: null };
  }
  const open = flags
    .filter(({ typed }) => !seen.typed.includes(typed) || module.repeatable?.includes(typed))
    .map(({ typed, description }) => ({ word: typed, description }));
  if (!seen.literal && current.startsWith("-")) return { candidates: [...open, HELP], paths: null };
  // `use --clear <dir>`: its one word is the directory.
  const next: Positional | undefined = positionals[seen.words + (seen.typed.includes("--clear") ? 1 : 0)];
  if (next !== undefined) return valuesFor(next.hint, [], names);
  return { candidates: seen.literal ? [] : open, paths: null };
}

/** What the words before the cursor leave open. */
function read(given: readonly string[], flags: readonly Flag[]) {
  const typed: string[] = [];
  let words = 0;
  let literal = false;
  let open: Flag | null = null;
  for (const word of given) {
    if (open !== null) {
      // bash takes `--flag=value` apart.
      if (word !== "=") open = null;
      continue;
    }
    if (literal || !word.startsWith("-") || word === "-") words += 1;
    else if (word === "--") literal = true;
    else {
      const [name = ""] = word.split("=", 1);
      typed.push(name);
      const flag = flags.find((known) => known.typed === name);
      if (flag !== undefined && flag.value !== null && !word.includes("=")) open = flag;
    }
  }
  return { typed, words, literal, open };
}

/** What a value is, by the word that stands for it in the usage. */
async function valuesFor(hint: string, options: readonly string[], names: () => Promise<Names>): Promise<Completions> {
  if (hint === "account") return { candidates: (await names()).accounts, paths: null };
  if (hint === "group") return { candidates: (await names()).groups, paths: null };
  if (hint === "account|dir") return { candidates: (await names()).accounts, paths: "directories" };
  if (hint === "dir") return { candidates: [], paths: "directories" };
  const words = options.length > 0 ? options : hint.includes("|") ? hint.split("|") : [];
  return { candidates: words.map((word) => ({ word, description: "" })), paths: null };
}
