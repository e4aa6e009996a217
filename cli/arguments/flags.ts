import type { ArgsDef } from "citty";

/** A flag of a command as it is typed. */
export interface Flag {
  /** With its dashes. */
  readonly typed: string;
  /** What stands for its value in a usage; null where it takes none. */
  readonly value: string | null;
  readonly description: string;
  /** Allowed values; empty where any text is. */
  readonly options: readonly string[];
}

export interface Positional {
  readonly name: string;
  readonly required: boolean;
  readonly description: string;
  /** What it is: its name, or the words it can be, as `a|b`. */
  readonly hint: string;
}

/** Reads a citty definition. A boolean that is on by default is typed as `--no-<name>`, and only so. */
export function flagsOf(args: ArgsDef): Flag[] {
  return Object.entries(args).flatMap(([name, arg]): Flag[] => {
    if (arg.type === "positional") return [];
    if (arg.type === "boolean") {
      const negative = arg.default === true;
      const description = (negative ? arg.negativeDescription : arg.description) ?? "";
      return [{ typed: `--${negative ? "no-" : ""}${name}`, value: null, description, options: [] }];
    }
    const options = arg.type === "enum" ? (arg.options ?? []) : [];
    return [{ typed: `--${name}`, value: arg.valueHint ?? (options.join("|") || name), description: arg.description ?? "", options }];
  });
}

export function positionalsOf(args: ArgsDef): Positional[] {
  return Object.entries(args).flatMap(([name, arg]): Positional[] =>
    arg.type === "positional"
      ? [{ name, required: arg.required !== false, description: arg.description ?? "", hint: arg.valueHint ?? name }]
      : [],
  );
}

/** Whether a flag stands among the arguments, before any `--`. */
export function given(argv: readonly string[], ...flags: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return (end < 0 ? argv : argv.slice(0, end)).some((arg) => flags.includes(arg));
}

/** All values of a flag that may be given several times: citty keeps the last only. */
export function valuesOf(argv: readonly string[], flag: string): string[] {
  return argv.flatMap((arg, at) => {
    if (arg.startsWith(`${flag}=`)) return [arg.slice(flag.length + 1)];
    const value = arg === flag ? argv[at + 1] : undefined;
    return value === undefined ? [] : [value];
  });
}

/** A command as a message names it: every message begins with `ccs:` already. */
export function spoken(command: string): string {
  return command.replace(/^ccs /, "");
}
