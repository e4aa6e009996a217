import type { ArgsDef, CommandDef } from "citty";

/** A command's definition, whatever its arguments are. */
// biome-ignore lint/suspicious/noExplicitAny: citty's own type for a command among others; its arguments differ from command to command.
export type AnyCommand = CommandDef<any>;

/** What the file of a command exports. */
export interface CommandModule {
  /** Its `run` gives back the exit code, or nothing for 0. */
  readonly command: AnyCommand;
  /** The command's arguments: `command.args`, without citty's promises around it. */
  readonly args: ArgsDef;
  /** At least one, as typed. */
  readonly examples: readonly string[];
  /** Flags that may be given several times, with their dashes. */
  readonly repeatable?: readonly string[];
  /** Paragraphs for the usage: what a person has to know before choosing. */
  readonly notes?: readonly string[];
}

export interface Leaf {
  readonly description: string;
  readonly load: () => Promise<CommandModule>;
}

export interface Family {
  readonly description: string;
  readonly commands: Readonly<Record<string, Leaf | Family>>;
  readonly examples: readonly string[];
}
