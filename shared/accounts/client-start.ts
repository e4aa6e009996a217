import { clientMissing, findClient, launchEnvironment } from "../claude/index.ts";
import { readConfig, requireValid } from "../config/index.ts";
import { linkProblem } from "../context/check.ts";
import { CcsError } from "../errors.ts";
import { type Home, instanceOf } from "../paths.ts";
import { mendForLaunch } from "./change.ts";
import { requireAccount } from "./find.ts";

/** What makes a client the account's, for a face that starts it in a terminal of its own. */
export interface ClientStart {
  /** The client: an absolute path. */
  readonly client: string;
  readonly set: Readonly<Record<string, string>>;
  /** Variables of the environment that would make it somebody else. */
  readonly unset: readonly string[];
}

/**
 * Makes an account fit to launch, as `ccs <account>` does, and says how its client is started. A client that is to log in
 * can do so whatever its links are.
 * @param env of the terminal it is started in
 * @throws CcsError not-found, config-invalid, client-not-found; refused, busy or failed where a launch would be
 */
export function clientStart(home: Home, account: string, env: NodeJS.ProcessEnv): ClientStart {
  const config = readConfig(home);
  requireValid(config);
  const { name } = requireAccount(config, account);
  const client = findClient(env);
  if (client === null) throw clientMissing(env);
  mendForLaunch(home, name);
  // What was finished may have been on its way to another policy.
  const { policy } = requireAccount(readConfig(home), name);
  const problem = policy === null ? null : linkProblem(home, name, policy);
  if (problem !== null) {
    throw new CcsError("refused", `${name} cannot be started: ${problem.message}`, {
      where: problem.path,
      untouched: "No client was started.",
      hint: problem.fix,
    });
  }
  const { env: whole, removed } = launchEnvironment(env, instanceOf(home, name), name);
  const set = Object.fromEntries(Object.entries(whole).filter(([key, value]) => env[key] !== value));
  return { client, set, unset: removed };
}
