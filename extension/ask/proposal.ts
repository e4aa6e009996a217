import type { Proposal } from "../engine/calls.ts";

/**
 * A plan as a person reads it before saying yes: what it does, who runs meanwhile, what stands in its way. One item a line.
 * @param account whose clients they are
 */
export function proposalText(
  account: string,
  { sentences, blockers, running }: Pick<Proposal, "sentences" | "blockers" | "running">,
): string {
  const clients =
    blockers.some(({ code }) => code === "busy") || running.length === 0
      ? []
      : running.map(
          ({ pid, cwd }) =>
            `Claude Code of ${account} runs now (process ${pid}${cwd === null ? "" : ` in ${cwd}`}); it goes on undisturbed, and what it writes comes along.`,
        );
  const does = [...sentences, ...clients].map((sentence) => `• ${sentence}`);
  if (blockers.length === 0) return does.join("\n");
  const ways = blockers.map(({ message, hint, where }) => `• ${message}${message.includes(where) ? "" : ` (${where})`}\n   ${hint}`);
  return [...does, ...(does.length > 0 ? [""] : []), "What stands in the way:", ...ways].join("\n");
}
