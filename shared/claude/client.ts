import { accessSync, constants, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { CcsError } from "../errors.ts";

/** The one line that installs the client. */
export const INSTALL_CLIENT = "npm install -g @anthropic-ai/claude-code";

function isExecutableFile(path: string): boolean {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // A directory on PATH that may not be searched hides what is in it, as it does from a shell.
  }
}

/**
 * Where the client is.
 * @param env `CCS_CLAUDE_PATH` names it; else the first executable `claude` on `PATH`, with the extensions of `PATHEXT` on Windows
 * @returns an absolute path, or `null` where there is none, also where `CCS_CLAUDE_PATH` is set to what cannot be executed
 */
export function findClient(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string | null {
  const named = env.CCS_CLAUDE_PATH;
  if (named) {
    const path = resolve(named);
    return isExecutableFile(path) ? path : null;
  }
  for (const path of programsNamed("claude", env, platform)) return path;
  return null;
}

/** The executables of a name on `PATH`, in the order in which a shell looks: the first is the one it starts. */
export function* programsNamed(
  program: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Generator<string, void> {
  const windows = platform === "win32";
  const names = windows
    ? (env.PATHEXT || ".COM;.EXE;.BAT;.CMD").split(";").flatMap((ext) => (ext === "" ? [] : [`${program}${ext.toLowerCase()}`]))
    : [program];
  for (const directory of (env.PATH ?? "").split(windows ? ";" : ":")) {
    if (directory === "" && windows) continue;
    for (const name of names) {
      // An empty or relative entry of PATH means the working directory, as it does to a shell.
      const path = isAbsolute(directory) ? join(directory, name) : resolve(directory, name);
      if (isExecutableFile(path)) yield path;
    }
  }
}

/** The error to throw where `findClient` found none. It blames `CCS_CLAUDE_PATH` where that is what is wrong. */
export function clientMissing(env: NodeJS.ProcessEnv): CcsError {
  const named = env.CCS_CLAUDE_PATH;
  if (named) {
    return new CcsError("client-not-found", `CCS_CLAUDE_PATH names "${named}", which is not a file that can be executed`, {
      where: resolve(named),
      hint: `set CCS_CLAUDE_PATH to Claude Code's executable, or unset it and install Claude Code: ${INSTALL_CLIENT}`,
    });
  }
  return new CcsError("client-not-found", `Claude Code is not installed: there is no "claude" on PATH`, {
    hint: `install it: ${INSTALL_CLIENT}`,
  });
}
