import { isatty } from "node:tty";
import { CcsError, clientMissing, findClient, type Identity, identityOf, loginCommand } from "../shared/index.ts";
import { err } from "./output.ts";

/** How the client's login ended. */
export interface LoginEnd {
  readonly identity: Identity;
  /** The client's exit code; null where a signal ended it. */
  readonly code: number | null;
  /** Ctrl-C, or a signal to this program, while the client was at it. */
  readonly interrupted: boolean;
}

/** The client to log in with. @throws CcsError `client-not-found` */
export function requireClient(more?: string): string {
  const client = findClient(process.env);
  if (client !== null) return client;
  const missing = clientMissing(process.env);
  throw new CcsError("client-not-found", missing.message, {
    ...(missing.where === undefined ? {} : { where: missing.where }),
    untouched: "Nothing was changed.",
    hint: [missing.hint, more].filter((line) => line !== undefined).join("\n"),
  });
}

/**
 * Runs the client's own login with the terminal as its own: what is typed or pasted goes to it, and so does Ctrl-C, which
 * this program outlives so that it can put things in order.
 */
export async function logIn(client: string, instance: string, account: string): Promise<LoginEnd> {
  const { file, args, env } = loginCommand(client, instance, account, process.env);
  let interrupted = false;
  const outlive = () => {
    interrupted = true;
  };
  const end = (signal: NodeJS.Signals) => {
    interrupted = true;
    child?.kill(signal);
  };
  // For good: a second Ctrl-C must not end the undoing that follows the first.
  process.on("SIGINT", outlive).on("SIGQUIT", outlive).on("SIGTERM", end).on("SIGHUP", end);
  let child: Bun.Subprocess | undefined;
  try {
    child = Bun.spawn([file, ...args], { env, stdio: ["inherit", "inherit", "inherit"] });
    await child.exited;
  } catch (error) {
    throw new CcsError("failed", `Claude Code could not be started: ${error instanceof Error ? error.message : String(error)}`, {
      where: file,
      cause: error,
    });
  }
  const code = child.signalCode === null ? child.exitCode : null;
  // 130 is how a client says Ctrl-C that read it as a key of its own.
  interrupted ||= child.signalCode === "SIGINT" || code === 130;
  // The cursor stands behind the client's last question.
  if (interrupted && isatty(2)) err("\n");
  return { identity: identityOf(instance), code, interrupted };
}

/** The error for a login that did not come about. */
export function loginFailed(account: string, end: LoginEnd, untouched: string, hint: string): CcsError {
  if (end.interrupted) return new CcsError("cancelled", `the login of ${account} was cancelled`, { untouched, hint });
  const how = end.code === null ? "was ended by a signal" : `ended with exit code ${end.code}`;
  const what = end.code === 0 ? "and left no login" : "and nobody is logged in";
  return new CcsError("failed", `Claude Code's login ${how} ${what}`, { untouched, hint });
}
