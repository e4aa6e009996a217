import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** A terminal of its own (a tmux server with one window) with one program in it. */
export interface Terminal {
  /** What stands on the screen now. */
  screen(): string;
  /** Waits until the screen shows what is looked for; fails with the screen where it does not in time. */
  until(wanted: string | RegExp | ((screen: string) => boolean), seconds?: number): Promise<string>;
  /** Types text as a person would, and nothing else. */
  type(text: string): void;
  /** Presses keys by their tmux names: `Enter`, `Escape`, `Down`, `C-c`. */
  press(...keys: readonly string[]): void;
  /** What stands on the screen, with the sequences that paint it. */
  styled(): string;
  /** Makes the terminal another size. */
  resize(columns: number, rows: number): void;
  /** Pastes text, marked as such where the program asked for it. */
  paste(text: string): void;
  /** Process id of the program (of what it became, where it replaced itself). */
  readonly pid: number;
  /** Whether the program still runs. */
  alive(): boolean;
  /** Waits until the program has ended. */
  ended(seconds?: number): Promise<void>;
  /** Ends the program, where it still runs, and its terminal; nothing of either is left when it is done. */
  close(): Promise<void>;
}

export interface TerminalOptions {
  /** Where the terminal's own socket may lie. */
  readonly directory: string;
  readonly cwd: string;
  /** The whole environment of the program; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
}

let opened = 0;

/** Starts a program in a terminal of 130 by 50. */
export function openTerminal(command: readonly string[], options: TerminalOptions): Terminal {
  opened += 1;
  const socket = join(options.directory, `terminal-${opened}`);
  const tmux = (...args: readonly string[]) => {
    const done = spawnSync("tmux", ["-S", socket, "-f", "/dev/null", ...args], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], LANG: "C.UTF-8", TERM: "xterm-256color" },
    });
    if (done.error) throw done.error;
    return done;
  };
  const must = (...args: readonly string[]) => {
    const done = tmux(...args);
    if (done.status !== 0) throw new Error(`tmux ${args.join(" ")}: ${done.stderr}`);
    return done.stdout;
  };
  const pairs = Object.entries({ TERM: "xterm-256color", ...options.env }).map(([key, value]) => `${key}=${value}`);
  must("new-session", "-d", "-x", "130", "-y", "50", "-c", options.cwd, "sh");
  must("set-option", "-g", "remain-on-exit", "on");
  must("set-option", "-g", "status", "off");
  must("respawn-pane", "-k", "-c", options.cwd, "env", "-i", ...pairs, ...command);
  const pid = Number(must("display-message", "-p", "#{pane_pid}").trim());

  /** The client puts no-break spaces beside its prompt; to a reader they are spaces. */
  const screen = () => tmux("capture-pane", "-p").stdout.replaceAll("\u00a0", " ").trimEnd();
  const alive = () => tmux("display-message", "-p", "#{pane_dead}").stdout.trim() === "0";
  return {
    pid,
    screen,
    alive,
    styled: () => must("capture-pane", "-p", "-e"),
    resize(columns, rows) {
      must("resize-window", "-x", String(columns), "-y", String(rows));
    },
    paste(text) {
      must("set-buffer", "-b", "pasted", "--", text);
      must("paste-buffer", "-p", "-b", "pasted");
    },
    async until(wanted, seconds = 60) {
      const shows =
        typeof wanted === "function" ? wanted : (text: string) => (typeof wanted === "string" ? text.includes(wanted) : wanted.test(text));
      const deadline = Date.now() + seconds * 1000;
      for (;;) {
        const now = screen();
        if (shows(now)) return now;
        if (Date.now() > deadline || (!alive() && !shows(screen()))) {
          throw new Error(`the screen never showed ${String(wanted)}${alive() ? "" : " (the program has ended)"}:\n${screen()}`);
        }
        await Bun.sleep(50);
      }
    },
    type(text) {
      must("send-keys", "-l", "--", text);
    },
    press(...keys) {
      must("send-keys", ...keys);
    },
    async ended(seconds = 60) {
      const deadline = Date.now() + seconds * 1000;
      while (alive()) {
        if (Date.now() > deadline) throw new Error(`the program did not end:\n${screen()}`);
        await Bun.sleep(50);
      }
    },
    async close() {
      if (alive()) process.kill(pid, "SIGKILL");
      while (alive()) await Bun.sleep(10);
      tmux("kill-server");
    },
  };
}
