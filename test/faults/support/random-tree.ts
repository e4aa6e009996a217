import * as fs from "node:fs";
import { join } from "node:path";
import { bytesOf, native } from "./bytes.ts";
import { loginOf } from "./fixture.ts";
import type { Random } from "./random.ts";
import { continued, conversation, idOf } from "./transcript.ts";
import { Tree } from "./tree.ts";

const PROJECTS = ["-home-ann-app", "-srv-site", bytesOf("-home-größe")];
const NAMES = [
  "notes.txt",
  "MEMORY.md",
  ".hidden",
  "with a space",
  "with\na newline",
  "not\xffutf8",
  "twin~2",
  "-dash",
  "run.sh",
  "l".repeat(250),
  "x.from-work.md",
  "x.md",
  "a.jsonl",
];
const CONTENTS = ["", "one\n", "two\n", "one\ntwo\n"];
const TARGETS = ["notes.txt", "../away", "/srv/docs", "not\xffutf8"];
const MODES = [0o600, 0o600, 0o600, 0o640, 0o644, 0o400, 0o755];
/** Transcripts are appended to: one that its owner may not write is no client's. */
const WRITABLE = [0o600, 0o600, 0o640, 0o644];
const SESSIONS = Array.from({ length: 7 }, (_, n) => idOf(`session ${n}`));
const PER_SESSION = ["file-history", "tasks", "session-env", "todos"];
/** Between 2001 and 2025, in microseconds. */
const at = (random: Random) => 1_000_000_000_000_000 + random.below(750_000_000) * 1_000_000 + random.below(1_000_000);

/** Writes two or three isolated accounts with histories that meet by chance. @returns their names */
export function writeRandomTree(root: string, random: Random): string[] {
  const accounts = random.chance(0.5) ? ["work", "home"] : ["work", "home", "spare"];
  const tree = new Tree(root);
  tree.file("config.yaml", configOf(accounts, random));
  for (const account of accounts) {
    tree.directory(`instances/${account}`);
    tree.directory(`instances/${account}/sessions`);
    if (random.chance(0.8)) tree.file(`instances/${account}/settings.json`, settingsOf(random), { mode: random.pick([0o600, 0o644]) });
    tree.file(`instances/${account}/.credentials.json`, `{"claudeAiOauth":{"accessToken":"${account}","scopes":["user:inference"]}}`);
    tree.file(`instances/${account}/.claude.json`, JSON.stringify({ oauthAccount: { accountUuid: loginOf(account) } }));
    writeHistory(tree, `instances/${account}`, accounts, random);
  }
  tree.close();
  return accounts;
}

function configOf(accounts: readonly string[], random: Random): string {
  const entries = accounts.map((account) => {
    switch (random.below(3)) {
      case 0:
        return `  ${account}: { created: "2026-02-25T00:00:00.000Z", last_used: null } # flow\n`;
      case 1:
        return `  "${account}":   # quoted\n      created: '2026-02-25T00:00:00.000Z'\n\n      colour: blue\n`;
      default:
        return `  ${account}:\n    created: "2026-02-25T00:00:00.000Z"\n    last_used: null\n    context_mode: isolated   # so far\n`;
    }
  });
  const others = random.chance(0.5) ? "\n# another tool's\ncliproxy:\n  port: 8317\n" : "";
  return `${random.chance(0.5) ? "# mine\n" : ""}accounts:\n${entries.join("")}${others}`;
}

function settingsOf(random: Random): string {
  const value: Record<string, unknown> = random.chance(0.5) ? { model: "opus" } : {};
  if (random.chance(0.5)) value["permissions"] = random.chance(0.5) ? { allow: ["Bash(ls:*)"] } : { deny: [] };
  if (random.chance(0.6)) value["cleanupPeriodDays"] = random.pick([7, 30, 365, 99999]);
  return JSON.stringify(value, null, random.pick([0, 2, "\t"])) + random.pick(["", "\n"]);
}

function writeHistory(tree: Tree, instance: string, accounts: readonly string[], random: Random): void {
  for (const [n, session] of SESSIONS.entries()) {
    if (!random.chance(0.6)) continue;
    const project = random.chance(0.1) ? random.pick(PROJECTS) : (PROJECTS[n % PROJECTS.length] as string);
    const path = `${instance}/projects/${project}/${session}`;
    tree.file(`${path}.jsonl`, transcript(session, accounts, random), { mode: random.pick(WRITABLE), at: at(random) });
    if (random.chance(0.3)) tree.file(`${path}/tool-results/toolu_${random.below(2)}.txt`, random.pick(CONTENTS), { at: at(random) });
    for (const artifact of PER_SESSION)
      if (random.chance(0.25)) writePerSession(tree, `${instance}/${artifact}`, artifact, session, random);
  }
  for (const project of PROJECTS) {
    if (random.chance(0.5)) writeEntries(tree, `${instance}/projects/${project}`, 2, random);
    if (random.chance(0.4)) tree.file(`${instance}/projects/${project}/memory/MEMORY.md`, random.pick(CONTENTS), { at: at(random) });
  }
  if (random.chance(0.3))
    tree.directory(`${instance}/projects/${random.pick(["empty", "-tmp"])}`, { mode: random.pick([0o700, 0o755]), at: at(random) });
  if (random.chance(0.3)) writeEntries(tree, `${instance}/shell-snapshots`, 0, random);
  if (random.chance(0.1)) tree.file(`${instance}/projects/stray.txt`, random.pick(CONTENTS));
}

