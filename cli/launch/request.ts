import { RESERVED_NAMES } from "../../shared/launch.ts";

/** What of ours may stand in an account's place and begin with a dash. Everything else that does goes to the client. */
const OWN_FLAGS = ["--help", "-h", "--version"];

/** Stands for the account used before the last one, as `cd -` has it; no account's name begins with it. */
export const PREVIOUS = "-";

/** What was asked for: an account, `PREVIOUS`, or `null` for the one that comes without being named, and the client's arguments, untouched. */
export interface Request {
  readonly account: string | null;
  readonly args: readonly string[];
}

/** Whether a command line (without the program's name) starts a client, and not a command of ours. */
export function isLaunch(argv: readonly string[]): boolean {
  const first = argv[0];
  return first === undefined || !(OWN_FLAGS.includes(first) || RESERVED_NAMES.includes(first));
}

/** Takes the account's name off a command line for which `isLaunch` holds. */
export function requestOf(argv: readonly string[]): Request {
  const [first, ...rest] = argv;
  if (first === undefined || (first.startsWith("-") && first !== PREVIOUS)) return { account: null, args: argv };
  return { account: first, args: rest };
}
