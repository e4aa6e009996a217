import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTerminal, type Terminal } from "../real-client/support/terminal.ts";
import { BINARY } from "./binary.ts";
import { type LoginWay, makeLoginClient } from "./login-client.ts";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What stands on standard input; nothing where it is left out. */
  readonly stdin?: string;
}

/** One person with a home directory of their own, for one test. */
export interface Person {
  readonly root: string;
  readonly home: string;
  /** `CCS_DIR`. */
  readonly ccsDir: string;
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
  instance(account: string): string;
  /** Runs the compiled `ccs` without a terminal. */
  ccs(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** The same; fails with what it said where it does not exit with 0. */
  must(...args: readonly string[]): Promise<Ended>;
  /** Runs it in a terminal. After it, the screen shows `[exit N]`. */
  terminal(
    args: readonly string[],
    options?: { readonly env?: Readonly<Record<string, string>>; readonly columns?: number; readonly rows?: number },
  ): Terminal;
  /** How the client's login goes. */
  loggingIn(way: LoginWay): Readonly<Record<string, string>>;
  /** Writes a session into an account's history. @returns its id */
  session(account: string, words: string): string;
  /** Everything a person has: path to content, or to where a link leads. */
  tree(): Record<string, string>;
  close(): Promise<void>;
}

/** Says so where a program has ended and left the terminal without its line editing. */
const RAW = `case "$(stty -a)" in *" -icanon"*) echo "[left raw]" ;; esac`;

/** @param above where their files lie; a directory for temporary ones where it is left out */
export function makePerson(above = process.env["CCS_TEST_TMP"] ?? tmpdir()): Person {
  const base = realpathSync(mkdtempSync(join(above, "ccs-cli-")));
  // Beside it lie the sockets of the terminals, which are no part of a person's files.
  const root = join(base, "person");
  const home = join(root, "home");
  const ccsDir = join(root, "ccs");
  mkdirSync(home, { recursive: true });
  const env = {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    LANG: "C.UTF-8",
    TZ: "UTC",
    HOME: home,
    CCS_DIR: ccsDir,
    CCS_CLAUDE_PATH: makeLoginClient(root),
    STAND_IN_LOGIN: "ok",
  };
  const terminals: Terminal[] = [];
  const person: Person = {
    root,
    home,
    ccsDir,
    config: join(ccsDir, "config.yaml"),
    env,
    instance: (account) => join(ccsDir, "instances", account),
    async ccs(args, options = {}) {
      const child = Bun.spawn([BINARY, ...args], {
        cwd: root,
        env: { ...env, ...options.env },
        stdin: options.stdin === undefined ? "ignore" : new TextEncoder().encode(options.stdin),
        stdout: "pipe",
        stderr: "pipe",
      });
      const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
      return { code, stdout, stderr };
    },
    async must(...args) {
      const ended = await person.ccs(args);
      if (ended.code !== 0) throw new Error(`ccs ${args.join(" ")} exited with ${ended.code}\n${ended.stdout}${ended.stderr}`);
      return ended;
    },
    terminal(args, options = {}) {
      // The trap keeps the shell when Ctrl-C goes to all; what it starts gets the signal as usual.
      const rows = options.rows === undefined ? "" : `rows ${options.rows}`;
      const script = `stty cols ${options.columns ?? 100} ${rows}; trap : INT; "$@"; code=$?; ${RAW}; echo "[exit $code]"; while :; do sleep 60; done`;
      const terminal = openTerminal(["sh", "-c", script, "sh", BINARY, ...args], {
        directory: base,
        cwd: root,
        env: { ...env, ...options.env },
      });
      terminals.push(terminal);
      return terminal;
    },
    loggingIn: (way) => ({ STAND_IN_LOGIN: way }),
    session(account, words) {
      const id = crypto.randomUUID();
      const project = join(person.instance(account), "projects", "-home-person-task");
      mkdirSync(project, { recursive: true });
      const line = { type: "user", uuid: crypto.randomUUID(), parentUuid: null, sessionId: id, message: { role: "user", content: words } };
      writeFileSync(join(project, `${id}.jsonl`), `${JSON.stringify(line)}\n`);
      return id;
    },
    tree() {
      const found: Record<string, string> = {};
      const visit = (directory: string, name: string) => {
        for (const entry of readdirSync(directory, { withFileTypes: true })) {
          const path = join(directory, entry.name);
          const shown = `${name}${entry.name}`;
          if (entry.isSymbolicLink()) found[shown] = `-> ${readlinkSync(path)}`;
          else if (entry.isDirectory()) visit(path, `${shown}/`);
          else found[shown] = readFileSync(path, "utf8");
          if (entry.isDirectory()) found[`${shown}/`] = "";
        }
      };
      visit(root, "");
      return found;
    },
    async close() {
      await Promise.all(terminals.map((terminal) => terminal.close()));
      rmSync(base, { recursive: true, force: true });
    },
  };
  return person;
}

/** Waits until the program in a terminal has ended. @returns the last screen and the exit code */
export async function ended(terminal: Terminal): Promise<{ readonly screen: string; readonly code: number }> {
  const screen = await terminal.until(/\[exit \d+\]/);
  if (screen.includes("[left raw]")) throw new Error(`the terminal was not set back:\n${screen}`);
  return { screen, code: Number(/\[exit (\d+)\]/.exec(screen)?.[1]) };
}
