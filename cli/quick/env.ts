import { CcsError, instanceOf, OTHER_LOGINS } from "../../shared/launch.ts";
import { accountFor } from "../launch/account.ts";
import { home } from "../launch/home.ts";
import { makeReady } from "../launch/ready.ts";
import { readAndRemember } from "../launch/remembered.ts";
import { out } from "../output.ts";
import { json } from "../render/json.ts";
import { isShell, type Shell, shellCode } from "./shells.ts";

export interface EnvOptions {
  readonly account: string;
  readonly shell: Shell;
  readonly json: boolean;
}

/** A directory that is entered runs it each time. */
export async function quick(args: readonly string[]): Promise<number | null> {
  const [account = "", flag, shell = "posix", ...rest] = args;
  const plain = /^[A-Za-z0-9]/.test(account) && (flag === undefined || flag === "--shell") && isShell(shell) && rest.length === 0;
  return plain && args.length !== 2 ? env({ account, shell, json: false }) : null;
}

/**
 * Prints the code that makes any client of a shell the account's. As a launch does, it mends what needs no choice and
 * refuses what does: a client started with these variables has no launcher to look after it.
 * @returns the exit code
 * @throws CcsError not-found, config-invalid, refused, busy; nothing was printed then
 */
export async function env(options: EnvOptions): Promise<number> {
  const place = await home();
  const config = await readAndRemember(place);
  const { names } = config;
  if (!names.includes(options.account)) {
    throw new CcsError("not-found", `there is no account "${options.account}"`, {
      hint: names.length > 0 ? `The accounts are: ${names.join(", ")}` : "Make it: ccs auth create <account>",
    });
  }
  const account = await accountFor(options.account, config, place);
  if (account === null) return 1; // Only where none is named.
  await makeReady(place, account);
  const set = { CLAUDE_CONFIG_DIR: instanceOf(place, account.name), CCS_ACCOUNT: account.name };
  const unset = process.env["CCS_KEEP_AUTH_ENV"] === "1" ? [] : OTHER_LOGINS;
  out(options.json ? json({ account: account.name, set, unset }) : shellCode(options.shell, set, unset));
  return 0;
}
