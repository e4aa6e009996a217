import { join } from "node:path";
import { ARTIFACTS } from "../artifacts.ts";
import { identityOf, runningClients } from "../claude/index.ts";
import { list, look } from "../context/disk.ts";
import { accountId } from "../context/records.ts";
import { CcsError } from "../errors.ts";
import { type Home, instanceOf } from "../paths.ts";

/** Where a client writes down what was typed into it. */
const TYPED = "history.jsonl";

/**
 * Refuses to take away an account that somebody uses by now, or that is another one than was made. Under the lock.
 * @param id its permanent id
 * @throws CcsError refused; busy while a client of it runs
 */
export function requireUnused(home: Home, account: string, id: string | null): void {
  const instance = instanceOf(home, account);
  const refuse = (message: string, code: "refused" | "busy" = "refused") => {
    throw new CcsError(code, message, { where: instance, untouched: "It was left as it is.", hint: "ccs auth list" });
  };
  if (accountId(home, account) !== id) refuse(`${account} was renamed, removed or made anew meanwhile`);
  if (runningClients(instance).length > 0) refuse(`a client of ${account} is running`, "busy");
  if (identityOf(instance).loggedIn) refuse(`somebody logged in to ${account} meanwhile`);
  const own = ARTIFACTS.map(({ name }) => join(instance, name)).filter((path) => look(path)?.kind === "directory");
  if (look(join(instance, TYPED)) !== null || own.some(holdsAnything)) refuse(`${account} has a history by now`);
}

function holdsAnything(directory: string): boolean {
  return (list(directory) ?? []).some(({ name, kind }) => kind !== "directory" || holdsAnything(join(directory, name)));
}
