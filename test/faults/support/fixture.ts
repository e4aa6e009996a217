import { bytesOf } from "./bytes.ts";
import { continued, conversation, idOf } from "./transcript.ts";
import { Tree } from "./tree.ts";

/** The accounts of the fixture. `work` is the one that changes; `home` is in the group before it, `spare` elsewhere. */
export const ACCOUNTS = ["work", "home", "spare"] as const;
export type AccountName = (typeof ACCOUNTS)[number];

/** The sessions, by how the two sides hold them. */
export const SESSION = {
  equal: idOf("equal"),
  equalOlder: idOf("equal, the group's is newer, another mode"),
  shorter: idOf("the arriving one is a prefix"),
  longer: idOf("the group's is a prefix"),
  tail: idOf("the arriving one is only a tail"),
  tailThere: idOf("the group's is only a tail"),
  diverged: idOf("diverged"),
  divergedToo: idOf("diverged, with attachments"),
  elsewhere: idOf("the same session in two projects"),
  onlyWork: idOf("only work has it"),
  onlyHome: idOf("only home has it"),
  unowned: idOf("no owner line"),
  lib: idOf("in a project only work has"),
  site: idOf("in a project only home has"),
} as const;

export const APP = "-home-ann-app";
export const LIB = "-home-ann-lib";
const SITE = "-srv-site";
const ODD = bytesOf("-home-ann-odd");

export const CONFIG_COMMENTS = [
  "# My accounts. Do not sort!",
  "# this one pays for itself",
  "# written by another tool",
  "# kept in flow style on purpose",
] as const;

const CONFIG = `${CONFIG_COMMENTS[0]}
default: home   # the quiet one

accounts:
  work:   ${CONFIG_COMMENTS[1]}
    created: "2026-02-24T00:00:00.000Z"
    last_used: null
    colour: 'blue'      # unknown to ccs
  home: { created: "2026-02-25T00:00:00.000Z", last_used: "2026-03-01T10:11:12.000Z" } ${CONFIG_COMMENTS[3]}
  "spare":
    created: "2026-02-26T00:00:00.000Z"
    last_used: null
    context_mode: isolated

${CONFIG_COMMENTS[2]}
cliproxy:
  port: 8317
  text: >-
    folded
    text
  list: [ 1, 2,
          3 ]
`;

export function loginOf(account: string): string {
  return idOf(`login of ${account}`);
}

/** A settings.json of a person: own rules, own retention, nothing of ours. */
function settings(account: string, days: number | null): string {
  const value = {
    model: `model-of-${account}`,
    permissions: { allow: [`Bash(make ${account}:*)`, "Read(//srv/docs/**)"], deny: ["Read(./.env)"] },
    ...(days === null ? {} : { cleanupPeriodDays: days }),
    env: { NOTE: `settings of ${account}` },
  };
  return account === "home" ? JSON.stringify(value, null, "\t") : `${JSON.stringify(value, null, 2)}\n`;
}

/** What differs from one fixture to another. */
export interface FixtureOptions {
  /**
   * How much is in it: everything; one or two of each; or what matters to somebody who leaves. A copy makes seven calls for
   * each file, whatever it is.
   */
  readonly size: "full" | "small" | "leaving";
  /** `cleanupPeriodDays` by account; null leaves it out. */
  readonly retention?: Partial<Record<AccountName, number | null>>;
}

const MORE: readonly string[] = [
  SESSION.equalOlder,
  SESSION.elsewhere,
  SESSION.unowned,
  SESSION.site,
  SESSION.shorter,
  SESSION.tailThere,
  SESSION.lib,
  ...["subagents", "toolu_2", "same.md", ".session-aliases", "longlong", "link-same", "link-other", "pipe-or-file", "empty-file"],
  ...["with a space", "gr\xc3", "llll", "-dash", ".hidden", "twin~2", "\xe9mpty", "todos", ".lock", "into-own", "absolute"],
];

/** What a fixture goes without: names anywhere in a path. */
const LEFT_OUT: Readonly<Record<FixtureOptions["size"], readonly string[]>> = {
  full: [],
  small: MORE,
  leaving: [...MORE, SESSION.longer, SESSION.tail, SESSION.equal, "tasks", "thing", "other", "pointer"],
};

const RETENTION: Record<AccountName, number | null> = { work: null, home: 90, spare: 45 };

/**
 * Three isolated accounts whose histories meet in every way a merge knows.
 * @param root the `CCS_DIR` to write
 */
export function writeFixture(root: string, options: FixtureOptions): void {
  const tree = new Tree(root, (path) => LEFT_OUT[options.size].some((name) => path.includes(name)));
  tree.file("config.yaml", CONFIG);
  for (const account of ACCOUNTS) writeInstance(tree, account, { ...RETENTION, ...options.retention }[account]);
  writeSessions(tree);
  writeOthers(tree);
  writeDeeper(tree);
  writeSpare(tree);
  tree.close();
}

