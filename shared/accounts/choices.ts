import { ARTIFACTS } from "../artifacts.ts";
import type { Take } from "../context/types.ts";
import type { ContextPolicy, Continuity, Mode } from "../policy/index.ts";
import type { GroupReport } from "./types.ts";

/** One answer to a question about history sync, in the words of every face. */
export interface Answer<T extends string> {
  readonly value: T;
  readonly label: string;
  /** What it means. */
  readonly hint: string;
}

export const MODE_ANSWERS: readonly Answer<Mode>[] = [
  { value: "isolated", label: "isolated", hint: "sees its own history only" },
  { value: "shared", label: "shared", hint: "sees one history with the accounts of a group" },
];

const DEEPER = ARTIFACTS.filter((artifact) => artifact.continuity === "deeper").map((artifact) => artifact.name);

export const CONTINUITY_ANSWERS: readonly Answer<Continuity>[] = [
  { value: "standard", label: "standard", hint: "conversations, their attachments and memory" },
  { value: "deeper", label: "deeper", hint: `also ${DEEPER.slice(0, -1).join(", ")} and ${DEEPER.at(-1)}` },
];

/** What the choice between them is about: two sentences without the last full stop. */
export const REWIND = "With standard, /rewind cannot restore files that another account's turns changed; with deeper, it can";

/** What an account leaves by going from one policy to another, in words: the group, or its deeper continuity. */
export function whatIsLeft(now: ContextPolicy, to: ContextPolicy): string {
  return now.mode === "shared" && (to.mode === "isolated" || to.group !== now.group) ? now.group : "deeper continuity";
}

/** The answers to "what does it take along". @param counts of `takeChoices` */
export function takeAnswers({ mine, all, continued }: { mine: number; all: number; continued: number }): readonly Answer<Take>[] {
  const others = continued === 0 ? "" : `; you continued ${continued} of the others`;
  return [
    { value: "mine", label: "its own sessions", hint: `${mine} of ${all}${others}` },
    { value: "all", label: "all sessions", hint: `${all}, also those of the other accounts` },
    { value: "none", label: "nothing", hint: "the group keeps everything" },
  ];
}

/** `work, backup (deeper)`, or `no members`. */
export function membersText({ members }: Pick<GroupReport, "members">): string {
  if (members.length === 0) return "no members";
  return members.map(({ account, continuity }) => `${account}${continuity === "deeper" ? " (deeper)" : ""}`).join(", ");
}
