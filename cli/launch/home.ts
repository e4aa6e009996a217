import { homedir } from "node:os";
import { CcsError, type Home, homeOf } from "../../shared/launch.ts";

/** Where this person's accounts are: `CCS_DIR`, or `.ccs` in the home directory. */
export function home(): Home {
  const named = process.env["CCS_DIR"];
  // The working directory may have been removed, and only a relative CCS_DIR needs it.
  const cwd = named && !named.startsWith("/") ? workingDirectory(named) : "/";
  return homeOf(process.env, process.env["HOME"] || homedir(), cwd);
}

function workingDirectory(named: string): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new CcsError("failed", `CCS_DIR is "${named}", and the working directory it is counted from is gone`, {
      hint: "change to a directory that exists, or give CCS_DIR as an absolute path",
      cause: error,
    });
  }
}
