import { isatty } from "node:tty";

type Styler = (text: string) => string;

/** The few ways text is set apart. Where there is no colour, each gives back what it was given. */
export interface Paint {
  readonly bold: Styler;
  readonly dim: Styler;
  readonly green: Styler;
  readonly yellow: Styler;
  readonly red: Styler;
  readonly cyan: Styler;
}

const CODES = { bold: [1, 22], dim: [2, 22], green: [32, 39], yellow: [33, 39], red: [31, 39], cyan: [36, 39] } as const;

export function paint(colour: boolean): Paint {
  const styler =
    ([open, close]: readonly [number, number]): Styler =>
    (text) =>
      colour && text !== "" ? `\x1b[${open}m${text}\x1b[${close}m` : text;
  return {
    bold: styler(CODES.bold),
    dim: styler(CODES.dim),
    green: styler(CODES.green),
    yellow: styler(CODES.yellow),
    red: styler(CODES.red),
    cyan: styler(CODES.cyan),
  };
}

/**
 * Whether colour goes to a descriptor. `FORCE_COLOR` speaks first (`0` and `false`: never), then `NO_COLOR` (set to
 * anything: never), then whether it is a terminal that knows colour.
 */
export function hasColour(terminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  if (env["NO_COLOR"]) return false;
  return terminal && env["TERM"] !== "dumb";
}

export function paintFor(fd: 1 | 2): Paint {
  return paint(hasColour(isatty(fd), process.env));
}

/** Columns of the terminal a descriptor leads to; null where it is no terminal, and lines are not to be broken. */
export function widthOf(fd: 1 | 2): number | null {
  if (!isatty(fd)) return null;
  const stream = fd === 1 ? process.stdout : process.stderr;
  return stream.columns || 80;
}
