import { copyFileSync, rmSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { APP, LIB, loginOf, SESSION, writeFixture } from "./fixture.ts";
import { must } from "./program.ts";
import { pretendRunning } from "./running.ts";
import { conversation, idOf } from "./transcript.ts";
import { Tree } from "./tree.ts";
import { giveAway } from "./unprivileged.ts";

/** One change a person can ask for. */
export interface Step {
  readonly name: string;
  /** What is typed, after `ccs`. */
  readonly words: readonly string[];
  /** A directory in which not a byte may change, whenever the run ends. */
  readonly untouched?: string;
  /** A directory that gets another place: what of a path is read as its old one. */
  readonly moved?: { readonly from: string; readonly to: RegExp };
  /** What is meant to be gone or edited after it: a login. */
  readonly loses?: RegExp;
  /** A change it makes on its way: what that leaves of files people write is no torn state. */
  readonly via?: readonly string[];
}

/** A change, and the tree it is asked for on. */
export interface Transition extends Step {
  /** Makes the tree it begins with. */
  readonly begin: (root: string) => Promise<void>;
}

const TEAM = "shared/context-groups/team";

function edit(account: string, ...flags: string[]): string[] {
  return ["auth", "edit", account, ...flags, "--yes"];
}

async function share(root: string, continuity: "standard" | "deeper", ...accounts: string[]): Promise<void> {
  for (const account of accounts) await must(root, ...edit(account, "--context-group", "team", `--${continuity}-continuity`));
}

async function begun(size: "small" | "leaving", root: string, continuity: "standard" | "deeper", ...accounts: string[]): Promise<void> {
  writeFixture(root, { size });
  await share(root, continuity, ...accounts);
}

/** What goes on in a group once it is one: sessions begun and continued, files made, checkpoints. */
function work(root: string): void {
  const tree = new Tree(root);
  const since = { begun: idOf("begun in the group"), other: idOf("begun in the group by home") };
  tree.file(`${TEAM}/projects/${APP}/${since.begun}.jsonl`, conversation(since.begun, loginOf("work"), ["new"]), { mode: 0o600 });
  tree.file(`${TEAM}/projects/${APP}/${since.other}.jsonl`, conversation(since.other, loginOf("home"), ["new, too"]), { mode: 0o600 });
  tree.file(`${TEAM}/projects/${LIB}/${since.begun}/tool-results/toolu_9.txt`, "far from its transcript\n");
  tree.file(`${TEAM}/projects/${APP}/${since.begun}/tool-results/toolu_3.txt`, "since then\n", { mode: 0o640 });
  tree.link(`${TEAM}/projects/${APP}/${since.begun}/latest`, "tool-results/toolu_3.txt");
  tree.fifo(`${TEAM}/projects/${APP}/${since.begun}/pipe`);
  tree.close();
}

/** The same in a group that shares everything. */
function workDeeper(root: string): void {
  work(root);
  const tree = new Tree(root);
  const begun = idOf("begun in the group");
  tree.file(`${TEAM}/continuity/file-history/${begun}/cccccccccccccccc@v2`, "since then\n");
  tree.directory(`${TEAM}/continuity/session-env/${begun}`, { mode: 0o755 });
  tree.file(`${TEAM}/continuity/tasks/${begun}/1.json`, "{}\n");
  tree.close();
}

export const JOIN_STANDARD: Transition = {
  name: "isolated to shared, standard",
  begin: (root) => begun("small", root, "standard", "home"),
  words: edit("work", "--context-group", "team"),
};

export const JOIN_DEEPER: Transition = {
  name: "isolated to shared, deeper",
  begin: async (root) => {
    writeFixture(root, { size: "full" });
    await share(root, "deeper", "home");
  },
  words: edit("work", "--context-group", "team", "--deeper-continuity"),
};

export const JOIN_RUNNING: Transition = {
  name: "isolated to shared while a client of the account runs",
  begin: async (root) => {
    // With a retention below the group's, its client would be waited for.
    writeFixture(root, { size: "small", retention: { work: 365 } });
    await share(root, "deeper", "home");
    pretendRunning(root, "work", SESSION.onlyWork);
  },
  words: edit("work", "--context-group", "team", "--deeper-continuity"),
};

export const DEEPEN: Transition = {
  name: "standard to deeper",
  begin: async (root) => {
    await begun("small", root, "deeper", "home");
    await share(root, "standard", "work");
    work(root);
  },
  words: edit("work", "--deeper-continuity"),
};

export const STANDARD: Transition = {
  name: "deeper to standard",
  begin: async (root) => {
    await begun("leaving", root, "deeper", "home", "work");
    workDeeper(root);
  },
  words: edit("work", "--standard-continuity"),
  untouched: TEAM,
};

export const LEAVE: Transition = {
  name: "shared to isolated",
  begin: async (root) => {
    await begun("leaving", root, "deeper", "home", "work");
    workDeeper(root);
  },
  words: edit("work", "--isolated"),
  untouched: TEAM,
};

export const SWITCH: Transition = {
  name: "from one group to another",
  begin: async (root) => {
    await begun("leaving", root, "deeper", "home", "work");
    workDeeper(root);
    await must(root, ...edit("spare", "--context-group", "other", "--deeper-continuity"));
  },
  words: edit("work", "--context-group", "other", "--take-session", SESSION.onlyHome),
  untouched: TEAM,
};

export const UNDO: Transition = {
  name: "undo of a join",
  begin: async (root) => {
    await begun("leaving", root, "deeper", "home", "work");
    workDeeper(root);
  },
  words: ["undo", "work", "--yes"],
  untouched: TEAM,
};

export const RENAME: Transition = {
  name: "another name",
  begin: async (root) => {
    await begun("leaving", root, "deeper", "home", "work");
    workDeeper(root);
    const tree = new Tree(root);
    tree.file("instances/work/plugins/known_marketplaces.json", JSON.stringify({ m: join(root, "instances/work/plugins/m") }));
    tree.close();
  },
  words: ["auth", "rename", "work", "office", "--yes"],
  untouched: TEAM,
  moved: { from: "instances/work", to: /^instances\/office(?=\/|$)/ },
};

export const REMOVE: Transition = {
  name: "taken out",
  begin: (root) => begun("leaving", root, "standard", "home"),
  words: ["auth", "remove", "work", "--yes"],
  untouched: TEAM,
  moved: { from: "instances/work", to: /^removed\/work\.[^/]+(?=\/|$)/ },
  loses: /^instances\/work\/\.(?:credentials|claude)\.json$/,
};

export const REMOVE_SHARED: Transition = {
  name: "taken out, and out of its group",
  begin: async (root) => {
    await begun("leaving", root, "deeper", "home", "work");
    workDeeper(root);
  },
  words: ["auth", "remove", "work", "--yes"],
  untouched: TEAM,
  moved: { from: "instances/work", to: /^removed\/work\.[^/]+(?=\/|$)/ },
  loses: /^instances\/work\/\.(?:credentials|claude)\.json$/,
  via: edit("work", "--isolated"),
};

export const RESTORE: Transition = {
  name: "brought back",
  begin: async (root) => {
    await begun("leaving", root, "standard", "home");
    await must(root, "auth", "remove", "work", "--keep-login", "--yes");
  },
  words: ["auth", "restore", "work", "--yes"],
  untouched: TEAM,
  moved: { from: "removed/work", to: /^(?:instances\/work|removed\/work\.[^/]+)(?=\/|$)/ },
};

export const CREATE: Transition = {
  name: "a new account in a group",
  begin: (root) => begun("small", root, "standard", "home"),
  words: ["auth", "create", "fresh", "--share-context", "--no-login"],
};

/** A directory of Claude Code's own, as somebody has it before they have accounts. */
function writeClaude(root: string): void {
  const home = join(root, "../../home");
  const tree = new Tree(join(home, ".claude"));
  const session = SESSION.onlyWork;
  tree.file(`projects/${APP}/${session}.jsonl`, conversation(session, loginOf("ann"), ["mine"]), { mode: 0o640 });
  tree.file(`projects/${APP}/${session}/tool-results/toolu_1.txt`, "a result\n");
  tree.file(`projects/${APP}/read-only/file`, "kept as it is\n", { mode: 0o400 });
  tree.directory(`projects/${APP}/read-only`, { mode: 0o500 });
  tree.directory(`projects/${APP}/empty`, { mode: 0o755 });
  tree.link(`projects/${APP}/latest`, `${session}.jsonl`);
  tree.fifo(`projects/${APP}/pipe`);
  tree.file("history.jsonl", `${JSON.stringify({ display: "hi" })}\n`);
  tree.file("settings.json", JSON.stringify({ model: "opus", env: { NOTE: "a secret" } }));
  tree.link("skills/mine", "../../dotfiles/skill");
  tree.link("todos", "../elsewhere");
  tree.file("../elsewhere/list.json", "[]\n");
  tree.file("plugins/known_marketplaces.json", JSON.stringify({ m: { installLocation: join(home, ".claude/plugins/m") } }));
  tree.file(".credentials.json", JSON.stringify({ claudeAiOauth: { accessToken: "of ann" } }));
  tree.file("../.claude.json", JSON.stringify({ userID: "ann", mcpServers: { tiny: { command: "node", args: ["tiny.js"] } } }));
  tree.close();
  giveAway(home);
}

export const IMPORT: Transition = {
  name: "an account of the history there is",
  begin: async (root) => {
    await begun("small", root, "standard", "home");
    writeClaude(root);
  },
  words: ["auth", "import", "--name", "fresh", "--yes", "--no-login"],
  untouched: "instances",
};

export const LIKE: Transition = {
  name: "a new account like another, in a group",
  begin: (root) => begun("leaving", root, "standard", "home"),
  words: ["auth", "create", "fresh", "--like", "work", "--context-group", "team", "--no-login"],
  untouched: "instances/work",
  via: ["auth", "create", "fresh", "--like", "work", "--no-login"],
};

export const RESOLVE: Transition = {
  name: "a choice between two files",
  begin: (root) => begun("small", root, "standard", "home", "work"),
  words: ["group", "resolve", "team", "notes.txt", "--keep", "that"],
  untouched: "instances",
  // The one that arrived gets the name; the other goes to set-aside.
  moved: { from: `${TEAM}/projects/${APP}/notes.from-work.txt`, to: new RegExp(`^${TEAM}/projects/${APP}/notes\\.txt$`) },
};

export const DOCTOR: Transition = {
  name: "doctor --fix",
  begin: async (root) => {
    await begun("small", root, "deeper", "home", "work", "spare");
    workDeeper(root);
    const tree = new Tree(root);
    // One link is gone, one dangles since somebody removed what it led to, one gave way to a directory of a client.
    unlinkSync(join(root, "instances/work/projects"));
    rmSync(join(root, TEAM, "continuity/shell-snapshots"), { recursive: true });
    unlinkSync(join(root, "instances/home/projects"));
    const met = SESSION.onlyHome;
    tree.file(`instances/home/projects/${APP}/${met}.jsonl`, conversation(met, loginOf("home"), ["ours", "and on"]));
    tree.file(`instances/home/projects/${APP}/memory/MEMORY.md`, "# Written meanwhile\n");
    tree.close();
    copyFileSync(join(root, TEAM, `projects/${APP}/notes.txt`), join(root, "instances/home/projects", APP, "notes.txt"));
    unlinkSync(join(root, "instances/spare/tasks"));
  },
  words: ["doctor", "--fix", "--yes"],
};

export const ALL: readonly Transition[] = [
  JOIN_STANDARD,
  JOIN_DEEPER,
  JOIN_RUNNING,
  DEEPEN,
  STANDARD,
  LEAVE,
  SWITCH,
  UNDO,
  RENAME,
  REMOVE,
  REMOVE_SHARED,
  RESTORE,
  CREATE,
  IMPORT,
  LIKE,
  RESOLVE,
  DOCTOR,
];
