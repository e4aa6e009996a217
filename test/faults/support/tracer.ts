import { readFileSync } from "node:fs";
import { CHANGING, type Log, readLog } from "./calls.ts";
import { unprivileged } from "./unprivileged.ts";

/**
 * How a call is made to go wrong: the program is killed before it takes effect (`KILL`) or, for a write, when it has
 * taken half its effect (`TORN`); or the call fails.
 */
export type Fault = "KILL" | "TORN" | "EIO" | "ENOSPC";

/** The call to interfere with: the nth of that name the main thread makes. */
export interface Point {
  readonly name: string;
  readonly nth: number;
  readonly fault: Fault;
}

/** How a run ended. */
export interface Ran {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Traced extends Ran {
  readonly log: Log;
}

/** Runs a program to its end, as nobody in particular. */
export async function run(command: readonly string[], env: Record<string, string>): Promise<Ran> {
  const child = Bun.spawn(unprivileged(command), { env, stdin: "ignore", stdout: "pipe", stderr: "pipe", cwd: "/" });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  await child.exited;
  return { code: child.exitCode, signal: child.signalCode === null ? null : String(child.signalCode), stdout, stderr };
}

/**
 * Runs a program under the tracer.
 * @param root the tree its calls are looked at in
 * @param log a file for the tracer to write
 * @param point the call that goes wrong; none for a run that is only watched
 */
export async function trace(
  command: readonly string[],
  env: Record<string, string>,
  root: string,
  log: string,
  point?: Point,
): Promise<Traced> {
  const watched = point === undefined ? CHANGING.map((name) => `?${name}`).join(",") : point.name;
  const kills = point?.fault === "KILL" || point?.fault === "TORN";
  const inject =
    point === undefined ? [] : ["-e", `inject=${point.name}:${kills ? "signal=KILL" : `error=${point.fault}`}:when=${point.nth}`];
  // --seccomp-bpf stops the program at the watched calls only, which is twice as fast; strace 6.1 then injects no signals.
  const fast = kills ? [] : ["--seccomp-bpf"];
  const content = point?.fault === "TORN" ? ["-x", "-x", "-s", "16777216"] : ["-s", "0"];
  // The program's own thread is the one the log begins with: that of execve.
  const strace = ["strace", "-f", ...fast, "-y", ...content, "-e", `trace=execve,${watched}`, ...inject, "-o", log, "--"];
  const ran = await run([...strace, ...command], env);
  return { ...ran, log: readLog(readFileSync(log, "latin1"), root) };
}
