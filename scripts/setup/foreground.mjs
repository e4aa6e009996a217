import { spawn } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";

/**
 * Runs a program in our place: our terminal, our directory, and in the end its exit code or its death by signal.
 * Does not return.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: Record<string, string | undefined> }} where
 */
export function becomes(file, args, where) {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let child;
  // A terminal sends Ctrl-C and Ctrl-\ to both of us; sent on, they would arrive twice.
  const onTerminal = isatty(0);
  // Before the start, so that no signal ends us and leaves the program behind.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGUSR2"])) {
    process.on(signal, () => {
      if (!(onTerminal && (signal === "SIGINT" || signal === "SIGQUIT"))) child?.kill(signal);
    });
  }
  child = spawn(file, args, { ...where, stdio: "inherit" });
  child.on("error", (error) => {
    process.stderr.write(`ccs: ${file} could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // Only a signal that does not end a process comes this far.
    setTimeout(() => process.exit(128 + constants.signals[signal]), 1000);
  });
}