function writeInstance(tree: Tree, account: AccountName, days: number | null): void {
  const at = (path: string) => `instances/${account}/${path}`;
  tree.directory(`instances/${account}`);
  tree.file(at("settings.json"), settings(account, days), { mode: account === "spare" ? 0o644 : 0o600 });
  tree.file(
    at(".credentials.json"),
    JSON.stringify({
      claudeAiOauth: {
        accessToken: `token-${account}`,
        refreshToken: `refresh-of-${account}`,
        expiresAt: 4102444800000,
        scopes: ["user:inference"],
      },
    }),
  );
  tree.file(
    at(".claude.json"),
    JSON.stringify({
      hasCompletedOnboarding: true,
      oauthAccount: { accountUuid: loginOf(account), emailAddress: `${account}@example.invalid` },
    }),
  );
  tree.file(
    at("history.jsonl"),
    `${JSON.stringify({ display: "and now?", timestamp: 1767225600000, project: "/home/ann/app", sessionId: SESSION.onlyHome })}\n`,
  );
  tree.file(at("plans/a-plan.md"), `the plan of ${account}\n`, { mode: 0o640 });
  tree.directory(at("sessions"));
}

/** A transcript of `account` in a project. */
export function putSession(
  tree: Tree,
  account: string,
  session: string,
  text: string,
  look: { mode?: number; at?: number; project?: string } = {},
): void {
  tree.file(`instances/${account}/projects/${look.project ?? APP}/${session}.jsonl`, text, look);
}

const NEW_YEAR = Date.parse("2026-01-01T00:00:00Z") * 1000 + 654_321;
const OLD = Date.parse("1999-12-31T23:59:59Z") * 1000 + 999_999;

function writeSessions(tree: Tree): void {
  const s = SESSION;
  const [work, home] = [loginOf("work"), loginOf("home")];
  const put = (account: AccountName, session: string, text: string, look: { mode?: number; at?: number; project?: string } = {}) =>
    putSession(tree, account, session, text, look);

  put("work", s.equal, conversation(s.equal, home, ["one", "two"]), { at: NEW_YEAR });
  put("home", s.equal, conversation(s.equal, home, ["one", "two"]));
  put("work", s.equalOlder, conversation(s.equalOlder, work, ["uno"]), { at: OLD, mode: 0o644 });
  put("home", s.equalOlder, conversation(s.equalOlder, work, ["uno"]), { at: NEW_YEAR });
  put("work", s.shorter, conversation(s.shorter, home, ["a", "b"]));
  put("home", s.shorter, conversation(s.shorter, home, ["a", "b", "c"]));
  put("work", s.longer, conversation(s.longer, work, ["a", "b", "c", "d"]));
  put("home", s.longer, conversation(s.longer, work, ["a", "b"]), { mode: 0o640 });
  put("work", s.tail, continued(s.tail, ["k", "l", "m"], 2), { at: NEW_YEAR });
  put("home", s.tail, conversation(s.tail, home, ["k", "l"]));
  put("work", s.tailThere, conversation(s.tailThere, work, ["k", "l"]));
  put("home", s.tailThere, continued(s.tailThere, ["k", "l", "m", "n"], 2), { at: NEW_YEAR });
  put("work", s.diverged, conversation(s.diverged, home, ["root", "by work"]), { mode: 0o400 });
  put("home", s.diverged, conversation(s.diverged, home, ["root", "by home"]));
  put("work", s.divergedToo, conversation(s.divergedToo, work, ["start", "left", "far left"]));
  put("home", s.divergedToo, conversation(s.divergedToo, work, ["start", "right"]));
  put("work", s.elsewhere, conversation(s.elsewhere, null, ["here"]), { project: LIB });
  put("home", s.elsewhere, conversation(s.elsewhere, null, ["here", "there"]), { project: SITE });
  put("work", s.onlyWork, conversation(s.onlyWork, work, ["mine", "all mine"]), { at: OLD });
  put("home", s.onlyHome, conversation(s.onlyHome, home, ["ours"]));
  put("work", s.unowned, conversation(s.unowned, null, ["from an older client"]));
  put("work", s.lib, conversation(s.lib, work, ["lib"]), { project: LIB });
  put("home", s.site, conversation(s.site, home, ["site"]), { project: SITE });
  for (const account of ["work", "home"] as const) {
    const app = `instances/${account}/projects/${APP}`;
    tree.file(`${app}/${s.divergedToo}/tool-results/toolu_1.txt`, `result of ${account}\n`);
    tree.file(
      `${app}/${s.divergedToo}/subagents/agent-1.jsonl`,
      `${JSON.stringify({ type: "user", sessionId: s.divergedToo, uuid: idOf(account), parentUuid: null })}\n`,
    );
    tree.file(`${app}/${s.equal}/tool-results/toolu_2.txt`, "the same result\n");
  }
  tree.directory(`instances/work/projects/${LIB}`, { mode: 0o750, at: OLD });
  tree.directory(`instances/work/projects/${LIB}/${s.lib}/tool-results`, { mode: 0o755 });
}

