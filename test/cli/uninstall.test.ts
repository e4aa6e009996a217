import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { BINARY } from "../support/binary.ts";
import { ended, makePerson, type Person } from "../support/person.ts";

const MEMORY = existsSync("/dev/shm") ? "/dev/shm" : undefined;

let person: Person;
beforeEach(() => {
  person = makePerson(MEMORY);
});
afterEach(() => person.close());

const at = (path: string) => join(person.home, path);
const settingsOf = (account: string) => join(person.instance(account), "settings.json");
const group = (name: string) => join(person.ccsDir, "shared/context-groups", name);

/** A login, as a client leaves it. The same number is the same login. */
function logIn(account: string, login: number): void {
  const instance = person.instance(account);
  writeFileSync(join(instance, ".credentials.json"), JSON.stringify({ claudeAiOauth: { accessToken: `token of ${account}` } }), {
    mode: 0o600,
  });
  const oauthAccount = { accountUuid: uuid(login), organizationUuid: uuid(0), emailAddress: `${account}@example.invalid` };
  writeFileSync(join(instance, ".claude.json"), JSON.stringify({ oauthAccount }), { mode: 0o600 });
}

const uuid = (n: number) => `${String(n).padStart(8, "0")}-1111-4111-8111-111111111111`;

/** A session a login made, with a checkpoint where the account keeps those with the group. @returns its id */
function talk(account: string, login: number | null): string {
  const id = person.session(account, `said as ${account}`);
  const path = join(person.instance(account), "projects/-home-person-task", `${id}.jsonl`);
  const owner = login === null ? "" : `${JSON.stringify({ type: "session-owner", accountUuid: uuid(login), sessionId: id })}\n`;
  writeFileSync(path, owner + readFileSync(path, "utf8"));
  if (existsSync(join(person.instance(account), "file-history"))) checkpoint(account, id);
  return id;
}

function checkpoint(account: string, id: string): void {
  mkdirSync(join(person.instance(account), "file-history", id), { recursive: true });
  writeFileSync(join(person.instance(account), "file-history", id, "abc@v1"), `before ${id}`);
}

/** The accounts in whose instance a client finds a session. */
function finders(id: string): string[] {
  return accounts().filter((account) => existsSync(join(person.instance(account), "projects/-home-person-task", `${id}.jsonl`)));
}

const accounts = () => readdirSync(join(person.ccsDir, "instances")).sort();

/** Links in instances, and what of ours stands in their settings. */
function ofOurs(): string[] {
  const links = Object.entries(person.tree()).filter(
    ([path, content]) => path.startsWith("ccs/instances/") && /^-> .*context-groups/.test(content),
  );
  const texts = accounts().flatMap((account) => (existsSync(settingsOf(account)) ? [readFileSync(settingsOf(account), "utf8")] : []));
  return [...links.map(([path]) => path), ...texts.filter((text) => /context-groups|instances\/\*|ccs statusline/.test(text))];
}

function logins(): Record<string, string> {
  const found = Object.entries(person.tree()).filter(([path]) => /instances\/[^/]+\/\.(?:credentials|claude)\.json$/.test(path));
  return Object.fromEntries(found);
}

interface Made {
  readonly work: string;
  readonly spare: string;
  readonly third: string;
  readonly alone: string;
  /** Of no login here, with a checkpoint. */
  readonly nobodys: string;
}

/** Three accounts in a group at different continuity, one alone; logins, settings of their own, a status line, comments. */
async function fullHome(): Promise<Made> {
  for (const account of ["work", "spare"]) {
    await person.must("auth", "create", account, "--context-group", "team", "--deeper-continuity", "--no-login");
  }
  await person.must("auth", "create", "third", "--context-group", "team", "--no-login");
  await person.must("auth", "create", "alone", "--no-login");
  for (const [n, account] of ["work", "spare", "third", "alone"].entries()) logIn(account, n + 1);
  await person.must("auth", "default", "third");
  await person.must("statusline", "--on", "work", "--yes");
  await person.must("statusline", "--on", "alone", "--yes");
  const made = {
    work: talk("work", 1),
    spare: talk("spare", 2),
    third: talk("third", 3),
    alone: talk("alone", 4),
    nobodys: talk("work", 9),
  };
  writeFileSync(person.config, `# mine\n${readFileSync(person.config, "utf8")}\n# another tool's\ncliproxy:\n  port: 8317\n`);
  return made;
}

