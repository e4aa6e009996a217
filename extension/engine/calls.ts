/**
 * What the engine's thread answers. Each call is a use case of shared and a shape that can be sent: nothing is decided here.
 */
import { homedir } from "node:os";
import {
  type AccountReport,
  applyChange,
  applyImport,
  applyMove,
  type Blocker,
  CcsError,
  type Change,
  CONTINUITY_ANSWERS,
  type ConfigProblem,
  type ContextPolicy,
  checkAccountName,
  clientStart,
  configJsonSchema,
  createAccount,
  describePolicy,
  displayPath,
  fixDoctor,
  fixSentences,
  type Home,
  homeOf,
  type ImportWish,
  listAccounts,
  listGroups,
  MODE_ANSWERS,
  membersText,
  normaliseGroup,
  type Preview,
  type Progress,
  parseConfig,
  previewChange,
  previewImport,
  previewRemoval,
  previewRestore,
  type QuickFix,
  quickFixes,
  REWIND,
  type RunningClient,
  readConfig,
  realDirectory,
  removedAccounts,
  requireAccount,
  ruleFor,
  runDoctor,
  type Standing,
  type Standpoint,
  setDefault,
  setDirectory,
  settingsCopy,
  showAccount,
  standingOf,
  type Take,
  takeAnswers,
  takeChoices,
  undoing,
} from "../../shared/index.ts";

/** An account as the tree shows it. */
export interface Row {
  readonly report: AccountReport;
  readonly standing: Standing;
  /** All accounts of its group, itself among them; one list for all rows of a group. */
  readonly group: readonly Member[];
}

export interface Member {
  readonly account: string;
  readonly continuity: "standard" | "deeper";
}