/** One of few conversations that share their beginnings, whole or only from some turn on, now and then cut short. */
function transcript(session: string, accounts: readonly string[], random: Random): string {
  const said = ["begin"];
  while (random.chance(0.6)) said.push(random.pick(["left", "right"]));
  if (random.chance(0.15) && said.length > 1) return continued(session, said, 1 + random.below(said.length - 1));
  // Whose it is, is part of the session: the same for every account that holds it.
  const owner = SESSIONS.indexOf(session) % 3;
  const text = conversation(session, owner === 2 ? null : loginOf(accounts[owner] ?? "work"), said);
  return random.chance(0.1) ? text.slice(0, -random.below(120)) : text;
}

function writePerSession(tree: Tree, directory: string, artifact: string, session: string, random: Random): void {
  if (artifact === "todos") return tree.file(`${directory}/${session}-agent-${session}.json`, random.pick(CONTENTS));
  if (artifact === "session-env") return tree.directory(`${directory}/${session}`, { mode: random.pick([0o700, 0o755]), at: at(random) });
  tree.file(`${directory}/${session}/${random.pick(["0123456789abcdef@v2", ".lock", "1.json"])}`, random.pick(CONTENTS), {
    at: at(random),
  });
}

function writeEntries(tree: Tree, directory: string, deeper: number, random: Random): void {
  for (const name of NAMES) {
    if (!random.chance(0.25)) continue;
    const path = `${directory}/${name}`;
    const kind = random.below(10);
    if (kind < 5) tree.file(path, random.pick(CONTENTS), { mode: random.pick(MODES), at: at(random) });
    else if (kind < 7) tree.link(path, random.pick(TARGETS), { at: at(random) });
    else if (kind < 8) tree.fifo(path, { mode: 0o622, at: at(random) });
    else {
      tree.directory(path, { mode: random.pick([0o700, 0o755]), at: at(random) });
      if (deeper > 0) writeEntries(tree, path, deeper - 1, random);
    }
  }
}

/** What happens between two changes: clients go on with sessions and begin new ones, by way of their instances. */
export function work(root: string, accounts: readonly string[], step: number, random: Random): void {
  for (const account of accounts) {
    const projects = `instances/${account}/projects`;
    for (const project of list(root, projects)) {
      for (const name of list(root, `${projects}/${project}`)) {
        if (!/^[0-9a-f-]{36}\.jsonl$/.test(name) || !random.chance(0.3)) continue;
        const session = name.slice(0, 36);
        const line = {
          type: "user",
          parentUuid: null,
          uuid: idOf(`${session} ${step} ${account}`),
          sessionId: session,
          text: `step ${step}`,
        };
        fs.appendFileSync(native(root, `${projects}/${project}/${name}`), `${JSON.stringify(line)}\n`);
      }
    }
    if (!random.chance(0.5)) continue;
    const session = idOf(`begun by ${account} in step ${step}`);
    const project = random.pick(PROJECTS);
    fs.mkdirSync(native(root, `${projects}/${project}`), { recursive: true, mode: 0o700 });
    fs.writeFileSync(native(root, `${projects}/${project}/${session}.jsonl`), conversation(session, loginOf(account), ["begin", account]), {
      mode: 0o600,
    });
  }
}

function list(root: string, path: string): string[] {
  try {
    const names = fs.readdirSync(native(root, path), { encoding: "buffer" }) as unknown as Buffer[];
    return names.map((name) => Buffer.from(name).toString("latin1")).sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return [];
    throw error;
  }
}

/** Something that goes wrong by itself: a link is lost, or a client made a directory in its place. @returns whether there was one */
export function damage(root: string, accounts: readonly string[], random: Random): boolean {
  const account = random.pick(accounts);
  const artifact = random.pick(["projects", "projects", "tasks", "file-history"]);
  const path = join(root, "instances", account, artifact);
  if (!fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return false;
  fs.unlinkSync(path);
  if (random.chance(0.5)) {
    const tree = new Tree(root);
    const session = random.pick(SESSIONS);
    if (artifact === "projects")
      tree.file(`instances/${account}/projects/${random.pick(PROJECTS)}/${session}.jsonl`, transcript(session, accounts, random));
    else tree.file(`instances/${account}/${artifact}/${session}/0123456789abcdef@v2`, random.pick(CONTENTS));
    tree.close();
  }
  return true;
}
