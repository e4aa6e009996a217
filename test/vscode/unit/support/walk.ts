import type { Dialogue, Question } from "../../../../extension/ask/question.ts";

/** What a person was asked, in order, and where the answers led. */
export interface Walk<S> {
  readonly asked: readonly { readonly question: Question; readonly step: number; readonly of: number }[];
  /** The last state. */
  readonly state: S;
  /** Whether nothing is left to ask. */
  readonly whole: boolean;
}

/** Answers the questions of a dialogue, one after the other. */
export function walk<S>(dialogue: Dialogue<S>, ...answers: readonly string[]): Walk<S> {
  const asked: Walk<S>["asked"][number][] = [];
  let state = dialogue.start;
  for (const answer of answers) {
    const next = dialogue.next(state);
    if (next === null) throw new Error(`nothing was asked any more before the answer ${answer}`);
    asked.push(next);
    const { question } = next;
    if (question.kind === "pick" && !question.options.some(({ value }) => value === answer))
      throw new Error(`${answer} was not offered: ${question.options.map(({ value }) => value)}`);
    state = dialogue.answered(state, answer);
  }
  const last = dialogue.next(state);
  if (last !== null) asked.push(last);
  return { asked, state, whole: last === null };
}

/** The question a person stands before after some answers. */
export function questionAfter<S>(dialogue: Dialogue<S>, ...answers: readonly string[]): Question {
  const { asked, whole } = walk(dialogue, ...answers);
  const last = asked.at(-1);
  if (whole || last === undefined) throw new Error("nothing is asked any more");
  return last.question;
}

/** What it offers, each with all that is said of it. */
export function offered(question: Question): string[] {
  if (question.kind !== "pick") throw new Error("a text is asked for");
  return question.options.map(({ label, description = "", detail = "", current }) =>
    [label, description, detail, current === true ? "(now)" : ""].filter((words) => words !== "").join(" | "),
  );
}
