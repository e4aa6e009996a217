import { CcsError, type ContextPolicy, type Home, type LaunchConfig } from "../../shared/launch.ts";

export interface LaunchAccount {
  readonly name: string;
  readonly policy: ContextPolicy;
  /** As config.yaml has it. */
  readonly lastUsed: string | null;
}

/**
 * The account a launch is for.
 * @param named `null` for the default
 * @returns `null` where none was named and there is no default: the plain client then
 * @throws CcsError `not-found` for an account that is not there; `config-invalid` for a policy that does not parse
 */
export async function accountFor(named: string | null, config: LaunchConfig, home: Home): Promise<LaunchAccount | null> {
  const wanted = named ?? config.default;
  if (wanted === null) return null;
  const account = config.account(wanted);
  if (account === undefined) throw await unknown(wanted, named === null, config, home);
  return { name: wanted, ...account };
}

async function unknown(wanted: string, isDefault: boolean, config: LaunchConfig, home: Home): Promise<CcsError> {
  const { names } = config;
  if (isDefault) {
    return new CcsError("not-found", `the default account "${wanted}" does not exist`, {
      where: home.config,
      hint: names.length > 0 ? `ccs auth default <account>, with one of: ${names.join(", ")}` : "ccs auth reset-default",
    });
  }
  const meant = await nearestTo(wanted, names);
  const known = names.length > 0 ? `the accounts are: ${names.join(", ")}` : "there are no accounts yet: ccs auth create <account>";
  return new CcsError("not-found", `there is no account or command "${wanted}"`, {
    hint: meant === undefined ? known : `did you mean "ccs ${meant}"? ${known}`,
  });
}

/** Loaded only here: most launches find their account. */
async function nearestTo(wanted: string, names: readonly string[]): Promise<string | undefined> {
  const { nearest } = await import("../arguments/suggest.ts");
  return nearest(wanted, [...names, "auth", "group", "doctor", "help"]);
}
