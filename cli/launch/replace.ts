import { CcsError, isErrno } from "../../shared/launch.ts";
import { err } from "../output.ts";
import type { Start } from "./client.ts";
import { namedDescriptors } from "./descriptors.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "the file, or the interpreter its first line names, is not there",
  EACCES: "it may not be executed",
  ENOEXEC: "it is neither a program for this machine nor a script whose first line names its interpreter",
};

const nothing = () => undefined;

/**
 * Puts the client in this process's place: process id, process group, terminal, working directory and the signals that
 * are ignored stay as they are, and nothing of us is left in memory.
 *
 * What differs from a client the shell started: the soft limit of open files is raised to the hard one and no signal is
 * blocked (both Bun's doing; the client, a Bun binary, raises the limit itself), SIGPIPE is not ignored even if it was
 * (the client ignores it), open files beyond the terminal's three are closed unless an argument or a variable names them,
 * and bytes that are not UTF-8 in arguments and environment are U+FFFD (which the client would make of them as well).
 * @throws CcsError `failed` where the system refuses
 */
export async function replaceProcess(start: Start): Promise<never> {
  // Bun ignores these two from its start on, and what is ignored stays so in the client; what has a handler does not.
  process.on("SIGPIPE", nothing);
  process.on("SIGXFSZ", nothing);
  const named = namedDescriptors(start.args, start.env);
  if (named.length > 0) await keepOpen(named, start);
  try {
    return process.execve?.(start.file, [start.name, ...start.args], start.env) as never;
  } catch (error) {
    const code = isErrno(error) ? (error.code ?? "") : "";
    throw new CcsError("failed", `Claude Code cannot be started: ${REASONS[code] ?? String(error)}`, {
      where: start.file,
      hint: "install it anew, or set CCS_CLAUDE_PATH to its executable",
      cause: error,
    });
  }
}

/** Returns where it did not work: the client is started all the same, and complains of the files it misses itself. */
async function keepOpen(descriptors: readonly number[], start: Start): Promise<void> {
  const { replaceKeeping } = await import("./keep-open.ts");
  try {
    replaceKeeping(descriptors, start);
  } catch (error) {
    err(
      `ccs: open files could not be handed over (${descriptors.join(", ")}): ${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
}
