import { homedir } from "node:os";
import { type Home, homeOf, type Standpoint } from "../shared/index.ts";

/** Where this person's accounts are: `CCS_DIR`, or `.ccs` in the home directory. */
export function home(): Home {
  return homeOf(process.env, userHome(), process.cwd());
}

/** Where the person stands who types a path. */
export function standpoint(): Standpoint {
  return { userHome: userHome(), cwd: process.cwd() };
}

function userHome(): string {
  return process.env["HOME"] || homedir();
}