/** What holds after every uninstalling, however it came about. */
async function expectFreed(made: Made, before: Record<string, string>): Promise<void> {
  expect(ofOurs()).toEqual([]);
  expect(logins()).toEqual(before);
  expect(finders(made.work)).toContain("work");
  expect(finders(made.spare)).toContain("spare");
  expect(finders(made.third)).toContain("third");
  expect(finders(made.alone)).toEqual(["alone"]);
  expect(finders(made.nobodys).length).toBeGreaterThan(0);
  for (const id of [made.work, made.spare, made.nobodys]) {
    const seen = finders(id).some((account) => existsSync(join(person.instance(account), "file-history", id, "abc@v1")));
    expect([id, seen]).toEqual([id, true]);
  }
  const config = readFileSync(person.config, "utf8");
  expect(config).toStartWith("# mine\n");
  expect(config).toContain("# another tool's\ncliproxy:\n  port: 8317\n");
  expect(config.match(/context_mode: "?isolated/g)).toHaveLength(4);
}

/** A client of an account that runs: this process. */
function running(account: string): string {
  const path = join(person.instance(account), "sessions", `${process.pid}.json`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ pid: process.pid, sessionId: crypto.randomUUID(), cwd: "/", status: "idle" }));
  return path;
}

describe("ccs uninstall, of a full home", () => {
  test("leaves every session, checkpoint and login where a client looks, nothing of ours beside, and says where", async () => {
    const made = await fullHome();
    const before = logins();
    const { stdout, stderr } = await person.must("uninstall", "--yes");
    expect(stderr).toBe("");
    await expectFreed(made, before);
    for (const account of accounts()) expect(stdout).toContain(`CLAUDE_CONFIG_DIR='${person.instance(account)}' claude`);
    expect(stdout).toContain(group("team"));
    // Each its own alone; what is nobody's with one that sees its checkpoints, though the default account does not.
    expect(finders(made.work)).toEqual(["work"]);
    expect(finders(made.third)).toEqual(["third"]);
    expect(finders(made.nobodys)).toEqual(["work"]);
    // A second time there is nothing to do.
    const then = person.tree();
    await person.must("uninstall", "--yes");
    expect(Object.entries(person.tree()).filter(([path, content]) => then[path] !== content)).toEqual([]);
  });

  test("gives what is nobody's to the default account, where no other sees more of it", async () => {
    const made = await fullHome();
    await person.must("auth", "default", "spare");
    await person.must("uninstall", "--yes");
    expect(finders(made.nobodys)).toEqual(["spare"]);
  });

  test("gives two accounts of one login every session between them, and those of a removed one too", async () => {
    const made = await fullHome();
    logIn("spare", 1);
    const before = logins();
    await person.must("auth", "remove", "third", "--yes", "--take", "none");
    delete before["ccs/instances/third/.credentials.json"];
    delete before["ccs/instances/third/.claude.json"];
    await person.must("uninstall", "--yes");
    for (const id of [made.work, made.spare, made.third, made.nobodys]) expect(finders(id)).not.toEqual([]);
    expect(ofOurs()).toEqual([]);
    expect(logins()).toEqual(before);
  });

  test("finds a group that lies elsewhere by a link", async () => {
    const made = await fullHome();
    const elsewhere = join(person.root, "elsewhere");
    renameSync(group("team"), elsewhere);
    symlinkSync(elsewhere, group("team"));
    const before = logins();
    await person.must("uninstall", "--yes");
    await expectFreed(made, before);
    expect(lstatSync(group("team")).isSymbolicLink()).toBe(true);
  });

  test("names the sessions of a group nobody is in, and how to take them along", async () => {
    await fullHome();
    mkdirSync(join(group("old"), "projects/-x"), { recursive: true });
    writeFileSync(join(group("old"), "projects/-x", `${crypto.randomUUID()}.jsonl`), "{}\n");
    for (const how of ["--dry-run", "--yes"]) {
      const { stdout } = await person.must("uninstall", how);
      expect(stdout.replace(/\s+/g, " ")).toContain(`Nobody is in the group old: 1 session stays in ${group("old")}`);
      expect(stdout).not.toContain("Nobody is in the group team");
    }
  });

  test("counts a session that went on in the group after its account had left as one that is not found yet", async () => {
    const made = await fullHome();
    await person.must("auth", "edit", "work", "--isolated", "--yes");
    const line = JSON.stringify({ type: "user", uuid: crypto.randomUUID(), parentUuid: null, message: { role: "user", content: "on" } });
    appendFileSync(join(group("team"), "projects/-home-person-task", `${made.work}.jsonl`), `${line}\n`);
    await person.must("uninstall", "--yes");
    expect(finders(made.work)).toEqual(["spare", "work"]);
  });
});

