import { clientMissing, findClient, instanceOf, launchEnvironment } from "../../shared/launch.ts";
import { err } from "../output.ts";
import { accountFor } from "./account.ts";
import type { Start } from "./client.ts";
import { home } from "./home.ts";
import { touch } from "./last-used.ts";
import { makeReady } from "./ready.ts";
import { readRemembered } from "./remembered.ts";
import { replaceProcess } from "./replace.ts";
import { requestOf } from "./request.ts";

export { isLaunch } from "./request.ts";

/**
 * Starts a client, of the account that is named, of the default account, or plain where there is none, and gives it
 * everything that follows, untouched.
 * @param argv the command line without the program's name
 * @returns not at all where a client is started: on POSIX the process becomes it, on Windows it ends with it. Where nothing
 * is set up, the command of ours a person chose instead, empty for none
 * @throws CcsError where no client is started
 */
export async function launch(argv: readonly string[]): Promise<readonly string[]> {
  const { account: named, args } = requestOf(argv);
  const place = await home();
  const config = await readRemembered(place);
  const account = await accountFor(named, config, place);
  if (account === null && argv.length === 0 && config.names.length === 0) {
    const { welcome } = await import("../welcome.ts");
    const next = await welcome(process.env);
    if (next !== "plain") return next;
  }
  const file = findClient(process.env);
  if (file === null) throw clientMissing(process.env);
  // What a person would have typed.
  const name = process.env["CCS_CLAUDE_PATH"] || "claude";

  if (account === null) return start({ file, name, args, env: process.env as Record<string, string> });
  await makeReady(place, account);
  await touch(place, config, account, Date.now());
  const { env, removed } = launchEnvironment(process.env, instanceOf(place, account.name), account.name);
  if (removed.length > 0)
    err(`ccs: left out, so that the client is ${account.name}: ${removed.join(", ")} (CCS_KEEP_AUTH_ENV=1 keeps them)\n`);
  return start({ file, name, args, env });
}

async function start(client: Start): Promise<never> {
  if (process.platform !== "win32") return replaceProcess(client);
  const { runBeside } = await import("./spawn.ts");
  return runBeside(client);
}
