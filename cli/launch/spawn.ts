import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { CcsError } from "../../shared/launch.ts";
import type { Start } from "./client.ts";

/**
 * For Windows, where a process cannot be replaced: the client runs beside this one, with its terminal, and this one ends
 * as it ends. Not run on Windows yet.
 * @throws CcsError `failed` where it cannot be started
 */
export async function runBeside(start: Start): Promise<never> {
  // Ctrl-C reaches both: what it means is the client's to say.
  const nothing = () => undefined;
  process.on("SIGINT", nothing);
  process.on("SIGBREAK", nothing);
  const [code, signal] = await ended(start);
  if (signal !== null) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  return process.exit(code ?? 1);
}

/** Starts the client and waits for its end. What keeps it from starting is told by an event, or thrown, as the system has it. */
async function ended(start: Start): Promise<[number | null, NodeJS.Signals | null]> {
  const program = programOf(start.file);
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(program, [...start.args], { stdio: "inherit", env: { ...start.env } });
      child.on("error", reject);
      child.on("exit", (...end) => resolve(end));
    });
  } catch (error) {
    throw new CcsError("failed", `Claude Code cannot be started: ${error instanceof Error ? error.message : String(error)}`, {
      where: start.file,
      hint: "install it anew, or set CCS_CLAUDE_PATH to its executable",
      cause: error,
    });
  }
}

/** npm puts a batch file on PATH, and no batch file gets arguments unchanged: the program it stands for is started instead. */
export function programOf(file: string): string {
  if (!/\.(?:cmd|bat)$/i.test(file)) return file;
  const program = join(dirname(file), "node_modules", "@anthropic-ai", "claude-code", "bin", "claude.exe");
  if (existsSync(program)) return program;
  throw new CcsError("failed", "Claude Code cannot be started: a batch file does not get arguments unchanged", {
    where: file,
    hint: "set CCS_CLAUDE_PATH to claude.exe",
  });
}
