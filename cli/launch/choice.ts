import { CcsError, type Home, type LaunchConfig, type LaunchRule, ruleFor } from "../../shared/launch.ts";

/** Which account a launch without a name is for, and why. */
export type Choice =
  | { readonly why: "directory"; readonly account: string; readonly rule: LaunchRule }
  | { readonly why: "default"; readonly account: string }
  | { readonly why: "none"; readonly account: null };

/**
 * The account of the folder, else the default, else none. Never another one than was written: a folder whose account is
 * not there is an error.
 * @param directory absolute
 * @throws CcsError `config-invalid`, `not-found`
 */
export function chosenFor(directory: string, config: LaunchConfig, home: Home): Choice {
  const rule = ruleFor(config.directories, directory);
  if (rule !== null) {
    if (config.account(rule.account) === undefined) throw ruleGone(rule, config.names);
    return { why: "directory", account: rule.account, rule };
  }
  const { default: chosen, names } = config;
  if (chosen === null) return { why: "none", account: null };
  if (config.account(chosen) !== undefined) return { why: "default", account: chosen };
  throw new CcsError("not-found", `the default account "${chosen}" does not exist`, {
    where: home.config,
    hint: names.length > 0 ? `ccs auth default <account>, with one of: ${names.join(", ")}` : "ccs auth reset-default",
  });
}

function ruleGone({ directory, account, where }: LaunchRule, names: readonly string[]): CcsError {
  const use = names.length > 0 ? `ccs use <account> ${directory}, with one of: ${names.join(", ")}; or ` : "";
  return new CcsError("config-invalid", `the folder ${directory} is set to "${account}", which is no account`, {
    where,
    untouched: "no client was started; config.yaml is as it was",
    hint: `${use}ccs use --clear ${directory}`,
  });
}
