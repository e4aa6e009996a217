import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type Api, startApi } from "./api.ts";
import { realClient } from "./client.ts";
import { type Login, logIn, loginOf } from "./login.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** How a program that ran to its end ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One person's machine for one test: a home, a `CCS_DIR`, a working directory, and a model that answers. */
export interface World {
  readonly root: string;
  readonly ccsDir: string;
  readonly cwd: string;
  readonly api: Api;
  /** The environment of everything started here; nothing of the test's own environment is in it. */
  readonly env: Readonly<Record<string, string>>;
  instance(account: string): string;
  /** Gives an account a dummy login that trusts the working directory, and answers it. */
  logIn(account: string): Login;
  /** Runs the compiled `ccs` with nothing on its standard input. */
  ccs(...args: readonly string[]): Promise<Ended>;
  /** The same, and fails with its output where it exits with anything but 0. */
  must(...args: readonly string[]): Promise<Ended>;
  /** The compiled `ccs` in a terminal of its own. */
  terminal(...args: readonly string[]): Terminal;
  /** Runs any program in this world. */
  run(command: readonly string[], extra?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Any program in a terminal in this world. */
  openTerminal(command: readonly string[], extra?: Readonly<Record<string, string>>): Terminal;
  /** Ends everything that was started here, by its id, and removes the directory. */
  close(): Promise<void>;
}

export const BINARY = process.env["CCS_TEST_BINARY"] ?? join(import.meta.dir, "../../../dist/ccs");

/** Variables that keep the client on this machine and in one version. */
const OFFLINE = {
  DISABLE_TELEMETRY: "1",
  DISABLE_ERROR_REPORTING: "1",
  DISABLE_AUTOUPDATER: "1",
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  IS_SANDBOX: "1",
};

export function makeWorld(options: { readonly ccsDir?: string } = {}): World {
  const root = realpathSync(mkdtempSync(join(process.env["CCS_TEST_TMP"] ?? tmpdir(), "ccs-real-")));
  const home = join(root, "home");
  const cwd = join(root, "work");
  const ccsDir = join(root, options.ccsDir ?? "ccs");
  mkdirSync(home);
  mkdirSync(cwd);
  mkdirSync(join(root, "tmp"));
  const api = startApi();
  const env: Record<string, string> = {
    ...OFFLINE,
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    LANG: "C.UTF-8",
    TZ: "UTC",
    HOME: home,
    TMPDIR: join(root, "tmp"),
    CCS_DIR: ccsDir,
    CCS_CLAUDE_PATH: realClient(),
    ANTHROPIC_BASE_URL: api.url,
  };
  const terminals: Terminal[] = [];
  const running = new Set<Bun.Subprocess>();

  const world: World = {
    root,
    ccsDir,
    cwd,
    api,
    env,
    instance: (account) => join(ccsDir, "instances", account),
    logIn(account) {
      const login = loginOf(account);
      logIn(world.instance(account), login, [cwd]);
      return login;
    },
    ccs: (...args) => world.run([BINARY, ...args]),
    async must(...args) {
      const ended = await world.ccs(...args);
      if (ended.code !== 0) throw new Error(`ccs ${args.join(" ")} exited ${ended.code}\n${ended.stdout}\n${ended.stderr}`);
      return ended;
    },
    terminal: (...args) => world.openTerminal([BINARY, ...args]),
    async run(command, extra = {}) {
      const child = Bun.spawn([...command], { cwd, env: { ...env, ...extra }, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
      running.add(child);
      const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
      running.delete(child);
      return { code, stdout, stderr };
    },
    openTerminal(command, extra = {}) {
      const terminal = openTerminal(command, { directory: root, cwd, env: { ...env, ...extra } });
      terminals.push(terminal);
      return terminal;
    },
    async close() {
      for (const terminal of terminals) await terminal.close();
      for (const child of running) child.kill("SIGKILL");
      await Promise.all([...running].map((child) => child.exited));
      await api.stop();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return world;
}

/** One line of a transcript. */
export type Line = Readonly<Record<string, unknown>>;

/** The lines of a transcript. */
export function linesOf(file: string): Line[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}

/** The transcripts below a `projects` directory, oldest name first. */
export function transcriptsIn(projects: string): string[] {
  return readdirSync(projects, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) =>
      readdirSync(join(projects, entry.name))
        .filter((name) => name.endsWith(".jsonl"))
        .map((name) => join(projects, entry.name, name)),
    )
    .sort();
}

/** The session a transcript is named after. */
export const sessionOf = (transcript: string): string => basename(transcript, ".jsonl");