/** Everything in `projects` that is no transcript. */
function writeOthers(tree: Tree): void {
  const at = (account: AccountName, path: string) => `instances/${account}/projects/${APP}/${path}`;
  for (const account of ["work", "home"] as const) {
    tree.file(at(account, "memory/MEMORY.md"), `# What ${account} remembers\n`);
    tree.file(at(account, "memory/same.md"), "the same\n");
    tree.file(at(account, "notes.txt"), `notes of ${account}\n`, { mode: account === "work" ? 0o640 : 0o600 });
    tree.file(at(account, ".session-aliases"), `${account}\n`);
    tree.file(at(account, `${"long".repeat(62)}.md`), `the long name of ${account}\n`);
    tree.link(at(account, "link-same"), "notes.txt");
    tree.link(at(account, "link-other"), account === "work" ? "memory" : "notes.txt");
  }
  tree.file(at("work", "thing"), "a file\n");
  tree.file(at("home", "thing/inside.txt"), "in a directory\n");
  tree.file(at("work", "other/inside.txt"), "in a directory\n");
  tree.file(at("home", "other"), "a file\n", { mode: 0o400 });
  tree.link(at("work", "pointer"), "../elsewhere");
  tree.file(at("home", "pointer"), "no link\n");
  tree.fifo(at("work", "pipe"), { mode: 0o622 });
  tree.fifo(at("work", "pipe-or-file"));
  tree.file(at("home", "pipe-or-file"), "a file\n");

  tree.link(at("work", "absolute"), "/srv/docs/read me");
  tree.link(at("work", "dangling"), "nowhere/at all");
  tree.link(at("work", "into-own"), `${tree.root}/instances/work/projects/${LIB}`);
  tree.directory(at("work", "empty"), { mode: 0o755, at: OLD });
  tree.file(at("work", "run.sh"), "#!/bin/sh\n", { mode: 0o755, at: OLD });
  tree.file(at("work", "empty-file"), "");

  const odd = (name: string) => `instances/work/projects/${ODD}/${name}`;
  tree.file(odd("with a space"), "1");
  tree.file(odd("with\na newline"), "2");
  tree.file(odd("not\xff\xfeutf8"), "3");
  tree.file(odd(bytesOf("größe-日本-🙂.md")), "4");
  tree.file(odd("l".repeat(255)), "5");
  tree.file(odd("-dash"), "6", { mode: 0o400 });
  tree.file(odd(".hidden/.deeper/file"), "7");
  tree.file(odd("twin~2"), "8");
  tree.directory(odd("\xe9mpty"), { mode: 0o711 });
  tree.link(odd("link-\xff"), "not\xff\xfeutf8");
  tree.file(`instances/home/projects/${ODD}/not\xff\xfeutf8`, "three");
}

function writeDeeper(tree: Tree): void {
  const s = SESSION;
  for (const account of ["work", "home"] as const) {
    const at = (path: string) => `instances/${account}/${path}`;
    tree.file(at(`file-history/${s.divergedToo}/0123456789abcdef@v2`), `before, ${account}\n`);
    tree.file(at(`file-history/${s.equal}/0123456789abcdef@v2`), "before\n");
    tree.file(at(`file-history/${s.tail}/fedcba9876543210@v2`), `checkpoint of ${account}\n`, { mode: 0o400 });
    tree.file(at(`tasks/${s.divergedToo}/1.json`), `{"by":"${account}"}\n`);
    tree.file(at(`tasks/${s.divergedToo}/.lock`), "");
    tree.directory(at(`session-env/${s.divergedToo}`));
    tree.file(at(`todos/${s.diverged}-agent-${s.diverged}.json`), `["${account}"]\n`);
    tree.file(at("shell-snapshots/snapshot-bash-1.sh"), `# ${account}\n`, { mode: 0o755 });
  }
  tree.file(`instances/work/file-history/${s.onlyWork}/aaaaaaaaaaaaaaaa@v1`, "mine\n", { at: OLD });
  tree.file(`instances/home/file-history/${s.onlyHome}/bbbbbbbbbbbbbbbb@v1`, "theirs\n");
  tree.directory(`instances/work/session-env/${s.onlyWork}`, { mode: 0o755 });
  tree.file(`instances/home/tasks/${s.onlyHome}/2.json`, "{}\n");
}

/** A third account with a little of its own, some of it met again in the others. */
function writeSpare(tree: Tree): void {
  const s = SESSION;
  const app = `instances/spare/projects/${APP}`;
  putSession(tree, "spare", s.equal, conversation(s.equal, loginOf("home"), ["one", "two", "three by spare"]));
  putSession(tree, "spare", s.onlyWork, conversation(s.onlyWork, loginOf("work"), ["mine", "continued by spare"]));
  tree.file(`${app}/memory/MEMORY.md`, "# What spare remembers\n");
  tree.file(`${app}/notes.txt`, "notes of spare\n");
  tree.link(`${app}/run.sh`, "elsewhere.sh");
  tree.file(`instances/spare/file-history/${s.onlyWork}/aaaaaaaaaaaaaaaa@v1`, "mine\n");
}
