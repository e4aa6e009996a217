import type { ArgsDef } from "citty";
import { CcsError } from "../../shared/index.ts";
import { type Flag, flagsOf, positionalsOf, spoken } from "./flags.ts";
import { nearest } from "./suggest.ts";

/** A command that was given wrong. */
export function usage(message: string, hint: string): CcsError {
  return new CcsError("usage", message, { hint });
}

/**
 * Refuses what citty would let pass: unknown flags, flags given twice or without their value, values that are not
 * allowed, too many or too few arguments.
 * @param command the command as it is typed, `ccs auth create`
 * @param repeatable flags that may be given several times, with their dashes
 * @throws CcsError `usage`
 */
export function checkArguments(command: string, argv: readonly string[], args: ArgsDef, repeatable: readonly string[] = []): void {
  const help = `See: ${command} --help`;
  const flags = flagsOf(args);
  const positionals = positionalsOf(args);
  const seen = new Set<string>();
  const words: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const arg = argv[at] ?? "";
    if (arg === "--") {
      words.push(...argv.slice(at + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      words.push(arg);
      continue;
    }
    const equals = arg.indexOf("=");
    const typed = equals < 0 ? arg : arg.slice(0, equals);
    const flag = flags.find((known) => known.typed === typed);
    if (flag === undefined) throw unknownFlag(command, typed, flags);
    if (seen.has(typed) && !repeatable.includes(typed)) throw usage(`${typed} is given twice`, help);
    seen.add(typed);
    if (flag.value === null) {
      if (equals >= 0) throw usage(`${typed} takes no value`, help);
      continue;
    }
    const value = equals < 0 ? argv[at + 1] : arg.slice(equals + 1);
    if (value === undefined || value === "" || (equals < 0 && value.startsWith("-"))) {
      throw usage(`${typed} needs a value: ${typed} <${flag.value}>`, help);
    }
    if (flag.options.length > 0 && !flag.options.includes(value)) throw notAllowed(command, flag, value);
    if (equals < 0) at += 1;
  }
  const missing = positionals.slice(words.length).find((positional) => positional.required);
  if (missing !== undefined) throw usage(`${spoken(command)} needs <${missing.name}>`, help);
  const extra = words[positionals.length];
  if (extra !== undefined) throw usage(`${spoken(command)} does not know what to do with "${extra}"`, help);
}

function unknownFlag(command: string, typed: string, flags: readonly Flag[]): CcsError {
  const kebab = typed.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const meant = nearest(
    kebab,
    flags.map((flag) => flag.typed),
  );
  return usage(`${spoken(command)} has no flag "${typed}"`, meant ? `Did you mean ${meant}?` : `See: ${command} --help`);
}

function notAllowed(command: string, flag: Flag, value: string): CcsError {
  const allowed = flag.options.map((option) => `"${option}"`).join(", ");
  const meant = nearest(value, flag.options);
  const hint = meant ? `Did you mean ${flag.typed} ${meant}?` : `See: ${command} --help`;
  return usage(`${flag.typed} is "${value}"; allowed: ${allowed}`, hint);
}
