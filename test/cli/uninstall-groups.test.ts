import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type FullHome, instancesWith, makeFullHome } from "../support/full-home.ts";
import { makePerson, type Person } from "../support/person.ts";

/** The program is a hundred megabytes, and every copy is flushed: in memory that takes no time. */
const MEMORY = existsSync("/dev/shm") ? "/dev/shm" : undefined;
/** Every name that is ever linked. */
const SHARED = ["projects", "session-env", "file-history", "shell-snapshots", "todos", "tasks"];

let person: Person;
beforeEach(() => {
  person = makePerson(MEMORY);
});
afterEach(() => person.close());

const settingsOf = (account: string) => join(person.instance(account), "settings.json");
const logins = (accounts: readonly string[]) =>
  accounts.flatMap((name) => [".credentials.json", ".claude.json"].map((file) => readFileSync(join(person.instance(name), file), "utf8")));

/** A client of the account that seems to run: this very process. */
function running(account: string): () => void {
  const file = join(person.instance(account), "sessions", `${process.pid}.json`);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, JSON.stringify({ pid: process.pid, cwd: "/", status: "idle" }));
  return () => rmSync(file);
}

/** Installs, with a few bytes where the program would be: a hundred megabytes take long to compare. */
async function installSmall(): Promise<void> {
  await person.must("install", "--yes");
  const program = join(person.home, ".local/bin/ccs");
  const record = join(person.ccsDir, "state/installed.json");
  const known = JSON.parse(readFileSync(record, "utf8")) as { files: Record<string, string[]> };
  known.files[program] = [new Bun.CryptoHasher("sha256").update("small").digest("hex")];
  writeFileSync(record, JSON.stringify(known));
  writeFileSync(program, "small");
}

/** Links of ours that are left, as paths in an instance. */
function linksLeft(): string[] {
  const instances = join(person.ccsDir, "instances");
  return readdirSync(instances).flatMap((name) =>
    SHARED.filter((artifact) => lstatSync(join(instances, name, artifact), { throwIfNoEntry: false })?.isSymbolicLink() === true).map(
      (artifact) => `${name}/${artifact}`,
    ),
  );
}

/** What is wrong with a home after uninstalling; nothing, as it should be. */
function wrong({ accounts, sessions, settings }: FullHome): string[] {
  const missed = Object.entries(sessions).filter(([, session]) => instancesWith(person, accounts, session).length === 0);
  const changed = accounts.filter((name) => !sameButRetention(readFileSync(settingsOf(name), "utf8"), settings[name] ?? ""));
  return [
    ...missed.map(([word]) => `missed: ${word}`),
    ...linksLeft().map((path) => `still a link: ${path}`),
    ...changed.map((name) => `not as it was: settings.json of ${name}: ${readFileSync(settingsOf(name), "utf8")}`),
  ];
}

/** Retention is raised for a group, and never lowered again: one line that stays. */
function sameButRetention(now: string, before: string): boolean {
  return now === before || now.replace(/,?\s*"cleanupPeriodDays": \d+/, "") === before;
}

describe("ccs uninstall, of two groups, an account alone and one that was removed", () => {
  let home: FullHome;
  beforeEach(async () => {
    home = await makeFullHome(person);
  });

  test("leaves every session where a client looks, every login as it was, and no link, rule or status line of ours", async () => {
    const before = logins(home.accounts);
    const config = readFileSync(person.config, "utf8");
    const groups = Object.keys(person.tree()).filter((path) => path.startsWith("ccs/shared/"));
    const { stdout, stderr, code } = await person.ccs(["uninstall", "--yes"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(wrong(home)).toEqual([]);
    expect(logins(home.accounts)).toEqual(before);
    // Leaving withdraws nothing.
    const after = person.tree();
    expect(groups.filter((path) => after[path] === undefined)).toEqual([]);
    // config.yaml is edited in place.
    const edited = readFileSync(person.config, "utf8");
    const policies = /^ {4}(?:context_mode|context_group|continuity_mode): .*\n/gm;
    expect(edited.replace(policies, "")).toBe(config.replace(policies, ""));
    expect(edited.match(/^ {4}context_mode: .*$/gm)?.every((line) => line.includes("isolated"))).toBe(true);
    // It says where each is.
    for (const name of home.accounts) expect(stdout).toContain(`CLAUDE_CONFIG_DIR='${person.instance(name)}' claude`);
    for (const group of ["team-alpha", "team-beta"]) expect(stdout).toContain(join(person.ccsDir, "shared/context-groups", group));
  });

  test("gives what is nobody's in particular to one account of the group that sees all of it, and each its own", async () => {
    await person.must("uninstall", "--yes");
    const where = Object.fromEntries(
      Object.entries(home.sessions).map(([word, made]) => [word, instancesWith(person, home.accounts, made)]),
    );
    expect(where).toEqual({
      "work's own": ["work"],
      "home's own": ["home"],
      "spare's own": ["spare"],
      "night's own": ["night"],
      "day's own": ["day"],
      "alone's own": ["alone"],
      "gone's": ["home"],
      "nobody's in alpha": ["home"],
      "a stranger's in alpha": ["home"],
      "nobody's in beta": ["night"],
    });
  });

  test("names the memory that stays with a group, before and after", async () => {
    const memory = join(person.ccsDir, "shared/context-groups/team-alpha/projects/-home-person-task/memory");
    mkdirSync(memory);
    writeFileSync(join(memory, "MEMORY.md"), "- otters hold hands\n");
    for (const how of ["--dry-run", "--yes", "--yes"]) {
      const { stdout } = await person.must("uninstall", how);
      const said = stdout.replace(/\s+/g, " ");
      expect(said).toContain(`Memory of 1 project in team-alpha stays in ${join(memory, "../../*/memory")}`);
      expect(said).not.toContain("in team-beta stays in");
    }
    expect(readFileSync(join(memory, "MEMORY.md"), "utf8")).toBe("- otters hold hands\n");
  });

  test("answers 75 while a client of any group runs, and takes nothing at all away; one of an account alone is none of its business", async () => {
    writeFileSync(join(person.home, ".bashrc"), "# mine\n");
    await installSmall();
    for (const account of ["work", "day"]) {
      const stop = running(account);
      const before = person.tree();
      for (const flags of [["--yes"], ["--dry-run"], ["--yes", "--json"]]) {
        const { code, stdout, stderr } = await person.ccs(["uninstall", ...flags]);
        expect(code).toBe(75);
        expect(stdout + stderr).toContain(String(process.pid));
      }
      expect(person.tree()).toEqual(before);
      stop();
    }
    running("alone");
    await person.must("uninstall", "--yes");
    expect(wrong(home)).toEqual([]);
    expect(readFileSync(join(person.home, ".bashrc"), "utf8")).toBe("# mine\n");
    expect(existsSync(join(person.home, ".local/bin/ccs"))).toBe(false);
  });
});