export interface Snapshot {
  readonly rows: readonly Row[];
  readonly config: string;
  /** What config.yaml says that cannot be followed. */
  readonly problems: readonly { readonly line: number; readonly col: number; readonly message: string }[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Something that would be done, to be shown before anybody says yes. */
export interface Proposal {
  /** Names it for `apply`; null where something stands in its way. */
  readonly token: string | null;
  readonly sentences: readonly string[];
  readonly blockers: readonly Blocker[];
  /** Clients of the account that run now. */
  readonly running: readonly RunningClient[];
  /** Whether replacing the link that settings.json is by a copy would clear the way. */
  readonly copies: boolean;
}

/** What was done. */
export interface Done {
  /** A sentence. */
  readonly said: string;
  readonly account: string;
  /** What takes it back. */
  readonly back: "undo" | "restore" | null;
}

/** What a call may use. */
export interface Asking {
  readonly home: Home;
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress: (progress: Progress) => void;
  /** Keeps what a proposal was made of. @returns its name */
  readonly keep: (apply: (onProgress: (progress: Progress) => void) => Done) => string;
  /** What was kept under a name; undefined where that was too long ago. */
  readonly kept: (token: string) => ((onProgress: (progress: Progress) => void) => Done) | undefined;
}

export function homeHere(env: NodeJS.ProcessEnv): Home {
  return homeOf(env, env["HOME"] || homedir(), process.cwd());
}

function snapshot({ home }: Asking): Snapshot {
  const now = Date.now();
  const config = readConfig(home);
  const reports = listAccounts(home, now, config);
  const groups = new Map<string, Member[]>();
  const rows = reports.map((report): Row => {
    const { name, policy } = report;
    const standing = standingOf(report, now);
    if (policy?.mode !== "shared") return { report, standing, group: [] };
    const group = groups.get(policy.group) ?? [];
    groups.set(policy.group, group);
    group.push({ account: name, continuity: policy.continuity });
    return { report, standing, group };
  });
  return { rows, config: home.config, problems: config.problems.map(({ line, col, message }) => ({ line, col, message })), now };
}

/** What a tooltip tells beyond the row: counted only where somebody looks. */
function details({ home }: Asking, account: string) {
  const report = showAccount(home, account, Date.now());
  const group = report.policy?.mode === "shared" ? report.policy.group : null;
  const found = group === null ? undefined : listGroups(home).find(({ name }) => name === group);
  return { report, group: found === undefined ? null : { name: found.name, members: found.members.length, sessions: found.sessions } };
}

/** Everything the questions of Edit History Sync go by. */
export interface SyncChoices {
  /** null where the account is new, or config.yaml says something that does not parse. */
  readonly policy: ContextPolicy | null;
  readonly now: string | null;
  readonly modes: typeof MODE_ANSWERS;
  readonly groups: readonly { readonly name: string; readonly members: string; readonly sessions: number }[];
  readonly continuities: typeof CONTINUITY_ANSWERS;
  readonly rewind: string;
  readonly takes: ReturnType<typeof takeAnswers>;
}

function syncChoices({ home }: Asking, account: string): SyncChoices {
  const { policy } = requireAccount(readConfig(home), account);
  const takes = policy?.mode === "shared" ? takeAnswers(takeChoices(home, account)) : [];
  return { ...newChoices({ home }), policy, now: policy === null ? null : describePolicy(policy), takes };
}

/** The same for an account that is not there yet. */
function newChoices({ home }: Pick<Asking, "home">): SyncChoices {
  return {
    policy: null,
    now: null,
    modes: MODE_ANSWERS,
    groups: listGroups(home).map((group) => ({ name: group.name, members: membersText(group), sessions: group.sessions })),
    continuities: CONTINUITY_ANSWERS,
    rewind: REWIND,
    takes: [],
  };
}

function changeProposal(asking: Asking, preview: Preview, back: Done["back"]): Proposal {
  const { home, keep } = asking;
  const { plan, sentences } = preview;
  const { account } = plan.intent;
  const token =
    plan.blockers.length > 0 || sentences.length === 0
      ? null
      : keep((onProgress) => {
          const report = applyChange(home, preview, { approved: true, onProgress });
          return { said: `${account} is ${describePolicy(report.to)}.`, account, back };
        });
  return {
    token,
    sentences,
    blockers: plan.blockers,
    running: plan.running,
    copies: settingsCopy(home, preview) !== null,
  };
}

function proposeChange(asking: Asking, change: Change): Proposal {
  return changeProposal(asking, previewChange(asking.home, change), "undo");
}

/** The account whose change would be taken back where none is named; null where that is none's. */
function lastChanged({ home }: Asking): string | null {
  try {
    return undoing(home, null).account;
  } catch (error) {
    if (error instanceof CcsError && error.code === "refused") return null;
    throw error;
  }
}

function proposeUndo(asking: Asking, account: string, copySettings: boolean): Proposal {
  return changeProposal(asking, previewChange(asking.home, { ...undoing(asking.home, account), copySettings }), "undo");
}

function proposeRemoval({ home, keep }: Asking, account: string, take: Take): Proposal {
  const seen = previewRemoval(home, { account, take, keepLogin: false });
  const apply = () => {
    applyMove(seen, { approved: true });
    return { said: `${account} is removed; its directory is set aside.`, account, back: "restore" } as const;
  };
  return moveProposal(seen, seen.blockers.length > 0 ? null : keep(apply));
}

function proposeRestore({ home, keep }: Asking, wanted: string): Proposal {
  const seen = previewRestore(home, wanted, null);
  const { account } = seen.move;
  const apply = () => {
    applyMove(seen, { approved: true });
    return { said: `${account} is back, isolated.`, account, back: null };
  };
  return moveProposal(seen, seen.blockers.length > 0 ? null : keep(apply));
}

/** What is at hand to import: `~/.claude`, or a directory somebody chose. */
function importChoices({ home, env }: Asking, directory: string | null) {
  const { account, from, secrets } = previewImport(home, { directory, name: null, withSecrets: false }, standpoint(env), new Date());
  return { account, from, secrets };
}
export type ImportChoices = ReturnType<typeof importChoices>;

function proposeImport({ home, env, keep }: Asking, wish: ImportWish): Proposal {
  const seen = previewImport(home, wish, standpoint(env), new Date());
  const apply = (onProgress: Asking["onProgress"]): Done => {
    const { account, from } = seen;
    applyImport(home, seen, { approved: true, onProgress });
    return { said: `${account} has what ${displayPath(from)} holds.`, account, back: null };
  };
  return moveProposal(seen, seen.blockers.length > 0 || seen.sentences.length === 0 ? null : keep(apply));
}

/** A folder's path is always whole here: nothing is relative to where the editor happened to be started. */
function standpoint(env: NodeJS.ProcessEnv): Standpoint {
  const userHome = env["HOME"] || homedir();
  return { userHome, cwd: userHome };
}

function moveProposal(
  seen: { readonly sentences: readonly string[]; readonly blockers: readonly Blocker[] },
  token: string | null,
): Proposal {
  return { token, sentences: seen.sentences, blockers: seen.blockers, running: [], copies: false };
}

function apply({ kept, onProgress }: Asking, token: string): Done | null {
  return kept(token)?.(onProgress) ?? null;
}

/** The account a client started in a folder gets, and why. */
function which({ home }: Asking, folder: string | null) {
  const config = readConfig(home);
  const rule = folder === null ? null : ruleFor(config.directories, folder);
  const account = rule?.account ?? config.default;
  const policy = account === null ? null : (config.accounts.get(account)?.policy ?? null);
  return {
    account,
    why: rule !== null ? ("directory" as const) : account !== null ? ("default" as const) : ("none" as const),
    rule: rule?.directory ?? null,
    known: account === null || config.accounts.has(account),
    context: policy === null ? null : describePolicy(policy),
    names: [...config.accounts.keys()],
  };
}
export type Which = ReturnType<typeof which>;

function doctor({ home, env }: Asking) {
  return { checks: runDoctor(home, { env, now: Date.now() }).checks, config: home.config };
}

/** What mending comes to. @param ids of results; null: of all that need no choice */
function proposeFix(asking: Asking, ids: readonly string[] | null): Proposal {
  const { home, env, keep } = asking;
  const { checks } = doctor(asking);
  const sentences = fixSentences(checks.filter(({ id }) => ids?.includes(id) ?? true));
  const mend = (onProgress: Asking["onProgress"]): Done => {
    const only = ids === null ? {} : { only: ids };
    const { fixed, failed } = fixDoctor(home, { env, now: Date.now(), approved: sentences, onProgress, ...only });
    const said = failed.length > 0 ? failed.map((sentence) => `${sentence}.`).join(" ") : mended(fixed.length);
    return { said, account: "ccs", back: null };
  };
  return moveProposal({ sentences, blockers: [] }, sentences.length === 0 ? null : keep(mend));
}

function mended(number: number): string {
  return number === 1 ? "1 problem is mended." : `${number} problems are mended.`;
}

/** What is wrong with the text of config.yaml as it stands in an editor, saved or not, and what it could be instead. */
function checkConfig({ home }: Asking, text: string): readonly CheckedProblem[] {
  const config = parseConfig(home.config, text);
  return config.problems.map((problem) => ({ ...problem, fixes: quickFixes(config, problem) }));
}

export interface CheckedProblem extends ConfigProblem {
  readonly fixes: readonly QuickFix[];
}

/** What can stand in config.yaml: its schema, and the names there are. */
function configWords({ home }: Asking) {
  const config = readConfig(home);
  return { schema: configJsonSchema(), accounts: [...config.accounts.keys()], groups: listGroups(home, config).map(({ name }) => name) };
}

export const CALLS = {
  /** Where config.yaml lies, and where its links lead. */
  configFile: ({ home }: Asking) => ({ file: home.config, real: realDirectory(home.config) }),
  checkConfig,
  configWords,
  snapshot,
  details,
  syncChoices,
  newChoices,
  importChoices,
  which,
  /** What is wrong with the name of a group; null where nothing is. */
  checkGroup: (_: Asking, raw: string): string | null => {
    const named = normaliseGroup(raw);
    return named.ok ? null : `The name ${named.message}`;
  },
  groupName: (_: Asking, raw: string): string => {
    const named = normaliseGroup(raw);
    return named.ok ? named.name : raw;
  },
  /** What is wrong with the name of a new account; null where nothing is. */
  checkAccount: ({ home }: Asking, raw: string): string | null => {
    const named = checkAccountName(raw, readConfig(home).accounts.keys());
    return named.ok ? null : named.message;
  },
  createAccount: ({ home }: Asking, name: string, policy: ContextPolicy): string => createAccount(home, name, policy, new Date()).name,
  setDefault: ({ home }: Asking, account: string): void => setDefault(home, account),
  useForFolder: ({ home }: Asking, folder: string, account: string | null): string => setDirectory(home, folder, account).directory,
  removed: ({ home }: Asking) =>
    removedAccounts(home)
      .filter(({ whole }) => whole)
      .reverse()
      .map(({ account, dated, record }) => ({ account, dated, at: record?.at ?? null })),
  clientStart: ({ home, env }: Asking, account: string) => clientStart(home, account, env),
  proposeChange,
  lastChanged,
  proposeUndo,
  proposeRemoval,
  proposeRestore,
  proposeImport,
  proposeFix,
  doctor,
  apply,
} satisfies Record<string, (asking: Asking, ...args: never[]) => unknown>;

export type Calls = typeof CALLS;
