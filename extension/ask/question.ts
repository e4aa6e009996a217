/** One question of several, without the editor's own types. */
export type Question<T extends string = string> = PickQuestion<T> | TextQuestion;

export interface PickQuestion<T extends string = string> {
  readonly kind: "pick";
  readonly placeholder: string;
  readonly options: readonly Option<T>[];
}

export interface Option<T extends string = string> {
  readonly value: T;
  readonly label: string;
  readonly description?: string;
  /** What it means, in a line of its own. */
  readonly detail?: string;
  /** Whether it is how things are now. */
  readonly current?: boolean;
}

export interface TextQuestion {
  readonly kind: "text";
  readonly prompt: string;
  readonly value: string;
  readonly placeholder: string;
  /** What is wrong with an answer, as a sentence; null where nothing is. */
  readonly check: (answer: string) => Promise<string | null>;
}

/** Questions that follow from the answers before them. */
export interface Dialogue<S> {
  readonly title: string;
  readonly start: S;
  /** The next question; null where all is answered. */
  readonly next: (state: S) => { readonly question: Question; readonly step: number; readonly of: number } | null;
  readonly answered: (state: S, answer: string) => S;
}
