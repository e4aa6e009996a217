import { join } from "node:path";
import { instanceOf } from "../../paths.ts";
import { look, readText } from "../disk/look.ts";
import { membersOf } from "../members.ts";
import { readSettingsRules } from "../records.ts";
import { readSettings, type Settings, wantedRules } from "../settings.ts";
import type { SettingsEdit } from "../types.ts";
import { stagingOf } from "./slots.ts";
import type { World } from "./world.ts";

function settingsOf(w: World, account: string): { path: string; text: string | null; settings: Settings } {
  const path = join(instanceOf(w.home, account), "settings.json");
  const text = readText(path);
  return { path, text, settings: readSettings(path, text) };
}

/** Before linking: our permission rules, and the longest retention in the group for every member. */
export function planSettingsBefore(w: World): void {
  const { intent } = w;
  if (intent.to.mode !== "shared") return;
  const group = intent.to.group;
  const own = settingsOf(w, intent.account);
  const others = membersOf(w.config, group).filter((m) => m !== intent.account);
  const retentions = [own.settings.retention, ...others.map((m) => settingsOf(w, m).settings.retention)];
  const longest = Math.max(...retentions);
  const rules = wantedRules(w.home, group);
  if (own.settings.retention < longest && w.running.length > 0 && look(join(w.instance, "projects"))?.kind !== "link") {
    w.blockers.push({
      code: "busy",
      message: `joining has to wait: a client of ${intent.account} is running (process ${w.running[0]?.pid}) that deletes sessions older than ${own.settings.retention} days, and the group ${group} keeps them ${longest}`,
      where: own.path,
      hint: "Close it, then run the command again.",
    });
  }
  planEdit(
    w,
    intent.account,
    { add: rules.filter((r) => !own.settings.allow.includes(r)), remove: stale(w, rules), retention: longest },
    "main",
  );
  for (const member of others) planEdit(w, member, { add: [], remove: [], retention: longest }, "main");
}

/** Rules we added for a group the account leaves. */
function stale(w: World, wanted: readonly string[]): string[] {
  return readSettingsRules(w.home, w.intent.accountId).filter((r) => !wanted.includes(r));
}

/** After unlinking: exactly the rules we added go again. Retention is never lowered. */
export function planSettingsAfter(w: World): void {
  if (w.intent.to.mode === "shared") return;
  planEdit(w, w.intent.account, { add: [], remove: stale(w, []), retention: null }, "sweep");
}

function planEdit(w: World, account: string, edit: SettingsEdit, when: "main" | "sweep"): void {
  const { path, settings } = settingsOf(w, account);
  const remove = edit.remove.filter((r) => settings.allow.includes(r));
  const short = settings.retentionInvalid || (edit.retention ?? 0) > settings.retention;
  const retention = edit.retention !== null && short ? edit.retention : null;
  const staged = join(stagingOf(w.mine, w.intent.id), "settings.json");
  if (account === w.intent.account && look(staged) !== null) w.steps.main.push({ do: "copy-settings", path, account, staged });
  // A recorded rule that is no longer there still leaves the record: whoever writes it next is the person.
  if (edit.add.length === 0 && edit.remove.length === 0 && retention === null) return;
  const changes = edit.add.length > 0 || remove.length > 0 || retention !== null;
  if (changes && look(path)?.kind === "link" && look(staged) === null) {
    if (!planLinkedSettings(w, account, path, staged, { ...edit, remove, retention })) return;
  }
  if (retention !== null) w.steps.summary.retention.push({ account, from: settings.retention, to: retention });
  if (edit.add.length > 0 || remove.length > 0) w.steps.summary.settings.push({ account, path, add: edit.add, remove });
  w.steps[when].push({ do: "edit-settings", path, account, edit: { add: edit.add, remove: edit.remove, retention } });
}

/** A settings.json that is a link is never written through: replaced by a real copy where a person agreed, or left. @returns whether to go on */
function planLinkedSettings(w: World, account: string, path: string, staged: string, edit: SettingsEdit): boolean {
  if (account === w.intent.account && w.intent.copySettings) {
    w.steps.main.push({ do: "copy-settings", path, account, staged });
    w.steps.summary.notes.push(`${path} is a link; a real copy takes its place.`);
    return true;
  }
  const lines = [
    ...edit.add.map((r) => `permissions.allow: ${r}`),
    ...(edit.retention === null ? [] : [`cleanupPeriodDays: ${edit.retention}`]),
  ];
  const joins = look(join(w.instance, "projects"))?.kind !== "link";
  if (account === w.intent.account && edit.add.length > 0 && joins) {
    w.blockers.push({
      code: "refused",
      message: `the settings.json of ${account} is a link, and a shared account needs settings of its own there: ${lines.join("; ")}`,
      where: path,
      hint: "Let ccs replace the link by a real copy with --copy-settings, or add these lines to the file it leads to.",
      unless: "copySettings",
    });
  } else {
    w.steps.summary.notes.push(
      `The settings.json of ${account} is a link and is left alone; it should say ${lines.join("; ") || "no more than before"}.`,
    );
  }
  return false;
}
