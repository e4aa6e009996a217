import { describePolicy } from "../policy/index.ts";
import type { Plan } from "./types.ts";

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** Bytes for people: `312 B`, `4.2 kB`, `1.3 GB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A plan in plain sentences, the same in every face. Empty where it changes nothing. */
export function describePlan(plan: Plan): string[] {
  const { intent, summary: s } = plan;
  const lines: string[] = [];
  const to = intent.to.mode === "shared" ? intent.to.group : intent.account;
  if (intent.from === null || describePolicy(intent.from) !== describePolicy(intent.to)) {
    lines.push(
      `${intent.account} becomes ${describePolicy(intent.to)}${intent.from === null ? "" : ` (it was ${describePolicy(intent.from)})`}.`,
    );
  }
  // Of a group nothing was said in there is nothing to say.
  if (s.sessionsOut > 0 || (s.sessionsStay > 0 && intent.from?.mode === "shared")) {
    const from = intent.from?.mode === "shared" ? intent.from.group : "the group";
    const continued = s.sessionsContinued > 0 ? `; you continued ${s.sessionsContinued} of these` : "";
    const stays = `${s.sessionsStay} ${s.sessionsStay === 1 ? "stays" : "stay"} in ${from}${continued}`;
    lines.push(`${intent.account} takes a copy of ${count(s.sessionsOut, "session")} along; ${stays}. Nothing is withdrawn from ${from}.`);
  }
  if (s.sessionsIn > 0) lines.push(`${count(s.sessionsIn, "session moves", "sessions move")} into ${to}.`);
  if (s.sessionsKnown > 0)
    lines.push(`${count(s.sessionsKnown, "session is", "sessions are")} on both sides already; the longer stays under the name.`);
  if (s.sessionsAppended > 0) lines.push(`${count(s.sessionsAppended, "session gets", "sessions get")} its missing end appended.`);
  if (s.forks.length > 0)
    lines.push(`${count(s.forks.length, "diverged session becomes a session", "diverged sessions become sessions")} of its own.`);
  if (s.conflicts.length > 0)
    lines.push(
      `${count(s.conflicts.length, "file differs", "files differ")} on both sides; both stay, the arriving one as "name.from-${intent.account}".`,
    );
  if (s.setAside > 0) lines.push(`${count(s.setAside, "file is", "files are")} kept in set-aside.`);
  if (s.bytesCopied > 0) lines.push(`${formatBytes(s.bytesCopied)} are copied.`);
  for (const r of s.retention)
    lines.push(`Retention of ${r.account} rises from ${r.from} to ${r.to} days, so that it deletes nobody's sessions.`);
  for (const e of s.settings) {
    if (e.add.length > 0)
      lines.push(
        `${count(e.add.length, "permission rule is", "permission rules are")} added to ${e.path}, so that memory and tool results keep working without asking.`,
      );
    if (e.remove.length > 0)
      lines.push(
        `${count(e.remove.length, "permission rule", "permission rules")} ccs had added ${e.remove.length === 1 ? "is" : "are"} taken out of ${e.path}.`,
      );
  }
  lines.push(...s.notes);
  if (lines.length === 0 && plan.operations.length > 0) lines.push(`The links of ${intent.account} are mended.`);
  return lines;
}
