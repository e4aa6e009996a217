import { askClientVersion, clientMissing, clientVersion, findClient, INSTALL_CLIENT } from "../../claude/index.ts";
import { type Check, finding } from "../finding.ts";

/** Claude Code is there, and which one. */
export const client: Check = {
  name: "client",
  mends: [],
  run({ env }) {
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
    return [finding("ok", `Claude Code ${version}, ${path}`)];
  },
};