describe("ccs uninstall, where something is in its way", () => {
  test("takes nothing away while a client of any account in a group runs, and exits with 75", async () => {
    await fullHome();
    await person.ccs(["install", "--yes"], { env: { SHELL: "/bin/bash" } });
    const marker = running("spare");
    const before = person.tree();
    for (const how of ["--dry-run", "--yes"]) {
      const { code, stdout, stderr } = await person.ccs(["uninstall", how]);
      expect(code).toBe(75);
      expect(stdout + stderr).toContain(String(process.pid));
    }
    expect(Object.keys(person.tree())).toEqual(Object.keys(before));
    rmSync(marker);
    await person.must("uninstall", "--yes");
    expect(existsSync(at(".local/bin/ccs"))).toBe(false);
  });

  test("refuses before anything where the settings.json of a shared account cannot be read, and names the place", async () => {
    const made = await fullHome();
    const before = logins();
    const text = readFileSync(settingsOf("third"), "utf8");
    writeFileSync(settingsOf("third"), "{ nonsense");
    const then = person.tree();
    const { code, stderr } = await person.ccs(["uninstall", "--yes"]);
    expect(code).toBe(1);
    expect(stderr).toContain(settingsOf("third"));
    expect(person.tree()).toEqual(then);
    writeFileSync(settingsOf("third"), text);
    await person.must("uninstall", "--yes");
    await expectFreed(made, before);
  });

  test("says which lines of ours stay where settings.json is a link or no JSON, and does the rest", async () => {
    const made = await fullHome();
    const kept = join(person.root, "settings.json");
    renameSync(settingsOf("work"), kept);
    symlinkSync(kept, settingsOf("work"));
    writeFileSync(settingsOf("alone"), "{ nonsense");
    const text = readFileSync(kept, "utf8");
    const { stdout } = await person.must("uninstall", "--yes");
    const said = stdout.replace(/\s+/g, " ");
    expect(said).toContain(`${settingsOf("work")} is a link`);
    expect(said).toContain("context-groups/team");
    expect(said).toContain(`stays in ${settingsOf("alone")}`);
    expect(readFileSync(kept, "utf8")).toBe(text);
    expect(finders(made.work)).toEqual(["work"]);
  });

  test("frees an account that config.yaml had isolated by hand, with what is its own", async () => {
    const made = await fullHome();
    const before = logins();
    const text = readFileSync(person.config, "utf8");
    writeFileSync(
      person.config,
      text.replace(/( {2}spare:[\s\S]*?)context_mode: .*\n.*context_group.*\n.*continuity_mode.*\n/, '$1context_mode: "isolated"\n'),
    );
    await person.must("uninstall", "--yes");
    await expectFreed(made, before);
  });

  test("gives nothing twice where one account had left before it", async () => {
    const made = await fullHome();
    const before = logins();
    await person.must("auth", "edit", "work", "--isolated", "--yes");
    await person.must("uninstall", "--yes");
    await expectFreed(made, before);
    expect(finders(made.work)).toEqual(["work"]);
    expect(finders(made.nobodys)).toEqual(["spare"]);
  });

  test("names a directory that is no account's and still leads to a group", async () => {
    await fullHome();
    const stray = person.instance("stray");
    mkdirSync(stray);
    symlinkSync(join(group("team"), "projects"), join(stray, "projects"));
    const { stdout } = await person.must("uninstall", "--yes");
    expect(stdout.replace(/\s+/g, " ")).toContain(`${stray} is no account's, and its projects still leads to a group.`);
    expect(lstatSync(join(stray, "projects")).isSymbolicLink()).toBe(true);
  });

  test("does not go by a record of what was installed that makes no sense", async () => {
    mkdirSync(join(person.ccsDir, "state"), { recursive: true });
    writeFileSync(join(person.ccsDir, "state/installed.json"), "{}");
    const before = person.tree();
    for (const command of ["install", "uninstall"]) {
      const { code, stderr } = await person.ccs([command, "--yes"]);
      expect(code).toBe(1);
      expect(stderr).toContain("installed.json");
    }
    expect(person.tree()).toEqual(before);
  });
});

