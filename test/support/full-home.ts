import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { conversation } from "../faults/support/transcript.ts";
import { logIn, loginOf } from "../real-client/support/login.ts";
import type { Person } from "./person.ts";

/** A session somebody has, and where it has to be found for nothing of it to be missed. */
export interface Made {
  readonly id: string;
  readonly project: string;
  readonly transcript: string;
  /** Its own files beside the transcript, and in the directories of deeper continuity: paths in an instance, and contents. */
  readonly with: Readonly<Record<string, string>>;
}

/** A home with everything in it that leaving it has to think of. */
export interface FullHome {
  readonly accounts: readonly string[];
  /** Sessions by a word for each. */
  readonly sessions: Readonly<Record<string, Made>>;
  /** `settings.json` of each account before it joined anything. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Accounts in the order of config.yaml: group, continuity. */
const ACCOUNTS: Readonly<Record<string, readonly [group: string, deeper: boolean] | null>> = {
  work: ["team-alpha", false],
  home: ["team-alpha", true],
  spare: ["team-alpha", false],
  night: ["team-beta", true],
  day: ["team-beta", false],
  alone: null,
};

const COMMENTED = "# these are mine, leave the order\n";
const FOREIGN = "\n# of another tool\ncliproxy:\n  port:   8317   # kept\n";

/**
 * Three accounts at different continuity in one group, two in another, one isolated, all logged in; sessions of each, of
 * nobody in particular, and of an account that was removed since; settings of their own, two with the status line of ccs.
 */
export async function makeFullHome(person: Person): Promise<FullHome> {
  const sessions: Record<string, Made> = {};
  const settings: Record<string, string> = {};
  const create = async (name: string, where: readonly [string, boolean] | null) => {
    await person.must("auth", "create", name, "--no-login");
    logIn(person.instance(name), loginOf(name), []);
    const text = `{\n\t"permissions": {\n\t\t"allow": [\n\t\t\t"Bash(make ${name}:*)"\n\t\t],\n\t\t"deny": []\n\t},\n\t"x": [1,  2]\n}\n`;
    writeFileSync(join(person.instance(name), "settings.json"), text, { mode: 0o600 });
    settings[name] = text;
    if (where === null) return;
    const flags = ["--context-group", where[0], ...(where[1] ? ["--deeper-continuity"] : []), "--yes"];
    await person.must("auth", "edit", name, ...flags);
  };
  const made = (word: string, account: string, owner: string | null, deeper: boolean) => {
    const id = crypto.randomUUID();
    const project = "-home-person-task";
    const transcript = conversation(id, owner === null ? null : loginOf(owner).accountUuid, [`${word}, the first`, `${word}, the second`]);
    const beside = {
      [`projects/${project}/${id}/tool-results/one.txt`]: `result of ${word}\n`,
      ...(deeper ? { [`file-history/${id}/0123456789abcdef@v1`]: `file of ${word}\n`, [`tasks/${id}/1.json`]: `{"of":"${word}"}\n` } : {}),
    };
    put(person.instance(account), `projects/${project}/${id}.jsonl`, transcript);
    for (const [path, text] of Object.entries(beside)) put(person.instance(account), path, text);
    sessions[word] = { id, project, transcript, with: beside };
  };

  for (const [name, where] of Object.entries(ACCOUNTS)) {
    await create(name, where);
    made(`${name}'s own`, name, name, where?.[1] === true);
  }
  await create("gone", ["team-alpha", true]);
  made("gone's", "gone", "gone", true);
  made("nobody's in alpha", "home", null, true);
  made("a stranger's in alpha", "work", "stranger", false);
  made("nobody's in beta", "night", null, true);
  await person.must("auth", "remove", "gone", "--yes");
  await person.must("statusline", "--on", "work", "--yes");
  await person.must("statusline", "--on", "night", "--yes");
  await person.must("auth", "default", "spare");
  const text = readFileSync(person.config, "utf8");
  writeFileSync(person.config, `${COMMENTED}${text}${FOREIGN}`);
  return { accounts: Object.keys(ACCOUNTS), sessions, settings };
}

function put(instance: string, path: string, text: string): void {
  mkdirSync(join(instance, path, ".."), { recursive: true });
  writeFileSync(join(instance, path), text);
}

/** The instances of a person in which nothing of a session is missing. */
export function instancesWith(person: Person, accounts: readonly string[], session: Made): string[] {
  const parts = { [`projects/${session.project}/${session.id}.jsonl`]: session.transcript, ...session.with };
  return accounts.filter((account) =>
    Object.entries(parts).every(([path, text]) => {
      const file = join(person.instance(account), path);
      return existsSync(file) && readFileSync(file, "utf8") === text;
    }),
  );
}
