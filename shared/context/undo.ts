import type { Config } from "../config/index.ts";
import { CcsError } from "../errors.ts";
import type { Home } from "../paths.ts";
import { describePolicy, policyOfKeys, samePolicy } from "../policy/index.ts";
import { readIntent, unfinishedAccounts } from "./intents.ts";
import { accountId, accountNames, readKeyChanges } from "./records.ts";
import type { Change, Intent, KeyChange } from "./types.ts";

interface Last {
  readonly account: string;
  readonly keys: KeyChange;
  /** Where it was begun and not ended. */
  readonly intent: Intent | null;
}

/**
 * The change that sets the keys of the last change back: of one account, or of whichever was changed last.
 * An undo that was begun and not ended is gone on with.
 * @throws CcsError refused where there is nothing to undo, or config.yaml says something else by now
 */
export function undoOf(home: Home, config: Config, account: string | null): Change {
  const last = lastOf(home, config, account);
  if (last === null) {
    const whose = account === null ? "of any account" : `of ${account}`;
    throw refused(`there is no change of the history sync ${whose} to undo`, config, "ccs auth list");
  }
  const { keys, intent } = last;
  const asked = { account: last.account, take: "mine", takeSessions: [], copySettings: false } as const;
  if (intent?.undoes) return { ...asked, take: intent.take, to: intent.to, undoes: intent.undoes };
  if (keys.before === null) {
    const others = account === null ? "Undo the change of another account: ccs undo <account>" : `ccs auth edit ${last.account}`;
    throw refused(`the last change made the account ${last.account}; its history sync was not changed since`, config, others);
  }
  const to = policyOfKeys(keys.before);
  if (to === null)
    throw refused(`what config.yaml said of ${last.account} before cannot be followed`, config, `ccs auth edit ${last.account}`);
  const change: Change = { ...asked, to, undoes: { id: keys.id, keys: keys.before } };
  requireUndoable(home, config, change);
  return change;
}

/** Passes any change but an undo whose keys were changed since. @throws CcsError refused */
export function requireUndoable(home: Home, config: Config, { account, undoes }: Change): void {
  if (!undoes) return;
  const last = lastOf(home, config, account);
  if (last?.intent?.undoes?.id === undoes.id) return;
  const said = config.accounts.get(account)?.policy ?? null;
  const led = last === null ? null : policyOfKeys(last.keys.after);
  const hint = `Say what it shall be: ccs auth edit ${account}`;
  if (last?.keys.id !== undoes.id || led === null || said === null) {
    throw refused(`the history sync of ${account} was changed since`, config, hint);
  }
  if (!samePolicy(said, led)) {
    const message = `config.yaml was edited since: the last change made ${account} ${describePolicy(led)}, and it says ${describePolicy(said)}`;
    throw refused(message, config, hint);
  }
}

/** The last change of keys of an account that is there; one that is not finished counts once its keys are written. */
function lastOf(home: Home, config: Config, account: string | null): Last | null {
  const unfinished = unfinishedAccounts(home)
    .filter((name) => (account === null || name === account) && config.accounts.has(name))
    .flatMap((name): Last[] => {
      const intent = intentFor(home, name, account !== null);
      return intent?.keys && keysWritten(config, intent) ? [{ account: name, keys: intent.keys, intent }] : [];
    })
    .sort((a, b) => (a.keys.at < b.keys.at ? -1 : 1));
  const begun = unfinished.at(-1);
  if (begun !== undefined) return begun;
  const names = accountNames(home);
  const wanted = account === null ? null : accountId(home, account);
  if (account !== null && wanted === null) return null;
  const done = readKeyChanges(home).filter(({ account: id }) => {
    const name = names.get(id);
    return name !== undefined && config.accounts.has(name) && (wanted === null || id === wanted);
  });
  const keys = done.at(-1);
  return keys === undefined ? null : { account: names.get(keys.account) as string, keys, intent: null };
}

/** Another account's that cannot be read keeps nobody from an undo. */
function intentFor(home: Home, name: string, asked: boolean): Intent | null {
  try {
    return readIntent(home, name);
  } catch (error) {
    if (asked || !(error instanceof CcsError)) throw error;
    return null;
  }
}

/** Whether an unfinished change has written its keys into config.yaml. */
export function keysWritten(config: Config, intent: Intent): boolean {
  const said = config.accounts.get(intent.account)?.policy ?? null;
  return intent.configWritten || (said !== null && samePolicy(said, intent.to));
}

function refused(message: string, config: Config, hint: string): CcsError {
  return new CcsError("refused", message, { where: config.file, untouched: "Nothing was changed.", hint });
}
