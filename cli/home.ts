import { homedir } from "node:os";
import { type Home, homeOf } from "../shared/index.ts";

/** Where this person's accounts are: `CCS_DIR`, or `.ccs` in the home directory. */
export function home(): Home {
  return homeOf(process.env, process.env["HOME"] || homedir(), process.cwd());
}
