import { randomUUID } from "node:crypto";
import { readConfig, requireValid } from "../config/index.ts";
import { CcsError } from "../errors.ts";
import { type Home, instanceOf } from "../paths.ts";
import { type ContextPolicy, checkAccountName, describePolicy } from "../policy/index.ts";
import { loginIn } from "./login-files.ts";
import type { MovePreview } from "./move.ts";
import { requireRemoved } from "./removed.ts";
import { acrossBlockers, targetBlockers } from "./rename.ts";

/**
 * What bringing a removed account back comes to: its instance and its entry in config.yaml, isolated. Reads only.
 * @param wanted its name, or the dated name of one of several
 * @param as the name it gets; null: the one it had
 * @throws CcsError not-found, usage or exists for the name, config-invalid
 */
export function previewRestore(home: Home, wanted: string, as: string | null): MovePreview {
  const config = readConfig(home);
  requireValid(config);
  const found = requireRemoved(home, wanted);
  const { record, path, dated } = found;
  const name = as ?? found.account;
  const untouched = "Nothing was changed.";
  const checked = checkAccountName(name);
  if (!checked.ok) throw new CcsError("usage", checked.message, { untouched });
  const free = checkAccountName(name, config.accounts.keys());
  if (!free.ok) {
    const hint = `Give it another name: ccs auth restore ${wanted} --as <name>`;
    throw new CcsError("exists", free.message, { where: config.file, untouched, hint });
  }
  const blockers = [...targetBlockers(home, dated, name), ...acrossBlockers(name, path, home.instances)];
  const others = record?.entry.others ?? [];
  const sentences = [
    `${name} comes back, isolated: ${path} becomes ${instanceOf(home, name)}.`,
    ...(loginIn(path).length === 0 ? [`Nobody is logged in: ccs auth login ${name}`] : []),
    ...(record?.policy?.mode === "shared" ? [`It was ${describePolicy(record.policy)}; share again: ${joining(name, record.policy)}`] : []),
    ...(others.length > 0 ? [`config.yaml also held this of it, to be added by hand: ${others.join("; ")}`] : []),
  ];
  const { created, last_used, ...rest } = record?.entry.keys ?? {};
  const began = new Date().toISOString();
  return {
    home,
    move: {
      version: 1,
      do: "restore",
      account: name,
      accountId: record?.id ?? randomUUID(),
      began,
      configWritten: false,
      to: null,
      aside: dated,
      take: "none",
      keepLogin: true,
      entry: { keys: { created: created ?? began, last_used: last_used ?? null, ...rest, context_mode: "isolated" }, others, text: "" },
      policy: null,
    },
    sentences,
    blockers,
    leaving: null,
    digest: JSON.stringify([name, dated, sentences]),
    again: () => previewRestore(home, wanted, as),
  };
}

function joining(account: string, policy: ContextPolicy & { mode: "shared" }): string {
  return `ccs auth edit ${account} --context-group ${policy.group}${policy.continuity === "deeper" ? " --deeper-continuity" : ""}`;
}