describe("ccs uninstall asks", () => {
  test("on a terminal: a no changes nothing, a yes does it", async () => {
    const made = await fullHome();
    const before = logins();
    const then = person.tree();
    const refusing = person.terminal(["uninstall"], { columns: 80, rows: 60 });
    await refusing.until("Uninstall?");
    refusing.type("n");
    expect((await ended(refusing)).code).toBe(130);
    expect(person.tree()).toEqual(then);
    const agreeing = person.terminal(["uninstall"], { columns: 80, rows: 90 });
    await agreeing.until("Uninstall?");
    agreeing.type("y");
    const { screen, code } = await ended(agreeing);
    expect(code).toBe(0);
    expect(screen).toContain("ccs is uninstalled.");
    await expectFreed(made, before);
  });

  test("nobody without a terminal, and says so; --dry-run and --json tell the same, and where everything is", async () => {
    await fullHome();
    const before = person.tree();
    expect(await person.ccs(["uninstall"])).toMatchObject({ code: 2, stdout: "" });
    const dry = JSON.parse((await person.must("uninstall", "--dry-run", "--json")).stdout);
    expect(dry).toMatchObject({ version: 1, applicable: true });
    expect(dry.sentences.join("\n")).toContain("work becomes isolated");
    expect(person.tree()).toEqual(before);
    const done = JSON.parse((await person.must("uninstall", "--yes", "--json")).stdout);
    expect(done).toMatchObject({ version: 1, files: [], left: [] });
    expect(done.accounts.map(({ name, instance, sessions }: Record<string, unknown>) => [name, instance, sessions])).toEqual([
      ["work", person.instance("work"), 2],
      ["spare", person.instance("spare"), 1],
      ["third", person.instance("third"), 1],
      ["alone", person.instance("alone"), 1],
    ]);
    expect(done.groups).toEqual([{ name: "team", directory: group("team"), bytes: expect.any(Number) }]);
  });
});

/** Calls that change what a name stands for. */
const CALLS = ["rename", "link", "unlink", "symlink", "mkdir", "rmdir", "openat"] as const;

function traced(args: readonly string[], env: Readonly<Record<string, string>>, log: string, inject: readonly string[] = []) {
  const strace = ["-f", "-e", `trace=${CALLS.join(",")}`, ...inject, "-o", log, "--", BINARY, ...args];
  return spawnSync("strace", strace, { cwd: person.root, env: { ...person.env, ...env }, encoding: "utf8" });
}

