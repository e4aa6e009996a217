import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BINARY } from "../support/binary.ts";
import { ended, makePerson, type Person } from "../support/person.ts";
import { hasReport, makeStandIn, readReport } from "./launch/support/stand-in.ts";

let person: Person;
let project: string;
let report: string;
beforeEach(async () => {
  person = makePerson();
  project = join(person.root, "project");
  report = join(person.root, "report");
  mkdirSync(join(project, "deep/er"), { recursive: true });
  await person.must("auth", "create", "work", "--context-group", "team", "--no-login");
  await person.must("auth", "create", "spare");
});
afterEach(() => person.close());

const config = () => readFileSync(person.config, "utf8");

async function run(args: readonly string[], cwd = project, more: Readonly<Record<string, string>> = {}) {
  const child = Bun.spawn([BINARY, ...args], { cwd, env: { ...person.env, ...more }, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, stdout, stderr };
}

/** Starts a client, and says which account it was given and with which arguments. */
async function started(args: readonly string[], cwd = project) {
  rmSync(report, { force: true });
  const ran = await run(args, cwd, { CCS_CLAUDE_PATH: makeStandIn(person.root), REPORT: report });
  if (!hasReport(report)) return { ...ran, account: "no client was started", args: [] };
  const { env, args: given } = readReport(report);
  return { ...ran, account: env["CCS_ACCOUNT"] ?? null, args: given };
}

const which = async (...args: string[]) => JSON.parse((await run(["which", ...args, "--json"])).stdout);

describe("ccs use", () => {
  test("gives a directory an account, in config.yaml with every other byte as it was", async () => {
    writeFileSync(person.config, `# mine\n${config()}other: [ 1,2 ]   # stays\n`);
    const before = config();
    const { code, stdout } = await run(["use", "work"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `\`ccs\` alone now starts work in ${project} and below.\n` });
    expect(config()).toContain(`directories:\n  "${project}": "work"\n`);
    expect(config().replace(/directories:\n.*\n/, "")).toBe(before);
    expect((await run(["use", "work"])).stdout).toContain("alone starts work");
    await run(["use", "spare", "deep"]);
    await run(["use", "--clear", "deep"]);
    await run(["use", "--clear"]);
    expect(config().replace("directories: {}\n", "")).toBe(before);
  });

  test("keeps one rule for a directory, whatever name it is called by", async () => {
    symlinkSync(project, join(person.root, "link"));
    writeFileSync(person.config, `${config()}directories:\n  ${person.root}/link: work # the job\n`);
    await run(["use", "spare"]);
    expect(config()).toEndWith(`directories:\n  ${person.root}/link: spare # the job\n`);
    writeFileSync(person.config, `${config()}  ${project}: work\n`);
    await run(["use", "spare", "../link/."]);
    expect(config()).toEndWith(`directories:\n  ${person.root}/link: spare # the job\n`);
    await run(["use", "--clear"]);
    expect(config()).toEndWith("directories: {}\n");
  });

  test("refuses an account, and a directory, that is not there, and changes nothing", async () => {
    const before = person.tree();
    const account = await run(["use", "wrok"]);
    expect(account.code).toBe(2);
    expect(account.stderr).toContain('Did you mean "work"?');
    const directory = await run(["use", "work", "nowhere"]);
    expect(directory.code).toBe(2);
    expect(directory.stderr).toContain(join(project, "nowhere"));
    const both = await run(["use", "--clear", "work", "."]);
    expect(both.code).toBe(2);
    expect(person.tree()).toEqual(before);
  });

  test("clears also what is not there any more, and says what is started there now", async () => {
    await run(["use", "work"]);
    await run(["use", "spare", "deep"]);
    rmSync(join(project, "deep"), { recursive: true });
    const cleared = await run(["use", "--clear", "deep"]);
    expect(cleared).toEqual({
      code: 0,
      stdout: `\`ccs\` alone starts work (set for ${project}) in ${join(project, "deep")}.\n`,
      stderr: "",
    });
    const again = await run(["use", "--clear", "deep"]);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain("nothing to clear");
    expect((await run(["use", "--clear"])).stdout).toContain("starts Claude Code as it is");
  });

  test("alone tells the directories that have an account, also as an object", async () => {
    const none = await run(["use"]);
    expect({ code: none.code, stdout: none.stdout }).toEqual({ code: 0, stdout: "" });
    expect(none.stderr).toContain("ccs use <account>");
    await run(["use", "work"]);
    expect((await run(["use"])).stdout.split("\n")[1]?.split(/ {2,}/)).toEqual([project, "work"]);
    expect(JSON.parse((await run(["use", "--json"])).stdout)).toEqual({
      version: 1,
      directories: [{ directory: project, account: "work" }],
    });
    expect(JSON.parse((await run(["use", "spare", "--json"])).stdout)).toEqual({
      version: 1,
      directory: project,
      account: "spare",
      before: "work",
    });
  });

  test("mends a rule whose account is gone, though config.yaml is not valid because of it", async () => {
    writeFileSync(person.config, `${config()}directories:\n  ${project}: gone\n`);
    const other = await run(["use", "work", "deep"]);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain(`which is no account; allowed: "work" or "spare"`);
    expect((await run(["use", "work"])).code).toBe(0);
    expect(config()).toEndWith(`directories:\n  ${project}: work\n`);
  });
});

describe("ccs which", () => {
  test("tells the account of the folder, why, who it is and whose history it sees", async () => {
    await run(["use", "spare"]);
    const { code, stdout, stderr } = await run(["which", "deep/er"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      [
        "Account:  spare",
        `Why:      set for ${project}`,
        "Login:    person@example.invalid (Person's Organization, max 5x)",
        "Context:  isolated",
        "",
      ].join("\n"),
    );
  });

  test("goes from the longest rule to the default and to none", async () => {
    const account = async (...args: string[]) => {
      const { account, why, rule } = await which(...args);
      return [account, why, rule];
    };
    expect(await account()).toEqual([null, "none", null]);
    await person.must("auth", "default", "spare");
    expect(await account()).toEqual(["spare", "default", null]);
    await run(["use", "spare", "deep"]);
    await run(["use", "work"]);
    expect(await account("deep/er")).toEqual(["spare", "directory", join(project, "deep")]);
    expect(await account()).toEqual(["work", "directory", project]);
    expect(await account("..")).toEqual(["spare", "default", null]);
    symlinkSync(join(project, "deep"), join(person.root, "link"));
    expect(await account("../link/er")).toEqual(["spare", "directory", join(project, "deep")]);
  });

  test("prints one versioned object with --json", async () => {
    await run(["use", "work"]);
    const object = await which();
    expect(Object.keys(object)).toEqual(["version", "directory", "account", "why", "rule", "policy", "context", "identity"]);
    expect(object).toMatchObject({
      version: 1,
      directory: project,
      policy: { mode: "shared", group: "team", continuity: "standard" },
      context: "shared (team)",
      identity: { loggedIn: false },
    });
  });

  test("fills a template in, and leaves empty what is not known", async () => {
    const line = async (template: string) => (await run(["which", "--format", template])).stdout;
    expect(await line("[{account}|{group}]")).toBe("[|]\n");
    await run(["use", "work"]);
    expect(await line("{account} {mode} {group} {continuity} ({context}) {why} {rule} <{email}> {{x")).toBe(
      `work shared team standard (shared (team)) directory ${project} <> {{x\n`,
    );
    await run(["use", "spare"]);
    expect((await run(["which", "--format={email} {plan}"])).stdout).toBe("person@example.invalid max 5x\n");
  });

  test("refuses a placeholder there is not, naming those there are, and --format with --json", async () => {
    const unknown = await run(["which", "--format", "{acount}"]);
    expect({ code: unknown.code, stdout: unknown.stdout }).toEqual({ code: 2, stdout: "" });
    expect(unknown.stderr).toContain("{account} {why}");
    expect((await run(["which", "--json", "--format", "x"])).code).toBe(2);
    expect((await run(["which", "a", "b"])).stderr).toContain(`does not know what to do with "b"`);
  });

  test("lets no name move the cursor of a prompt", async () => {
    const state = join(person.instance("spare"), ".claude.json");
    const evil = JSON.parse(readFileSync(state, "utf8"));
    evil.oauthAccount.emailAddress = "a\u001b[2Jb@example.invalid";
    writeFileSync(state, JSON.stringify(evil));
    await run(["use", "spare"]);
    expect((await run(["which", "--format", "{email}"])).stdout).toBe("a?[2Jb@example.invalid\n");
  });

  test("answers the same from what is remembered of config.yaml and from the parser, and then remembers it", async () => {
    const memory = join(person.ccsDir, "state/launch.json");
    await run(["use", "work"]);
    const answer = await which();
    const remembered = readFileSync(memory, "utf8");
    rmSync(memory);
    expect(await which()).toEqual(answer);
    expect(readFileSync(memory, "utf8")).toBe(remembered);
    const before = person.tree();
    await which();
    expect(person.tree()).toEqual(before);
    rmSync(memory);
    mkdirSync(memory);
    expect(await which()).toEqual(answer);
  });

  test("writes nothing where there is no state of ccs yet", async () => {
    const empty = join(person.root, "empty");
    mkdirSync(empty);
    writeFileSync(join(empty, "config.yaml"), "accounts: {work: {}}\ndefault: work\n");
    const { code } = await run(["which"], project, { CCS_DIR: empty });
    expect(code).toBe(0);
    expect(readdirSync(empty)).toEqual(["config.yaml"]);
  });

  test("is coloured on a terminal", async () => {
    await run(["use", "work"], person.root);
    const { screen, code } = await ended(person.terminal(["which"]));
    expect(code).toBe(0);
    expect(screen).toContain("Account:  work");
  });
});

describe("ccs alone, and ccs with flags", () => {
  test("start the account of the folder, then the default, then the plain client", async () => {
    expect((await started(["-p", "hi"])).account).toBeNull();
    await person.must("auth", "default", "spare");
    await run(["use", "work"]);
    expect(await started([], join(project, "deep"))).toMatchObject({ account: "work", args: [] });
    expect(await started(["--continue", "spare"])).toMatchObject({ account: "work", args: ["--continue", "spare"] });
    expect((await started([], person.root)).account).toBe("spare");
    expect((await started(["spare"])).account).toBe("spare");
  });

  test("go by the folder also where config.yaml was read before, and as soon as it changes", async () => {
    await run(["use", "work"]);
    for (let round = 0; round < 2; round += 1) expect((await started([])).account).toBe("work");
    expect(readFileSync(join(person.ccsDir, "state/launch.json"), "utf8")).toContain(JSON.stringify([[project, "work"]]));
    await run(["use", "spare"]);
    expect((await started([])).account).toBe("spare");
  });

  test("start nobody in a folder whose account is not there, and name the line; elsewhere, and by name, all is as before", async () => {
    writeFileSync(person.config, `${config()}directories:\n  ${project}: gone\n`);
    const lines = config().split("\n").length - 1;
    for (const args of [[], ["-p", "hi"]]) {
      const { code, stderr, account } = await started(args, join(project, "deep"));
      expect({ code, account }).toEqual({ code: 2, account: "no client was started" });
      expect(stderr).toContain(`config.yaml:${lines}:`);
      expect(stderr).toContain(`ccs use --clear ${project}`);
    }
    const told = await run(["which"]);
    expect(told.code).toBe(2);
    expect(JSON.parse((await run(["which", "--json"])).stdout).error.code).toBe("config-invalid");
    expect((await started(["-p"], person.root)).account).toBeNull();
    expect((await started(["work"])).account).toBe("work");
  });

  test("start nobody where it cannot be known which folder a rule is for", async () => {
    writeFileSync(person.config, `${config()}directories:\n  project: work\n`);
    const { code, stderr, account } = await started([]);
    expect({ code, account }).toEqual({ code: 2, account: "no client was started" });
    expect(stderr).toContain('the directory "project" is not an absolute path');
    expect((await started(["spare"])).account).toBe("spare");
  });
});

describe("ccs -", () => {
  const usedAt = (account: string, time: string) =>
    writeFileSync(person.config, config().replace(new RegExp(`(  ${account}:\n(?:    .*\n)*?    last_used: ).*`), `$1"${time}"`));

  test("starts the account used before the last one, back and forth, with its arguments untouched", async () => {
    await person.must("auth", "create", "third", "--no-login");
    usedAt("work", "2026-01-01T00:00:00.000Z");
    usedAt("spare", "2026-01-02T00:00:00.000Z");
    usedAt("third", "2025-01-02T00:00:00.000Z");
    expect(await started(["-", "-c", "--", "-"])).toMatchObject({ account: "work", args: ["-c", "--", "-"] });
    expect((await started(["-"])).account).toBe("spare");
    expect((await started(["-"])).account).toBe("work");
    expect((await started(["-", "--version"])).account).toBe("spare");
  });

  test("says so where no account was used before, and starts nobody", async () => {
    const none = await started(["-"]);
    expect({ code: none.code, account: none.account }).toEqual({ code: 2, account: "no client was started" });
    expect(none.stderr).toContain("no account was used yet");
    usedAt("spare", "2026-01-02T00:00:00.000Z");
    const one = await started(["-", "-p"]);
    expect(one.account).toBe("no client was started");
    expect(one.stderr).toContain("no account was used before spare");
    expect(one.stderr).toContain("work, spare");
  });
});
