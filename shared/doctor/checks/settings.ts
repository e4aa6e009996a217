import { wantedRules } from "../../context/settings.ts";
import { CcsError } from "../../errors.ts";
import { type Check, count, type Finding, finding, orOk, remedyOf } from "../finding.ts";
import { mendingOf } from "../mending.ts";
import type { SettingsFile } from "../settings-file.ts";
import type { World } from "../world.ts";

/** The settings of every shared account let its client use what is shared, and keep it as long as the others do. */
export const settings: Check = {
  name: "settings",
  mends: ["settings"],
  run(world) {
    if (!world.usable) return [finding("skipped", "config.yaml has to be mended first")];
    const members = new Map<string, string[]>();
    for (const { name, policy } of world.accounts) {
      if (policy?.mode === "shared") members.set(policy.group, [...(members.get(policy.group) ?? []), name]);
    }
    const found = [...members].flatMap(([group, accounts]) => {
      const longest = Math.max(...accounts.map((account) => world.settings(account).retention));
      const rules = wantedRules(world.home, group);
      return accounts.flatMap((account) => settingsFindings(world, account, group, rules, longest));
    });
    return orOk(found, members.size === 0 ? "no account is shared" : "every shared account has the rules and the retention it needs");
  },
};

function settingsFindings(world: World, account: string, group: string, rules: readonly string[], longest: number): Finding[] {
  if (world.intents.has(account) || world.instance(account) === null) return [];
  const file = world.settings(account);
  const about = { account, where: file.where };
  if (file.problem !== null) {
    const message = `${file.problem}; a client skips the whole file, the permission rules and the retention of ccs with it`;
    const mending = file.retentionInvalid && !file.isLink ? mendingOf(world, account, "settings") : null;
    if (mending !== null && !(mending instanceof CcsError)) return [finding("error", message, { ...about, mending })];
    return [finding("error", message, { ...about, command: `Mend ${file.path}, then: ccs doctor --fix` })];
  }
  const missing = rules.filter((rule) => !file.allow.includes(rule));
  const short = file.retention < longest;
  if (file.isLink) return missing.length > 0 || short ? [linked(account, group, file, missing, short ? longest : null)] : [];
  const found: Finding[] = [];
  const mending = missing.length > 0 || short ? mendingOf(world, account, "settings") : null;
  const fix = remedyOf(mending);
  if (missing.length > 0) {
    found.push(
      finding(
        "warning",
        `${count(missing.length, "permission rule is", "permission rules are")} missing: the client will ask before it uses memory and tool results`,
        {
          ...about,
          ...fix,
        },
      ),
    );
  }
  if (short) {
    found.push(
      finding("warning", `the client deletes sessions older than ${file.retention} days, and the group ${group} keeps them ${longest}`, {
        ...about,
        ...fix,
      }),
    );
  }
  return found;
}

/** Never written through: the file it leads to is a person's, or another tool's. */
function linked(account: string, group: string, file: SettingsFile, missing: readonly string[], retention: number | null): Finding {
  const lines = [
    ...missing.map((rule) => `permissions.allow: ${rule}`),
    ...(retention === null ? [] : [`cleanupPeriodDays: ${retention}`]),
  ];
  return finding("warning", `settings.json is a link and is left alone; the file it leads to should say ${lines.join("; ")}`, {
    account,
    where: file.path,
    command: `Add these lines there, or let ccs replace the link by a copy: ccs auth edit ${account} --context-group ${group} --copy-settings`,
  });
}
