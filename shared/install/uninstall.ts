import { basename, dirname, join } from "node:path";
import { applyChange, previewChange } from "../accounts/change.ts";
import { bytesUnder } from "../accounts/groups.ts";
import { setStatusLine, statusLineOf } from "../accounts/status-line.ts";
import { type Identity, identityOf } from "../claude/index.ts";
import { type Config, readConfig, requireValid } from "../config/index.ts";
import { editFile, look, Moved, readText, removeEmptyDirectory, removeOurs } from "../context/disk.ts";
import { failedDoing } from "../context/half-way.ts";
import { withLock } from "../context/lock.ts";
import { membersOf } from "../context/members.ts";
import { sessionsOf, sessionsUnder } from "../context/owners.ts";
import { decideTaking } from "../context/plan/take.ts";
import { type Preview, requireUnblocked } from "../context/preview.ts";
import type { Blocker, Change, Progress } from "../context/types.ts";
import { CcsError } from "../errors.ts";
import { groupOf, type Home, instanceOf } from "../paths.ts";
import { ISOLATED } from "../policy/index.ts";
import { type InstallRecord, readInstallRecord, standsAt, writeInstallRecord } from "./record.ts";

/** What uninstalling comes to, as it is shown before anybody says yes. */
export interface UninstallPreview {
  readonly changes: readonly Preview[];
  /** Accounts whose status line is ours. */
  readonly statusLines: readonly string[];
  readonly record: InstallRecord;
  readonly sentences: readonly string[];
  readonly blockers: readonly Blocker[];
}

/** Where everything is afterwards. */
export interface Uninstalled {
  readonly accounts: readonly {
    readonly name: string;
    /** To be handed over as `CLAUDE_CONFIG_DIR`. */
    readonly instance: string;
    readonly sessions: number;
    readonly identity: Identity;
  }[];
  /** Histories of groups, which stay where they are. */
  readonly groups: readonly { readonly name: string; readonly directory: string; readonly bytes: number }[];
  /** Files that were taken away. */
  readonly files: readonly string[];
  /** What of ours was left, and why, as sentences. */
  readonly left: readonly string[];
}

/**
 * What uninstalling comes to: every account becomes isolated, with a copy of its own sessions, and one of each group with
 * those that are nobody's in particular, so that a client finds every session where it looks; our rules and status lines go
 * from settings.json; what `ccs install` wrote is taken away. Accounts, logins, groups and config.yaml stay. Reads only.
 * @throws CcsError config-invalid, refused
 */
export function previewUninstall(home: Home): UninstallPreview {
  const record = readInstallRecord(home);
  const config = readConfig(home);
  requireValid(config);
  const changes = leavingAll(home, config).map((change) => previewChange(home, change));
  const statusLines = [...config.accounts.keys()].filter((name) => hasOurLine(home, name));
  const files = Object.keys(record.files).filter((path) => standsAt(record, path) === "ours");
  return {
    changes,
    statusLines,
    record,
    blockers: changes.flatMap(({ plan }) => plan.blockers),
    sentences: [
      ...changes.flatMap((preview) => preview.sentences),
      ...statusLines.map((name) => `The status line of ccs is taken out of ${join(instanceOf(home, name), "settings.json")}.`),
      ...record.lines.map(({ file }) => `The line of ccs is taken out of ${file}.`),
      ...files.map((path) => `${path} is taken away.`),
      `Everything under ${home.root} stays: accounts, logins, histories, config.yaml.`,
    ],
  };
}

/** One leaving for each shared account. What is no account's own goes to the default account, or the first of its group. */
function leavingAll(home: Home, config: Config): Change[] {
  const groups = new Set([...config.accounts.values()].flatMap(({ policy }) => (policy?.mode === "shared" ? [policy.group] : [])));
  return [...groups].flatMap((group) => {
    const members = membersOf(config, group);
    const own = new Set(members.flatMap((account) => decideTaking(home, config, account, group, "mine", []).taken));
    const rest = [...new Set(sessionsOf(home, group).map(({ id }) => id))].filter((id) => !own.has(id));
    const heir = members.find((account) => account === config.default) ?? members[0];
    return members.map((account) => ({
      account,
      to: ISOLATED,
      take: "mine" as const,
      takeSessions: account === heir ? rest : [],
      copySettings: false,
    }));
  });
}

