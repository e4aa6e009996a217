import { join } from "node:path";
import { applyChange, previewChange } from "../accounts/change.ts";
import { bytesUnder, groupNames } from "../accounts/groups.ts";
import { setStatusLine, statusLineOf } from "../accounts/status-line.ts";
import { ARTIFACTS, groupArtifact } from "../artifacts.ts";
import { type Identity, identityOf } from "../claude/index.ts";
import { type Config, readConfig, requireValid } from "../config/index.ts";
import { list, look } from "../context/disk.ts";
import { actualOf } from "../context/links.ts";
import { withLock } from "../context/lock.ts";
import { PROJECTS, sessionsUnder } from "../context/owners.ts";
import { type Preview, requireUnblocked } from "../context/preview.ts";
import type { Blocker, Progress } from "../context/types.ts";
import { CcsError } from "../errors.ts";
import { groupOf, type Home, instanceOf } from "../paths.ts";
import { type Leaving, leavingAll } from "./leaving.ts";
import { readInstallRecord, standsAt } from "./record.ts";
import { takeAllAway } from "./take-away.ts";

/** What uninstalling comes to, as it is shown before anybody says yes. */
export interface UninstallPreview {
  readonly changes: readonly Preview[];
  /** Accounts whose status line is ours to take out. */
  readonly statusLines: readonly string[];
  /** What of ours cannot be taken out, and why, as sentences. */
  readonly notes: readonly string[];
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
  const leaving = leavingAll(home, config);
  const changes = leaving.changes.map((change) => previewChange(home, change));
  const lines = [...config.accounts.keys()].map((name) => ({ name, line: ourLine(home, name) }));
  const statusLines = lines.flatMap(({ name, line }) => (line === true ? [name] : []));
  const notes = [
    ...leaving.unseen.map((group) => unseenSentence(home, group)),
    ...leaving.remembered.map((group) => rememberedSentence(home, group)),
    ...lines.flatMap(({ line }) => (typeof line === "string" ? [line] : [])),
    ...strayLinks(home, config),
  ];
  const files = Object.keys(record.files).filter((path) => standsAt(record, path) === "ours");
  return {
    changes,
    statusLines,
    notes,
    blockers: changes.flatMap(({ plan }) => plan.blockers),
    sentences: [
      ...changes.flatMap((preview) => preview.sentences),
      ...statusLines.map((name) => `The status line of ccs is taken out of ${join(instanceOf(home, name), "settings.json")}.`),
      ...record.lines.map(({ file }) => `The line of ccs is taken out of ${file}.`),
      ...files.map((path) => `${path} is taken away.`),
      ...notes,
      `Everything under ${home.root} stays: accounts, logins, histories, config.yaml.`,
    ],
  };
}

/** Whether the status line of an account is ours; why it cannot be taken out, as a sentence. */
function ourLine(home: Home, account: string): boolean | string {
  const path = join(instanceOf(home, account), "settings.json");
  try {
    if (statusLineOf(home, account).is !== "ours") return false;
    return look(path)?.kind === "file" || `${path} is a link: take "statusLine" out of the file it leads to.`;
  } catch (error) {
    if (error instanceof CcsError) return `A status line of ccs, where there is one, stays in ${path}: ${error.message}.`;
    throw error;
  }
}

function unseenSentence(home: Home, { group, sessions }: Leaving["unseen"][number]): string {
  const what = sessions === 1 ? "1 session stays" : `${sessions} sessions stay`;
  return `Nobody is in the group ${group}: ${what} in ${groupOf(home, group)}, where no Claude Code looks. To take them along, first: ccs auth edit <account> --context-group ${group}`;
}

function rememberedSentence(home: Home, { group, projects }: Leaving["remembered"][number]): string {
  const where = join(groupArtifact(home, group, PROJECTS), "*", "memory");
  const what = projects === 1 ? "1 project" : `${projects} projects`;
  return `Memory of ${what} in ${group} stays in ${where}: an account takes along only what it had brought. Copy what you want of it to the same place in an account.`;
}

/** Directories beside the accounts' that still lead into a group: they are nobody's, so that nothing is decided for them. */
function strayLinks(home: Home, config: Config): string[] {
  const stray = (list(home.instances) ?? []).filter(({ name, kind }) => kind === "directory" && !config.accounts.has(name));
  return stray.flatMap(({ name }) => {
    const links = ARTIFACTS.filter((artifact) => actualOf(home, name, artifact).is === "our-link");
    if (links.length === 0) return [];
    return [`${join(home.instances, name)} is no account's, and its ${links.map((a) => a.name).join(", ")} still leads to a group.`];
  });
}

export interface UninstallOptions {
  /** Whether a person saw exactly this preview; otherwise what each account's leaving comes to by then is done. */
  readonly approved: boolean;
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Carries it out: accounts first, the program last, so that whatever stops it is mended by uninstalling again.
 * @throws CcsError stale where an account's plan is another by now, busy, refused, failed
 */
export function applyUninstall(home: Home, preview: UninstallPreview, options: UninstallOptions): Uninstalled {
  requireUnblocked(preview);
  for (const change of preview.changes) leave(home, change, options);
  for (const account of preview.statusLines) setStatusLine(home, account, null);
  const left = [...preview.notes];
  const files = withLock(home, "uninstalling ccs", () => takeAllAway(home, left));
  const config = readConfig(home);
  return {
    accounts: [...config.accounts.keys()].map((name) => {
      const instance = instanceOf(home, name);
      return { name, instance, sessions: sessionsUnder(join(instance, "projects")).length, identity: identityOf(instance) };
    }),
    groups: groupNames(home, config).map((name) => ({ name, directory: groupOf(home, name), bytes: bytesUnder(groupOf(home, name)) })),
    files,
    left,
  };
}

/** An account's leaving was planned while the others were there: what a person said yes to is done, or nothing. */
function leave(home: Home, seen: Preview, options: UninstallOptions): void {
  const { intent } = seen.plan;
  const now = previewChange(home, intent);
  if (options.approved && JSON.stringify(now.sentences) !== JSON.stringify(seen.sentences)) {
    throw new CcsError("stale", `leaving means something else for ${intent.account} by now`, {
      untouched: "What was done before it stays done; nothing else was changed.",
      hint: "Look again: ccs uninstall",
    });
  }
  applyChange(home, now, options);
}
