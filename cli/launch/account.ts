import { CcsError, type ContextPolicy, type Home, type LaunchConfig, restoring } from "../../shared/launch.ts";
import { chosenFor } from "./choice.ts";
import { previousAccount } from "./previous.ts";
import { PREVIOUS } from "./request.ts";

export interface LaunchAccount {
  readonly name: string;
  readonly policy: ContextPolicy;
  /** As config.yaml has it. */
  readonly lastUsed: string | null;
  /** Whether it was asked for as the one used before. */
  readonly wentBack: boolean;
}

/**
 * The account a launch is for.
 * @param named `PREVIOUS` for the one used before the last; `null` for the folder's or the default
 * @returns `null` where none was named, the folder has none and there is no default: the plain client then
 * @throws CcsError `not-found` for an account that is not there; `config-invalid` for a policy that does not parse
 */
export async function accountFor(named: string | null, config: LaunchConfig, home: Home): Promise<LaunchAccount | null> {
  const wentBack = named === PREVIOUS;
  const wanted = wentBack ? previousAccount(config) : (named ?? chosenFor(process.cwd(), config, home).account);
  if (wanted === null) return null;
  const account = config.account(wanted);
  if (account === undefined) throw await unknown(wanted, config, home);
  return { name: wanted, ...account, wentBack };
}

async function unknown(wanted: string, { names }: LaunchConfig, home: Home): Promise<CcsError> {
  const back = await restoring(home, wanted);
  if (back !== null) return new CcsError("not-found", `the account "${wanted}" was removed`, { hint: `bring it back: ${back}` });
  const meant = await nearestTo(wanted, names);
  const known = names.length > 0 ? `the accounts are: ${names.join(", ")}` : "there are no accounts yet: ccs auth create <account>";
  return new CcsError("not-found", `there is no account or command "${wanted}"`, {
    hint: meant === undefined ? known : `did you mean "ccs ${meant}"? ${known}`,
  });
}

/** First words of ours that a person may have meant. */
const OWN_WORDS = "auth group use which env statusline sessions undo doctor config install uninstall help completions".split(" ");

/** Loaded only here: most launches find their account. */
async function nearestTo(wanted: string, names: readonly string[]): Promise<string | undefined> {
  const { nearest } = await import("../arguments/suggest.ts");
  return nearest(wanted, [...names, ...OWN_WORDS]);
}
