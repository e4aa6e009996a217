import { createHash } from "node:crypto";

/** A UUID (version 4 in form) made from a name: the same name, the same id. */
export function idOf(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

/** What a client writes before the first turn of an interactive session. */
function head(session: string, owner: string | null): string {
  return [
    line({ type: "mode", mode: "normal", sessionId: session }),
    line({ type: "permission-mode", permissionMode: "default", sessionId: session }),
    ...(owner === null
      ? []
      : [line({ type: "session-owner", accountUuid: owner, organizationUuid: idOf("organization"), sessionId: session })]),
  ].join("");
}

/** The uuid of the last line of a turn: what the next turn's first line names as its parent. */
function lastOf(session: string, said: readonly string[]): string {
  return idOf(`${session}/${said.join("/")}/assistant`);
}

/** One turn: what a client appends to a transcript for a prompt and its answer. */
function turn(session: string, before: readonly string[], text: string): string {
  const said = [...before, text];
  const user = idOf(`${session}/${said.join("/")}/user`);
  const parent = before.length === 0 ? null : lastOf(session, before);
  const common = { isSidechain: false, cwd: "/home/ann/app", sessionId: session, version: "2.1.330" };
  return [
    line({
      type: "file-history-snapshot",
      messageId: user,
      snapshot: { messageId: user, trackedFileBackups: {} },
      isSnapshotUpdate: false,
    }),
    line({ parentUuid: parent, ...common, type: "user", message: { role: "user", content: text }, uuid: user }),
    line({
      parentUuid: user,
      ...common,
      type: "assistant",
      session_id: session,
      message: { role: "assistant", content: [{ type: "text", text: `You said: ${text}` }] },
      uuid: lastOf(session, said),
    }),
  ].join("");
}

/**
 * A whole transcript.
 * @param owner the login that made its first turn; null for an older client, which did not write one
 */
export function conversation(session: string, owner: string | null, said: readonly string[]): string {
  return head(session, owner) + continued(session, said, 0);
}

/** Only what was written from turn `from` on, as by a client whose file was moved away under it. */
export function continued(session: string, said: readonly string[], from: number): string {
  return said.flatMap((text, n) => (n < from ? [] : [turn(session, said.slice(0, n), text)])).join("");
}
