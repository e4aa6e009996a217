import * as vscode from "vscode";
import type { Dialogue, PickQuestion, TextQuestion } from "./question.ts";

type Answer = { readonly is: "answer"; readonly answer: string } | { readonly is: "back" } | { readonly is: "cancel" };

/** Where a question stands among the others. */
interface Place {
  readonly title: string;
  readonly step: number;
  readonly of: number;
  readonly back: boolean;
}

/**
 * Asks one question after the other, with a way back to each.
 * @param from the states that were gone through before, to come back to the last question
 * @returns every state gone through, the last one whole; null where the person let go of it: nothing was changed then
 */
export async function ask<S>(dialogue: Dialogue<S>, from: readonly S[] = [dialogue.start]): Promise<readonly S[] | null> {
  const states = [...from];
  for (;;) {
    const state = states.at(-1) as S;
    const next = dialogue.next(state);
    if (next === null) return states;
    const { question, step, of } = next;
    const place = { title: dialogue.title, step, of, back: states.length > 1 };
    const said = question.kind === "pick" ? await pick(question, place) : await text(question, place);
    if (said.is === "cancel") return null;
    if (said.is === "back") states.pop();
    else states.push(dialogue.answered(state, said.answer));
  }
}

function pick({ placeholder, options }: PickQuestion, place: Place): Promise<Answer> {
  const input = vscode.window.createQuickPick<vscode.QuickPickItem & { value: string }>();
  input.placeholder = placeholder;
  input.matchOnDescription = true;
  input.items = options.map(({ value, label, description, detail, current }) => ({
    value,
    label,
    description: [description, current === true ? "(now)" : ""].filter((word) => word).join(" "),
    ...(detail === undefined ? {} : { detail }),
  }));
  const now = input.items.find(({ value }) => options.some((option) => option.value === value && option.current === true));
  if (now !== undefined) input.activeItems = [now];
  return shown(input, place, (answered) => {
    const chosen = input.selectedItems[0];
    if (chosen !== undefined) answered(chosen.value);
  });
}

function text({ prompt, value, placeholder, check }: TextQuestion, place: Place): Promise<Answer> {
  const input = vscode.window.createInputBox();
  input.prompt = prompt;
  input.value = value;
  input.placeholder = placeholder;
  let asked = 0;
  const validate = async (): Promise<boolean> => {
    const mine = ++asked;
    const wrong = await check(input.value);
    // A later keystroke has its own answer.
    if (mine === asked) input.validationMessage = wrong ?? undefined;
    return wrong === null;
  };
  input.onDidChangeValue(() => void validate());
  return shown(input, place, (answered) => {
    const answer = input.value;
    void validate().then((fits) => {
      if (fits && input.value === answer) answered(answer);
    });
  });
}

function shown(
  input: vscode.QuickPick<never> | vscode.QuickPick<vscode.QuickPickItem & { value: string }> | vscode.InputBox,
  place: Place,
  accept: (answered: (answer: string) => void) => void,
): Promise<Answer> {
  const { title, step, of, back } = place;
  input.title = title;
  input.step = step;
  input.totalSteps = of;
  input.ignoreFocusOut = true;
  input.buttons = back ? [vscode.QuickInputButtons.Back] : [];
  return new Promise<Answer>((resolve) => {
    let said: Answer = { is: "cancel" };
    const end = (answer: Answer) => {
      said = answer;
      input.hide();
    };
    input.onDidTriggerButton(() => end({ is: "back" }));
    input.onDidAccept(() => accept((answer) => end({ is: "answer", answer })));
    input.onDidHide(() => {
      input.dispose();
      resolve(said);
    });
    input.show();
  });
}