/** Points to kill at, spread over what a command did to the person's files: the nth call of a name. */
function points(log: string, kills: number): { name: string; nth: number }[] {
  const counts = new Map<string, number>();
  const main = /^\d+/.exec(log)?.[0];
  const found = log.split("\n").flatMap((line) => {
    const [, thread, name = ""] = /^(\d+)\s+(\w+)\(/.exec(line) ?? [];
    if (thread !== main || name === "") return [];
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    const changes = line.includes(person.root) && (name !== "openat" || line.includes("O_CREAT"));
    return changes ? [{ name, nth }] : [];
  });
  expect(found.length).toBeGreaterThan(kills);
  // The last call of all is always among them.
  return Array.from(
    { length: kills },
    (_, n) => found[Math.floor(((n + 1) * (found.length - 1)) / kills)] as { name: string; nth: number },
  );
}

/** What a person looks at, in the end: their home, their instances, what the groups hold. */
function end(): Record<string, string> {
  const found = Object.entries(person.tree()).filter(([path]) => /^(?:home|ccs\/(?:instances|shared\/context-groups|config))/.test(path));
  return Object.fromEntries(found.map(([path, content]) => [path, content.length > 1_000_000 ? `${content.length}` : content]));
}

// A machine need not have strace.
describe.skipIf(Bun.which("strace") === null)("killed in the middle", () => {
  const copy = (from: string, to: string) => {
    rmSync(to, { recursive: true, force: true });
    expect(spawnSync("cp", ["-a", from, to]).status).toBe(0);
  };

  /** @param kills how many: with all there are the tests would take minutes */
  async function killEverywhere(args: readonly string[], env: Record<string, string>, kills: number): Promise<void> {
    const base = dirname(person.root);
    copy(person.root, join(base, "template"));
    const log = join(base, "log");
    expect(traced(args, env, log).status).toBe(0);
    const wanted = end();
    for (const { name, nth } of points(readFileSync(log, "utf8"), kills)) {
      copy(join(base, "template"), person.root);
      const killed = traced(args, env, log, ["-e", `inject=${name}:signal=KILL:when=${nth}`]);
      expect([name, nth, killed.status, killed.signal]).toEqual([name, nth, null, "SIGKILL"]);
      const again = await person.ccs(args, { env });
      expect([name, nth, again.code, again.stderr]).toEqual([name, nth, 0, ""]);
      expect([name, nth, end()]).toEqual([name, nth, wanted]);
    }
  }

  test("ccs uninstall goes on when it is run again, and comes to the same end", async () => {
    const made = await fullHome();
    const before = logins();
    writeFileSync(at(".bashrc"), "# mine");
    const env = { SHELL: "/bin/bash" };
    expect((await person.ccs(["install", "--yes"], { env })).code).toBe(0);
    // A small program in place of the real one, so that a hundred megabytes are not copied each time.
    const record = join(person.ccsDir, "state/installed.json");
    const small = new Bun.CryptoHasher("sha256").update("small").digest("hex");
    const known = JSON.parse(readFileSync(record, "utf8")) as { files: Record<string, string[]> };
    known.files[at(".local/bin/ccs")] = [small];
    writeFileSync(record, JSON.stringify(known));
    writeFileSync(at(".local/bin/ccs"), "small");
    await killEverywhere(["uninstall", "--yes"], env, 12);
    await expectFreed(made, before);
    expect(readFileSync(at(".bashrc"), "utf8")).toBe("# mine");
    expect(existsSync(at(".local/bin/ccs"))).toBe(false);
  });

  test("ccs install goes on when it is run again, and comes to the same end; uninstalling instead leaves nothing", async () => {
    writeFileSync(at(".bashrc"), "# mine");
    const env = { SHELL: "/bin/bash" };
    await killEverywhere(["install", "--yes"], env, 5);
    writeFileSync(`${at(".local/bin/ccs")}.ccs-new`, "what a kill leaves");
    expect((await person.ccs(["uninstall", "--yes"], { env })).code).toBe(0);
    expect(readdirSync(at(".local/bin"))).toEqual([]);
    expect(readFileSync(at(".bashrc"), "utf8")).toBe("# mine");
  });

  test("a full disk is named, and what was begun goes on once there is room", async () => {
    writeFileSync(at(".bashrc"), "# mine");
    const log = join(dirname(person.root), "log");
    const full = traced(["install", "--yes"], { SHELL: "/bin/bash" }, log, [
      "-e",
      "trace=fsync",
      "-e",
      "inject=fsync:error=ENOSPC:when=8+",
    ]);
    expect(full.status).toBe(1);
    expect(full.stderr).toContain("Make room, then run the command again.");
    expect((await person.ccs(["install", "--yes"], { env: { SHELL: "/bin/bash" } })).code).toBe(0);
    expect((await person.ccs(["uninstall", "--yes"])).code).toBe(0);
    expect(readdirSync(at(".local/bin"))).toEqual([]);
    expect(readFileSync(at(".bashrc"), "utf8")).toBe("# mine");
  });
});
