import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { BINARY } from "../../support/binary.ts";
import { makePerson, type Person } from "../../support/person.ts";
import { has, hasReport, makeStandIn, type Report, readReport } from "./support/stand-in.ts";

let person: Person;
let client: string;
let report: string;

beforeEach(async () => {
  person = makePerson();
  client = makeStandIn(person.root);
  report = join(person.root, "report");
});
afterEach(() => person.close());

const SIGNALS = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  USR1: 10,
  PIPE: 13,
  TERM: 15,
  CHLD: 17,
  CONT: 18,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  WINCH: 28,
  XFSZ: 25,
};

/** The environment of a launch: of `then`, what the stand-in does once it has reported. */
function env(more: Readonly<Record<string, string>> = {}, then = "exit 0"): Record<string, string> {
  return { ...person.env, CCS_CLAUDE_PATH: client, REPORT: report, THEN: then, ...more };
}

interface Launched {
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
  readonly pid: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function launch(
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
  then?: string,
  cwd = person.root,
): Promise<Launched> {
  const child = Bun.spawn([BINARY, ...args], { cwd, env: env(more, then), stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code: child.exitCode ?? -1, signal: child.signalCode as NodeJS.Signals | null, pid: child.pid, stdout, stderr };
}

/** Launches, and fails with what was said where no client was started. */
async function launched(
  args: readonly string[],
  more?: Readonly<Record<string, string>>,
  then?: string,
): Promise<Report & { stderr: string }> {
  const { stderr, stdout } = await launch(args, more, then);
  if (!hasReport(report)) throw new Error(`no client was started:\n${stdout}${stderr}`);
  return { ...readReport(report), stderr };
}

const isolated = () => person.must("auth", "create", "work", "--no-login");
const shared = () => person.must("auth", "create", "work", "--no-login", "--context-group", "team", "--deeper-continuity");

describe("what the client is given", () => {
  const ARGS = [
    "-p",
    "--",
    "-h",
    "--help",
    "--version",
    "",
    "two words",
    "a\nb",
    "--no-color",
    "--x=1",
    "--x=2",
    "ü😀",
    "$HOME",
    "*",
    "auth",
  ];

  test("every argument after the account, in order, as it was given", async () => {
    await isolated();
    expect((await launched(["work", ...ARGS])).args).toEqual(ARGS);
  });

  test("with --help, -h or --version alone after the account too", async () => {
    await isolated();
    for (const flag of ["--help", "-h", "--version"]) expect((await launched(["work", flag])).args).toEqual([flag]);
  });

  test("the instance and the account's name in its environment, and the rest of it untouched", async () => {
    await isolated();
    const more = {
      ANTHROPIC_BASE_URL: "http://127.0.0.1:9",
      EMPTY: "",
      LINES: "a\tb",
      CLAUDE_CONFIG_DIR: "/elsewhere",
      CCS_ACCOUNT: "other",
    };
    const { env: given, cwd } = await launched(["work"], more);
    expect(given).toEqual({ ...env(more), CLAUDE_CONFIG_DIR: person.instance("work"), CCS_ACCOUNT: "work" });
    expect(cwd).toBe(realpathSync(person.root));
  });

  test("no variable that would make it somebody else, and standard error says so in one line", async () => {
    await isolated();
    const names = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN", "CLAUDE_SECURESTORAGE_CONFIG_DIR"];
    const set = Object.fromEntries(names.map((name) => [name, "hush"]));
    const without = await launched(["work"], set);
    for (const name of names) expect(without.env).not.toHaveProperty(name);
    expect(without.stderr).toMatch(/^ccs: [^\n]*\n$/);
    for (const name of names) expect(without.stderr).toContain(name);
    expect(without.stderr).not.toContain("hush");

    const kept = await launched(["work"], { ...set, CCS_KEEP_AUTH_ENV: "1" });
    for (const name of names) expect(kept.env[name]).toBe("hush");
    expect(kept.stderr).toBe("");
  });

  test("BUN_OPTIONS as it was set, which the client honours itself", async () => {
    await isolated();
    const { env: given, args } = await launched(["work", "x"], { BUN_OPTIONS: "--smol" });
    expect(given["BUN_OPTIONS"]).toBe("--smol");
    expect(args).toEqual(["x"]);
  });

  test("nothing of the .env and bunfig.toml in the directory it is started in", async () => {
    await isolated();
    writeFileSync(join(person.root, ".env"), "FROM_DOTENV=1\nCCS_CLAUDE_PATH=/nowhere\n");
    writeFileSync(
      join(person.root, "preload.js"),
      `require("node:fs").writeFileSync(${JSON.stringify(join(person.root, "preloaded"))}, "");`,
    );
    writeFileSync(join(person.root, "bunfig.toml"), 'preload = ["./preload.js"]\n[run]\nsilent = true\n');
    const { env: given } = await launched(["work"]);
    expect(given).not.toHaveProperty("FROM_DOTENV");
    expect(existsSync(join(person.root, "preloaded"))).toBe(false);
    expect((await person.must("--version")).stdout).toMatch(/^ccs \d/);
    expect(existsSync(join(person.root, "preloaded"))).toBe(false);
  });
});

describe("the process", () => {
  test("is the client's own: the same process id and parent, and nothing of us beside it", async () => {
    await isolated();
    const child = Bun.spawn([BINARY, "work"], {
      cwd: person.root,
      env: env({}, "sleep 600"),
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
    });
    try {
      while (!hasReport(report)) await Bun.sleep(5);
      const { pid, parent } = readReport(report);
      expect(pid).toBe(child.pid);
      expect(parent).toBe(process.pid);
      expect(readlinkSync(`/proc/${pid}/exe`)).not.toBe(realpathSync(BINARY));
      const children = () => spawnSync("ps", ["-o", "args=", "--ppid", String(pid)], { encoding: "utf8" }).stdout.trim();
      while (children() !== "sleep 600") await Bun.sleep(5);
    } finally {
      spawnSync("pkill", ["-KILL", "-P", String(child.pid)]);
      child.kill("SIGKILL");
      await child.exited;
    }
  });

  test("ends with the client's exit code", async () => {
    await isolated();
    for (const code of [0, 1, 2, 75, 127, 255]) expect((await launch(["work"], {}, `exit ${code}`)).code).toBe(code);
  });

  test("dies of the signal the client dies of", async () => {
    await isolated();
    for (const signal of ["TERM", "INT", "KILL", "PIPE", "XFSZ"]) {
      expect((await launch(["work"], {}, `kill -${signal} $$`)).signal as string).toBe(`SIG${signal}`);
    }
  });

  test("has the default dispositions: no signal is ignored and none is blocked", async () => {
    await isolated();
    const { ignored, blocked } = await launched(["work"]);
    expect(Object.entries(SIGNALS).filter(([, number]) => has(ignored, number))).toEqual([]);
    expect(blocked).toBe(0n);
  });

  test("leaves ignored what was ignored, as under nohup", async () => {
    await isolated();
    const done = spawnSync("sh", ["-c", 'trap "" HUP QUIT; exec "$0" work', BINARY], { cwd: person.root, env: env(), encoding: "utf8" });
    expect(done.stderr).toBe("");
    const { ignored } = readReport(report);
    expect(Object.entries(SIGNALS).flatMap(([name, number]) => (has(ignored, number) ? [name] : []))).toEqual(["HUP", "QUIT"]);
  });

  test("has the files it was given as its own standard input, output and error", async () => {
    await isolated();
    const [input, output, errors] = ["in", "out", "err"].map((name) => join(person.root, name)) as [string, string, string];
    writeFileSync(input, "typed");
    const done = spawnSync("sh", ["-c", '"$0" work <"$1" >"$2" 2>"$3"', BINARY, input, output, errors], {
      cwd: person.root,
      env: env({}, "cat; echo oops >&2"),
    });
    expect(done.status).toBe(0);
    expect(readReport(report).files).toMatchObject({ 0: input, 1: output, 2: errors });
    expect(readFileSync(output, "utf8")).toBe("typed");
    expect(readFileSync(errors, "utf8")).toBe("oops\n");
  });

  test("ends by SIGPIPE where nobody reads on, as any program does", async () => {
    await isolated();
    const done = spawnSync("bash", ["-c", '"$0" work | head -n 1; echo $PIPESTATUS', BINARY], {
      cwd: person.root,
      env: env({}, "exec yes"),
      encoding: "utf8",
    });
    expect(done.stdout).toBe("y\n141\n");
  });

  test("can read a file that is named to it by its number, as bash's <(...) does", async () => {
    await isolated();
    const done = spawnSync("bash", ["-c", '"$0" work --read=<(echo from another command)', BINARY], {
      cwd: person.root,
      env: env(),
      encoding: "utf8",
    });
    expect(done.stderr).toBe("");
    expect(readReport(report).read).toBe("from another command");
    expect(readReport(report).args[0]).toMatch(/^--read=\/dev\/fd\/\d+$/);
  });

  test("has no file of ours open", async () => {
    await isolated();
    writeFileSync(client, "#!/bin/sh\nexec ls -v /proc/self/fd\n");
    // 3 is the directory ls itself reads.
    expect((await launch(["work"])).stdout).toBe("0\n1\n2\n3\n");
  });
});

describe("which account", () => {
  test("the default where none is named, also when flags come first", async () => {
    await isolated();
    await person.must("auth", "default", "work");
    expect((await launched([])).env["CCS_ACCOUNT"]).toBe("work");
    const { args, env: given } = await launched(["-c", "work"]);
    expect(given["CCS_ACCOUNT"]).toBe("work");
    expect(args).toEqual(["-c", "work"]);
  });

  test("none where there is no default: the plain client, in the environment as it is", async () => {
    for (const make of [() => undefined, isolated]) {
      await make();
      const set = { ANTHROPIC_API_KEY: "k" };
      const { env: given, args, stderr } = await launched(["-p", "hi"], set);
      expect(given).toEqual(env(set));
      expect(args).toEqual(["-p", "hi"]);
      expect(stderr).toBe("");
    }
  });

  test("one that is not there is an error with the nearest one and all there are", async () => {
    await isolated();
    await person.must("auth", "create", "spare", "--no-login");
    const { code, stderr, stdout } = await launch(["wrok", "-p"]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain('"wrok"');
    expect(stderr).toContain('did you mean "ccs work"?');
    expect(stderr).toContain("work, spare");
    expect((await launch(["Work"])).stderr).toContain('did you mean "ccs work"?');
    expect((await launch(["docter"])).stderr).toContain('did you mean "ccs doctor"?');
    expect((await launch(["completion"])).stderr).toContain('did you mean "ccs completions"?');
    const far = await launch(["something-else"]);
    expect(far.stderr).not.toContain("did you mean");
    expect(far.stderr).toContain("work, spare");
    expect(hasReport(report)).toBe(false);
  });

  test("a first account is still to be made where there is none", async () => {
    const { code, stderr } = await launch(["work"]);
    expect(code).toBe(2);
    expect(stderr).toContain("ccs auth create <account>");
  });

  test("a default that is not there is an error, not the plain client", async () => {
    await isolated();
    writeFileSync(person.config, `default: "gone"\n${readFileSync(person.config, "utf8")}`);
    const { code, stderr } = await launch([]);
    expect(code).toBe(2);
    expect(stderr).toContain('the default account "gone" does not exist');
    expect(stderr).toContain("ccs auth default");
    expect(hasReport(report)).toBe(false);
  });

  test("one whose policy does not parse is not started, and its links stay as they are", async () => {
    await shared();
    writeFileSync(person.config, readFileSync(person.config, "utf8").replace("deeper", "deep"));
    const links = readdirSync(person.instance("work")).sort();
    const { code, stderr } = await launch(["work"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/config\.yaml:\d+:\d+ continuity_mode is "deep"; allowed: "standard" or "deeper"/);
    expect(stderr).toContain(`correct ${person.config}`);
    expect(hasReport(report)).toBe(false);
    expect(readdirSync(person.instance("work")).sort()).toEqual(links);
  });

  test("none where config.yaml is no YAML", async () => {
    await isolated();
    writeFileSync(person.config, "accounts:\n  work: [\n");
    const { code, stderr } = await launch(["work"]);
    expect(code).toBe(2);
    expect(stderr).toContain("config.yaml:");
    expect(hasReport(report)).toBe(false);
  });
});

describe("where there is no client to start", () => {
  test("it exits 127 with the line that installs it", async () => {
    await isolated();
    const { code, stderr } = await launch(["work"], { CCS_CLAUDE_PATH: "", PATH: "/nowhere" });
    expect(code).toBe(127);
    expect(stderr).toContain("npm install -g @anthropic-ai/claude-code");
  });

  test("a CCS_CLAUDE_PATH that is wrong is named, and nothing on PATH is taken in its place", async () => {
    await isolated();
    const { code, stderr } = await launch(["work"], { CCS_CLAUDE_PATH: "/nowhere/claude", PATH: `${person.root}:${process.env["PATH"]}` });
    expect(code).toBe(127);
    expect(stderr).toContain("/nowhere/claude");
    expect(hasReport(report)).toBe(false);
  });

  test("the one on PATH is found", async () => {
    await isolated();
    const { env: given } = await launched(["work"], { CCS_CLAUDE_PATH: "", PATH: `${person.root}:${process.env["PATH"]}` });
    expect(given["CCS_ACCOUNT"]).toBe("work");
  });

  test("one the system cannot start is an error that says why, and nothing else is printed", async () => {
    await isolated();
    const start = async (text: string) => {
      writeFileSync(client, text);
      const { code, stderr, stdout } = await launch(["work"]);
      expect(code).toBe(1);
      expect(stdout).toBe("");
      expect(stderr).toContain(client);
      expect(stderr).not.toContain("Warning");
      return stderr;
    };
    expect(await start("neither binary nor script\n")).toContain("neither a program for this machine nor a script");
    expect(await start(`#!${person.root}/nowhere/interpreter\n`)).toContain("interpreter");
  });
});

describe("links before a client starts", () => {
  test("one whose projects leads nowhere is never started so: the group's directory is made anew", async () => {
    await shared();
    const projects = join(person.ccsDir, "shared/context-groups/team/projects");
    renameSync(projects, `${projects}.away`);
    await launched(["work"]);
    expect(statSync(join(person.instance("work"), "projects")).isDirectory()).toBe(true);
    expect(realpathSync(join(person.instance("work"), "projects"))).toBe(realpathSync(projects));
  });

  test("a link that is missing is made", async () => {
    await shared();
    rmSync(join(person.instance("work"), "file-history"));
    await launched(["work"]);
    expect(readlinkSync(join(person.instance("work"), "file-history"))).toBe(
      join(person.ccsDir, "shared/context-groups/team/continuity/file-history"),
    );
  });

  test("a relative link to the right place is as good", async () => {
    await shared();
    const link = join(person.instance("work"), "projects");
    rmSync(link);
    symlinkSync("../../shared/context-groups/team/projects", link);
    await launched(["work"]);
    expect(readlinkSync(link)).toBe("../../shared/context-groups/team/projects");
  });

  test("an account whose instance is not there, as in a config written by hand, gets one for itself", async () => {
    mkdirSync(person.ccsDir);
    writeFileSync(person.config, "accounts:\n  work: {}\n", { mode: 0o600 });
    await launched(["work"]);
    expect(statSync(person.instance("work")).mode & 0o777).toBe(0o700);
  });

  test("where a person has to choose first, no client is started and the command is named", async () => {
    await shared();
    writeFileSync(
      person.config,
      readFileSync(person.config, "utf8")
        .replace(/context_mode: .*/, 'context_mode: "isolated"')
        .replace(/^ *(context_group|continuity_mode): .*\n/gm, ""),
    );
    const before = readlinkSync(join(person.instance("work"), "projects"));
    const { code, stderr } = await launch(["work"]);
    expect(code).not.toBe(0);
    expect(stderr).toContain("ccs auth edit work");
    expect(hasReport(report)).toBe(false);
    expect(readlinkSync(join(person.instance("work"), "projects"))).toBe(before);
  });

  test("a plain file or a dangling link of a person's own in an isolated account's projects is refused", async () => {
    await isolated();
    const projects = join(person.instance("work"), "projects");
    rmSync(projects, { recursive: true, force: true });
    writeFileSync(projects, "mine");
    expect((await launch(["work"])).code).not.toBe(0);
    expect(readFileSync(projects, "utf8")).toBe("mine");
    rmSync(projects);
    symlinkSync("/nowhere/projects", projects);
    expect((await launch(["work"])).code).not.toBe(0);
    expect(readlinkSync(projects)).toBe("/nowhere/projects");
    expect(hasReport(report)).toBe(false);
  });
});

describe("last_used", () => {
  const config = () => readFileSync(person.config, "utf8");
  const lastUsed = () => /last_used: "?([^"\n]*)"?/.exec(config())?.[1];
  const setBack = (time: string) => writeFileSync(person.config, config().replace(/last_used: .*/, `last_used: "${time}"`));

  test("is written at the first launch, and not again within the minute", async () => {
    await isolated();
    const before = Date.now();
    await launched(["work"]);
    const first = lastUsed() as string;
    expect(Date.parse(first)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(first)).toBeLessThanOrEqual(Date.now());
    expect(remembered().accounts).toEqual([["work", { mode: "isolated" }, first]]);
    await launched(["work"]);
    expect(lastUsed()).toBe(first);
  });

  test("is written again later, with nothing else of the file changed", async () => {
    await isolated();
    writeFileSync(person.config, `# mine\n${config()}other: [ 1,2 ]   # stays\n`);
    for (const known of [false, true]) {
      setBack("2026-01-01T00:00:00.000Z");
      if (known) await makeKnown("2026-01-01T00:00:00.000Z");
      const before = config();
      await launched(["work"]);
      expect(lastUsed()).not.toBe("2026-01-01T00:00:00.000Z");
      expect(config().replace(lastUsed() as string, "2026-01-01T00:00:00.000Z")).toBe(before);
      expect(statSync(person.config).mode & 0o777).toBe(0o600);
      expect(remembered().accounts).toEqual([["work", { mode: "isolated" }, lastUsed()]]);
      expect(remembered().of).toBe(await fingerprint());
    }
  });

  const memory = () => join(person.ccsDir, "state/launch.json");
  const remembered = () => JSON.parse(readFileSync(memory(), "utf8"));

  /** What a launch knows the text of config.yaml by. */
  async function fingerprint(): Promise<string> {
    const version = (await person.must("--version")).stdout.trim().split(" ")[1];
    return new Bun.CryptoHasher("sha256").update(`${version}\n${config()}`).digest("base64");
  }

  /** As if config.yaml had been read as it is now by an earlier launch. */
  async function makeKnown(time: string): Promise<void> {
    const known = remembered();
    known.accounts[0][2] = time;
    writeFileSync(memory(), JSON.stringify({ ...known, of: await fingerprint() }));
  }

  test("does not wait for the lock, says nothing of it, and starts the client", async () => {
    await isolated();
    setBack("2026-01-01T00:00:00.000Z");
    const holder = join(person.ccsDir, "state/lock");
    mkdirSync(holder, { recursive: true });
    writeFileSync(
      join(holder, "holder"),
      JSON.stringify({
        token: "t",
        host: "another",
        machine: "m",
        boot: "b",
        namespace: "n",
        pid: 1,
        start: "1",
        doing: "waiting",
        since: "now",
      }),
    );
    const before = config();
    expect((await launched(["work"])).stderr).toBe("");
    expect(config()).toBe(before);
  });

  test("that cannot be written is said once and keeps nobody from starting the client", async () => {
    await isolated();
    setBack("2026-01-01T00:00:00.000Z");
    // The name the new text is written under first.
    mkdirSync(`${person.config}.ccs-new`);
    const { stderr, env: given } = await launched(["work"]);
    expect(given["CCS_ACCOUNT"]).toBe("work");
    expect(stderr).toMatch(/^ccs: last_used was not written: [^\n]*\n$/);
  });

  test("a launch of an account that is right writes nothing else", async () => {
    await shared();
    await launched(["work"]);
    const calls = traced(["work"]);
    expect(calls).toEqual([]);
  });

  /** The system calls of a launch that change a disk, up to the client's start. */
  function traced(args: readonly string[]): string[] {
    const log = join(person.root, "trace");
    const CHANGING =
      "open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,rmdir,truncate,ftruncate";
    const done = spawnSync("strace", ["-f", "-o", log, "-e", `trace=execve,${CHANGING}`, BINARY, ...args], {
      cwd: person.root,
      env: env(),
      encoding: "utf8",
    });
    expect(done.status).toBe(0);
    const lines = readFileSync(log, "utf8").split("\n");
    const starts = lines.flatMap((line, index) => (/ execve\(/.test(line) ? [index] : []));
    const ours = lines.slice(0, starts[1]).filter((line) => !/ execve\(/.test(line) && line.includes(person.ccsDir));
    return ours.filter((line) => !/ open(?:at)?\(/.test(line) || /O_WRONLY|O_RDWR|O_CREAT/.test(line));
  }
});

test("a CCS_DIR counted from the working directory is handed over whole", async () => {
  await isolated();
  const { env: given } = await launched(["work"], { CCS_DIR: "ccs" });
  expect(given["CLAUDE_CONFIG_DIR"]).toBe(person.instance("work"));
});

test("without CCS_DIR the accounts are in the home directory", async () => {
  const home = join(person.home, ".ccs");
  mkdirSync(home);
  writeFileSync(join(home, "config.yaml"), "accounts: {work: {}}\n", { mode: 0o600 });
  chmodSync(home, 0o700);
  const { env: given } = await launched(["work"], { CCS_DIR: "" });
  expect(given["CLAUDE_CONFIG_DIR"]).toBe(join(home, "instances/work"));
});
