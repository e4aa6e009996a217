import { askClientVersion, clientMissing, clientVersion, findClient, INSTALL_CLIENT, isOlder } from "../../claude/index.ts";
import { type Check, finding } from "../finding.ts";

/** Before it, a client misses sessions behind a link. */
const SEES_LINKS = "2.1.146";

/** Claude Code is there, which one, and it finds what is shared. */
export const client: Check = {
  name: "client",
  mends: [],
  run({ env, accounts }) {
    const path = findClient(env);
    if (path === null) {
      const { message, where, hint } = clientMissing(env);
      return [
        finding("error", message, { where: where ?? null, command: env.CCS_CLAUDE_PATH ? (hint ?? INSTALL_CLIENT) : INSTALL_CLIENT }),
      ];
    }
    const version = clientVersion(path) ?? askClientVersion(path);
    if (version === null) {
      return [finding("warning", `Claude Code does not tell its version: ${path}`, { where: path, command: INSTALL_CLIENT })];
    }
    if (isOlder(version, SEES_LINKS) && accounts.some(({ policy }) => policy?.mode === "shared")) {
      const message = `Claude Code ${version} misses links where it lists sessions, and with them what accounts share; ${SEES_LINKS} finds it`;
      return [finding("warning", message, { where: path, command: INSTALL_CLIENT })];
    }
    return [finding("ok", `Claude Code ${version}, ${path}`)];
  },
};
