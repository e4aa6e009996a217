/** The id of a made-up session: `session(1)` is 00000001-.... */
export function session(n: number): string {
  return `${n.toString(16).padStart(8, "0")}-aaaa-4aaa-8aaa-aaaaaaaaaaaa`;
}

export const S = session(1);
export const T = session(2);
export const U = session(3);

/** One line of a transcript, as the client writes a turn. */
export function turn(id: string, parent: string | null, of: string, text = `text of ${id}`): string {
  return `${JSON.stringify({ type: "user", uuid: id, parentUuid: parent, sessionId: of, message: text })}\n`;
}

/** An answer of the assistant. */
export function answer(id: string, parent: string | null, of: string): string {
  return `${JSON.stringify({ type: "assistant", uuid: id, parentUuid: parent, sessionId: of, message: `answer ${id}` })}\n`;
}

/** A transcript whose turns follow one another. @param after the turn the first one follows */
export function chain(of: string, ids: readonly string[], after: string | null = null): string {
  return ids.map((id, at) => turn(id, at === 0 ? after : (ids[at - 1] as string), of)).join("");
}

/** What the client writes at the beginning of a session under a login. */
export function ownerLine(of: string, accountUuid: string): string {
  return `${JSON.stringify({ type: "session-owner", sessionId: of, accountUuid, organizationUuid: `org-${accountUuid}` })}\n`;
}

/** A line that belongs to no turn. */
export function bookkeeping(of: string, note: string): string {
  return `${JSON.stringify({ type: "queue-operation", sessionId: of, note })}\n`;
}

/** Lines of a transcript, without the empty one at the end. */
export function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
