import type { Progress } from "../../shared/index.ts";
import type { Calls } from "./calls.ts";
import type { Refusal } from "./refusal.ts";

/** What is sent to the engine's thread. */
export type Asked = Question | { readonly follow: boolean };

export interface Question {
  readonly id: number;
  readonly call: keyof Calls;
  readonly args: readonly unknown[];
}

/** What it says. */
export type Said =
  | { readonly id: number; readonly progress: Progress }
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly refusal: Refusal }
  | { readonly changed: true }
  | { readonly trouble: Refusal };
