import { OTHER_LOGINS } from "../../claude/index.ts";
import { type Check, finding } from "../finding.ts";

/** No variable of this shell makes a client somebody else than its account. */
export const environment: Check = {
  name: "environment",
  mends: [],
  run({ env }) {
    const set = OTHER_LOGINS.filter((name) => env[name] !== undefined);
    if (set.length === 0) return [finding("ok", "no variable names another login than the accounts'")];
    const one = set.length === 1;
    const names = set.join(", ");
    if (env.CCS_KEEP_AUTH_ENV === "1") {
      const message = `${names} ${one ? "makes" : "make"} every client that login, whatever its account: CCS_KEEP_AUTH_ENV=1 leaves ${one ? "it" : "them"} in`;
      return [finding("warning", message, { command: "unset CCS_KEEP_AUTH_ENV" })];
    }
    const message = `${names} ${one ? "is" : "are"} set: ccs takes ${one ? "it" : "them"} out for its clients, one started without ccs is that login`;
    return [finding("info", message, { command: `unset ${set.join(" ")}` })];
  },
};
