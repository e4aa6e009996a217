import type { Change, ContextPolicy, Take } from "../../shared/index.ts";
import type { Dialogue, PickQuestion, Question } from "../ask/question.ts";
import type { SyncChoices } from "../engine/calls.ts";

/** Stands for a group that is not there yet; no group's name begins with it. */
const NEW = "+";

/** What was answered so far. */
export interface Answers {
  readonly mode?: ContextPolicy["mode"];
  /** `NEW` where its name is asked for next. */
  readonly group?: string;
  /** The new group's, as it was typed. */
  readonly name?: string;
  readonly continuity?: "standard" | "deeper";
  readonly take?: Take;
}

/** What is wrong with the name of a group, as a sentence; null where nothing is. */
export interface GroupNames {
  check(raw: string): Promise<string | null>;
}

/** The questions of Edit History Sync for one account. */
export function syncDialogue(account: string, choices: SyncChoices, names: GroupNames): Dialogue<Answers> {
  return {
    title: `Edit History Sync: ${account}`,
    start: {},
    next(answers) {
      const question = syncQuestion(account, choices, names, answers);
      return question === null ? null : { question, ...stepsOf(choices, answers) };
    },
    answered: (answers, answer) => answeredSync(choices, answers, answer),
  };
}

/** The answers, with one to the question that `syncQuestion` asks. */
export function answeredSync(choices: SyncChoices, answers: Answers, answer: string): Answers {
  if (answers.mode === undefined) {
    const mode = answer as ContextPolicy["mode"];
    // Where there is no group yet there is nothing to choose from.
    return mode === "shared" && choices.groups.length === 0 ? { mode, group: NEW } : { mode };
  }
  if (answers.mode === "shared") {
    if (answers.group === undefined) return { ...answers, group: answer };
    if (answers.group === NEW && answers.name === undefined) return { ...answers, name: answer };
    if (answers.continuity === undefined) return { ...answers, continuity: answer as NonNullable<Answers["continuity"]> };
  }
  return { ...answers, take: answer as Take };
}

/** The next question; null where all is answered. */
export function syncQuestion(account: string, choices: SyncChoices, names: GroupNames, answers: Answers): Question | null {
  const { policy, groups, continuities, rewind } = choices;
  const now = policy?.mode === "shared" ? policy : null;
  if (answers.mode === undefined) {
    return {
      kind: "pick",
      placeholder: `Whose history does ${account} see?${choices.now === null ? "" : ` It is ${choices.now}.`}`,
      options: choices.modes.map(({ value, label, hint }) => ({ value, label, detail: hint, current: policy?.mode === value })),
    };
  }
  if (answers.mode === "shared" && answers.group === undefined) {
    const known = groups.map(({ name, members, sessions }) => ({
      value: name,
      label: name,
      description: `${members}; ${sessions} ${sessions === 1 ? "session" : "sessions"}`,
      current: now?.group === name,
    }));
    const fresh = { value: NEW, label: "New group..." };
    return { kind: "pick", placeholder: `Which group does ${account} share a history with?`, options: [...known, fresh] };
  }
  if (answers.mode === "shared" && answers.group === NEW && answers.name === undefined) {
    return { kind: "text", prompt: "Name of the new group", value: "", placeholder: "team-alpha", check: names.check };
  }
  if (answers.mode === "shared" && answers.continuity === undefined) {
    return {
      kind: "pick",
      placeholder: `${rewind}.`,
      options: continuities.map(({ value, label, hint }) => ({ value, label, detail: hint, current: now?.continuity === value })),
    };
  }
  return answers.take === undefined && asksTake(choices, answers) ? takeQuestion(account, choices) : null;
}

/** What a shared account takes along. */
export function takeQuestion(account: string, { takes }: SyncChoices): PickQuestion {
  return {
    kind: "pick",
    placeholder: `The group keeps everything. What does ${account} take a copy of?`,
    options: takes.map(({ value, label, hint }) => ({ value, label, description: hint })),
  };
}

/** Whether something is left behind, so that it has to be decided what comes along. */
function asksTake({ policy }: SyncChoices, { mode, group, name, continuity }: Answers): boolean {
  if (policy?.mode !== "shared") return false;
  if (mode === "isolated") return true;
  return (name ?? group) !== policy.group || (policy.continuity === "deeper" && continuity === "standard");
}

/** Where a question stands, and of how many as far as can be told by then; the plan is the last. */
export function stepsOf(choices: SyncChoices, answers: Answers): { readonly step: number; readonly of: number } {
  const { mode, group, name, continuity, take } = answers;
  const settled = [mode, group === NEW ? name : group, continuity, take].filter((answer) => answer !== undefined).length;
  const takes = mode === undefined ? choices.policy?.mode === "shared" : asksTake(choices, answers);
  return { step: settled + 1, of: (mode === "shared" ? 3 : 1) + (takes ? 1 : 0) + 1 };
}

/** The change that was asked for. @param name the new group's, in the form it is kept in; null where it is not new */
export function changeOf(account: string, { mode, group, continuity, take }: Answers, name: string | null): Change {
  return { account, to: policyOf({ mode, group, continuity }, name), take: take ?? "mine", takeSessions: [], copySettings: false };
}

/** The policy that was answered. @param name as for `changeOf` */
export function policyOf({ mode, group, continuity }: Pick<Answers, "mode" | "group" | "continuity">, name: string | null): ContextPolicy {
  if (mode !== "shared") return { mode: "isolated" };
  return { mode, group: name ?? group ?? "", continuity: continuity ?? "standard" };
}
