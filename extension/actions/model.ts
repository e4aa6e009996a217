import type { Take } from "../../shared/index.ts";
import type { Dialogue, PickQuestion } from "../ask/question.ts";
import type { ImportChoices, SyncChoices } from "../engine/calls.ts";
import { type Answers, answeredSync, type GroupNames, stepsOf, syncQuestion, takeQuestion } from "../sync/model.ts";

/** What was answered of a new account so far. */
export interface Creation {
  readonly name?: string;
  readonly sync: Answers;
}

/** What is wrong with the name of an account, as a sentence; null where nothing is. */
export interface AccountNames {
  check(raw: string): Promise<string | null>;
}

/** The questions of Create Account: its name, then those of Edit History Sync. */
export function creationDialogue(choices: SyncChoices, names: AccountNames, groups: GroupNames): Dialogue<Creation> {
  return {
    title: "Create Account",
    start: { sync: {} },
    next({ name, sync }) {
      const { step, of } = stepsOf(choices, sync);
      if (name === undefined) {
        const question = { kind: "text", prompt: "Name of the account", value: "", placeholder: "work", check: names.check } as const;
        return { question, step: 1, of: 2 };
      }
      const question = syncQuestion(name, choices, groups, sync);
      // There is no plan to look at in the end: what is new has no history.
      return question === null ? null : { question, step: step + 1, of };
    },
    answered({ name, sync }, answer) {
      return name === undefined ? { name: answer, sync } : { name, sync: answeredSync(choices, sync, answer) };
    },
  };
}

/** The questions of an import: the new account's name, and what may be a secret, where there is such. */
export function importDialogue(
  { account, from, secrets }: ImportChoices,
  names: AccountNames,
): Dialogue<{ readonly name?: string; readonly withSecrets?: boolean }> {
  const of = secrets.length > 0 ? 3 : 2;
  return {
    title: `Import ${from}`,
    start: {},
    next({ name, withSecrets }) {
      if (name === undefined) {
        const question = {
          kind: "text",
          prompt: "Name of the new account",
          value: account,
          placeholder: "work",
          check: names.check,
        } as const;
        return { question, step: 1, of };
      }
      if (secrets.length === 0 || withSecrets !== undefined) return null;
      const question: PickQuestion = {
        kind: "pick",
        placeholder: "Some of its settings may be secrets. A login is never copied.",
        options: [
          { value: "without", label: "leave them out", detail: secrets.join(", ") },
          { value: "with", label: "copy them as well" },
        ],
      };
      return { question, step: 2, of };
    },
    answered: ({ name }, answer) => (name === undefined ? { name: answer } : { name, withSecrets: answer === "with" }),
  };
}

/** The one question of Remove Account: what a shared account takes a copy of before it goes. */
export function removalDialogue(account: string, choices: SyncChoices): Dialogue<{ readonly take?: Take }> {
  return {
    title: `Remove Account: ${account}`,
    start: {},
    next({ take }) {
      if (take !== undefined || choices.policy?.mode !== "shared") return null;
      return { question: takeQuestion(account, choices), step: 1, of: 2 };
    },
    answered: (_, answer) => ({ take: answer as Take }),
  };
}
