import type { Call } from "./calls.ts";

/**
 * What no run may ever do, whatever becomes of it, seen from its calls: unlink or overwrite anything a client or a person
 * wrote. Files give way by being renamed into staging or set-aside; only the program's own names are unlinked.
 */
export function lawless(calls: readonly Call[]): string[] {
  return calls.filter((call) => call.line.includes(" = 0") || / = \d/.test(call.line)).flatMap((call) => breach(call) ?? []);
}

const PUT_AWAY = /^<CCS>\/(?:staging|set-aside)\//;
const OWN = /^<CCS>\/state\//;
/** The login of an instance that was set aside, by its names. */
const LOGIN = /^<CCS>\/removed\/[^/]+\/(?:\.credentials\.json|\.claude\.json|backups\/\.claude\.json[^/]*|sessions\/[^/]+\.key)$/;
/** An instance that gets another place: rename(2) of a directory takes only a free name. */
const INSTANCE = /^<CCS>\/(?:instances|removed)\/[^/]+$/;
const NEW = /\.ccs-new$/;

function breach(call: Call): string[] | null {
  const [from = "", to = ""] = call.paths;
  const made = PUT_AWAY.test(from) || OWN.test(from);
  switch (call.name) {
    case "unlink":
    case "unlinkat":
      return made || NEW.test(from) || LOGIN.test(from) ? null : [`unlinks ${from}`];
    case "open":
    case "openat":
      if (/O_TRUNC/.test(call.line) && !/O_EXCL/.test(call.line)) return [`truncates ${call.line}`];
      return /O_(?:WRONLY|RDWR)/.test(call.line) && !/O_(?:APPEND|EXCL)/.test(call.line) ? [`writes over: ${call.line}`] : null;
    case "truncate":
    case "ftruncate":
      return made ? null : [`truncates ${call.line}`];
    case "rename":
    case "renameat":
    case "renameat2":
      if (INSTANCE.test(from) && INSTANCE.test(to)) return null;
      return PUT_AWAY.test(to) || OWN.test(to) || NEW.test(from) || PUT_AWAY.test(from) ? null : [`renames ${from} to ${to}`];
    default:
      return null;
  }
}
