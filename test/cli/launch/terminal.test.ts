import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTerminal, type Terminal } from "../../real-client/support/terminal.ts";
import { BINARY } from "../../support/binary.ts";

/**
 * A client that says what the terminal does to it. A stand-in, because the real one sets the terminal to raw mode: it
 * reads Ctrl-C and Ctrl-Z as keys, and could not show what the terminal itself makes of them.
 */
const CLIENT = `#!/usr/bin/perl
use POSIX ();
$| = 1;
sub size { my $size = \`stty size\`; chomp $size; return $size }
$SIG{WINCH} = sub { print "[size ", size(), "]\\n" };
$SIG{CONT} = sub { print "[continued]\\n" };
$SIG{HUP} = sub { open(my $file, ">", "$ENV{HOME}/last-words"); print $file "HUP\\n"; exit 129 };
my ($what, $with) = @ARGV;
if ($what eq "catch") { $SIG{INT} = sub { print "[caught INT]\\n" }; $SIG{QUIT} = sub { print "[caught QUIT]\\n" } }
exit $with if $what eq "exit";
kill $with, $$ if $what eq "die";
print "[terminal ", POSIX::ttyname(0), " size ", size(), "]\\n" if -t STDIN && -t STDOUT && -t STDERR;
print "[in front]\\n" if getpgrp() == $$ && POSIX::tcgetpgrp(0) == $$;
print "[ready]\\n";
while (defined(my $line = <STDIN>)) {
  chomp $line;
  last if $line eq "end";
  print "[line $line]\\n";
}
print "[end]\\n";
exit 7;
`;

let root: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "ccs-terminal-")));
  const client = join(root, "claude");
  writeFileSync(client, CLIENT);
  chmodSync(client, 0o755);
  mkdirSync(join(root, "ccs"));
  writeFileSync(join(root, "ccs/config.yaml"), "default: work\naccounts:\n  work: {}\n", { mode: 0o600 });
});
afterAll(() => rmSync(root, { recursive: true }));

let terminal: Terminal;
beforeEach(async () => {
  terminal = openTerminal(["bash", "--norc", "--noprofile", "-i"], {
    directory: root,
    cwd: root,
    env: {
      PATH: process.env["PATH"] ?? "/usr/bin:/bin",
      LANG: "C.UTF-8",
      PS1: "[shell $?]",
      HOME: root,
      CCS_DIR: join(root, "ccs"),
      CCS_CLAUDE_PATH: join(root, "claude"),
    },
  });
  await terminal.until("[shell 0]");
});
afterEach(() => terminal.close());

/** The socket of the terminal opened last. */
function socket(): string {
  const numbers = readdirSync(root).flatMap((name) => /^terminal-(\d+)$/.exec(name)?.[1] ?? []);
  return join(root, `terminal-${Math.max(...numbers.map(Number))}`);
}

/** Types a command and waits for what it brings. What was on the screen before is wiped, so that nothing of it is taken for an answer. */
async function run(command: string, wanted: string | RegExp): Promise<string> {
  terminal.type(`clear; ${command}`);
  terminal.press("Enter");
  return terminal.until(
    (screen) => !screen.includes("clear;") && (typeof wanted === "string" ? screen.includes(wanted) : wanted.test(screen)),
  );
}

// Each is shown for the client alone first, so that what is asked of a launched one is what a terminal really does.
for (const [name, command] of [
  ["the client alone", () => `${join(root, "claude")}`],
  ["the client of an account", () => `${BINARY} work`],
] as const) {
  describe(`in a terminal, ${name}`, () => {
    test("has the terminal as its own, in front of the shell", async () => {
      const screen = await run(command(), "[ready]");
      expect(screen).toMatch(/\[terminal \/dev\/pts\/\d+ size 50 130\]/);
      expect(screen).toContain("[in front]");
    });

    test("reads what is typed and ends with its own exit code", async () => {
      await run(command(), "[ready]");
      terminal.type("hello there");
      terminal.press("Enter");
      await terminal.until("[line hello there]");
      terminal.type("end");
      terminal.press("Enter");
      await terminal.until(/\[end\]\s+\[shell 7\]/);
    });

    test("is ended by Ctrl-C, as by SIGINT", async () => {
      await run(command(), "[ready]");
      terminal.press("C-c");
      await terminal.until("[shell 130]");
    });

    test("is ended by Ctrl-\\, as by SIGQUIT", async () => {
      await run(`ulimit -c 0; ${command()}`, "[ready]");
      terminal.press("C-\\");
      await terminal.until("[shell 131]");
    });

    test("gets Ctrl-C and Ctrl-\\ itself where it wants to, once each, and goes on", async () => {
      await run(`${command()} catch`, "[ready]");
      terminal.press("C-c");
      await terminal.until("[caught INT]");
      terminal.press("C-\\");
      await terminal.until("[caught QUIT]");
      terminal.type("still here");
      terminal.press("Enter");
      const screen = await terminal.until("[line still here]");
      expect(screen.match(/\[caught INT\]/g)).toHaveLength(1);
      expect(screen.match(/\[caught QUIT\]/g)).toHaveLength(1);
    });

    test("is stopped by Ctrl-Z and goes on with fg, in front again", async () => {
      await run(command(), "[ready]");
      terminal.press("C-z");
      // 128 and the number of SIGTSTP: how the shell tells that it was stopped.
      await terminal.until("[shell 148]");
      const jobs = await run("jobs -l", /\[1\]\+ +\d+ +Stopped/);
      const pid = /\[1\]\+ +(\d+)/.exec(jobs)?.[1] as string;
      expect(readFileSync(`/proc/${pid}/stat`, "utf8")).toMatch(/\) T /);
      await run("fg", "[continued]");
      terminal.type("back");
      terminal.press("Enter");
      await terminal.until("[line back]"); // only one that goes on reads it
      terminal.type("end");
      terminal.press("Enter");
      await terminal.until(/\[end\]\s+\[shell 7\]/);
    });

    test("can be put into the background and ended from the shell", async () => {
      await run(command(), "[ready]");
      terminal.press("C-z");
      // 128 and the number of SIGTSTP: how the shell tells that it was stopped.
      await terminal.until("[shell 148]");
      await run("kill %1; fg", "[shell 143]");
    });

    test("is told of a new size of the window", async () => {
      const screen = await run(command(), "[ready]");
      const tty = /\[terminal (\S+)/.exec(screen)?.[1] as string;
      expect(spawnSync("stty", ["-F", tty, "rows", "31", "cols", "97"]).status).toBe(0);
      await terminal.until("[size 31 97]");
    });

    test("dies of a signal as the shell tells it", async () => {
      await run(`${command()} die SEGV`, "[shell 139]");
      await run(`${command()} exit 75`, "[shell 75]");
    });

    test("is hung up when its terminal is closed", async () => {
      rmSync(join(root, "last-words"), { force: true });
      const screen = await run(`echo "[pid $$]"; exec ${command()}`, "[ready]");
      const pid = Number(/\[pid (\d+)\]/.exec(screen)?.[1]);
      expect(readFileSync(`/proc/${pid}/comm`, "utf8")).toBe("claude\n");
      expect(spawnSync("tmux", ["-S", socket(), "kill-server"]).status).toBe(0);
      while (existsSync(`/proc/${pid}`)) await Bun.sleep(10);
      expect(readFileSync(join(root, "last-words"), "utf8")).toBe("HUP\n");
    });
  });
}
