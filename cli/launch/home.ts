import { type Home, homeOf } from "../../shared/launch.ts";

/** Where this person's accounts are: `CCS_DIR`, or `.ccs` in the home directory. */
export async function home(): Promise<Home> {
  const user = process.env["HOME"] || (await import("node:os")).homedir();
  return homeOf(process.env, user, process.cwd());
}