/** A settings.json that cannot be read says so where it is changed: by the change itself, or by nobody. */
function hasOurLine(home: Home, account: string): boolean {
  try {
    return statusLineOf(home, account).is === "ours" && look(join(instanceOf(home, account), "settings.json"))?.kind === "file";
  } catch (error) {
    if (error instanceof CcsError) return false;
    throw error;
  }
}

/**
 * Carries it out: accounts first, the program last, so that whatever stops it is mended by uninstalling again.
 * @throws CcsError stale where an account's plan is another by now, busy, refused, failed
 */
export function applyUninstall(home: Home, preview: UninstallPreview, onProgress?: (progress: Progress) => void): Uninstalled {
  requireUnblocked(preview);
  for (const change of preview.changes) leave(home, change, onProgress);
  for (const account of preview.statusLines) setStatusLine(home, account, null);
  const left: string[] = [];
  const files = withLock(home, "uninstalling ccs", () => {
    for (const { file, line } of preview.record.lines) takeLineOut(home, file, line);
    return Object.keys(preview.record.files).filter((path) => takeAway(home, path, left));
  });
  const config = readConfig(home);
  return {
    accounts: [...config.accounts.keys()].map((name) => {
      const instance = instanceOf(home, name);
      return { name, instance, sessions: sessionsUnder(join(instance, "projects")).length, identity: identityOf(instance) };
    }),
    groups: groupsThere(home, preview),
    files,
    left,
  };
}

/** An account's leaving was planned while the others were there: what a person said yes to is done, or nothing. */
function leave(home: Home, seen: Preview, onProgress?: (progress: Progress) => void): void {
  const { intent } = seen.plan;
  const now = previewChange(home, intent);
  if (JSON.stringify(now.sentences) !== JSON.stringify(seen.sentences)) {
    throw new CcsError("stale", `leaving means something else for ${intent.account} by now`, {
      untouched: "What was done before it stays done; nothing else was changed.",
      hint: "Look again: ccs uninstall",
    });
  }
  applyChange(home, now, { approved: true, ...(onProgress === undefined ? {} : { onProgress }) });
}

function groupsThere(home: Home, { changes }: UninstallPreview): Uninstalled["groups"] {
  const names = new Set(changes.flatMap(({ plan }) => (plan.intent.from?.mode === "shared" ? [plan.intent.from.group] : [])));
  return [...names].map((name) => ({ name, directory: groupOf(home, name), bytes: bytesUnder(groupOf(home, name)) }));
}

/** @returns whether it was taken away */
function takeAway(home: Home, path: string, left: string[]): boolean {
  const record = readInstallRecord(home);
  const stands = standsAt(record, path);
  if (stands === "theirs") left.push(`${path} is not as it was installed, and stays.`);
  try {
    if (stands === "ours") removeOurs(path);
    removeOurDirectory(dirname(path));
  } catch (error) {
    throw failedDoing(`taking ${path} away`, error);
  }
  const { [path]: _, ...files } = record.files;
  writeInstallRecord(home, { ...record, files });
  return stands === "ours";
}

/** `~/.local/share/ccs/completions` is ours alone, and goes with what was in it. */
function removeOurDirectory(path: string): void {
  if (basename(dirname(path)) === "ccs" && look(path) !== null && removeEmptyDirectory(path)) removeEmptyDirectory(dirname(path));
}

function takeLineOut(home: Home, file: string, line: string): void {
  const text = readText(file);
  const lines = text?.split("\n") ?? [];
  const at = lines.findIndex((found) => found.replace(/\r$/, "") === line);
  if (text !== null && at >= 0) {
    try {
      editFile(file, text, lines.toSpliced(at, 1).join("\n"), look(file)?.mode ?? 0o644);
    } catch (error) {
      if (!(error instanceof Moved)) throw failedDoing(`taking the line of ccs out of ${file}`, error);
      throw new CcsError("stale", `${file} was changed by somebody else at this moment`, {
        where: file,
        untouched: "It was left as it is.",
        hint: "Run the command again.",
      });
    }
  }
  const record = readInstallRecord(home);
  writeInstallRecord(home, { ...record, lines: record.lines.filter((known) => known.file !== file || known.line !== line) });
}
