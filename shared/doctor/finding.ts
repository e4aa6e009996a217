import { displayPath, type Progress } from "../context/index.ts";
import { CcsError } from "../errors.ts";
import type { CheckOutcome, CheckResult, CheckSubject } from "./types.ts";
import type { World } from "./world.ts";

/** What is mended, in this order: each stage may need the ones before it, and looks at the disk anew. */
export const STAGES = ["lock", "modes", "records", "leftovers", "intents", "links", "settings", "grown", "staging", "set-aside"] as const;
export type Stage = (typeof STAGES)[number];

/** How `doctor --fix` mends something: a plan, in sentences, and its application. */
export interface Mending {
  readonly stage: Stage;
  readonly describes: readonly string[];
  /** Looks again, under the lock, at what it changes. */
  apply(onProgress?: (progress: Progress) => void): void;
}

/** One thing a check has to say. */
export interface Finding {
  readonly subject: string | null;
  /** What the subject is. */
  readonly about: CheckSubject | null;
  readonly result: CheckOutcome;
  readonly message: string;
  readonly where: string | null;
  /** What a person does about it, where `--fix` cannot. */
  readonly command: string | null;
  readonly mending: Mending | null;
}

export interface Check {
  readonly name: string;
  /** The stages its fixes belong to. */
  readonly mends: readonly Stage[];
  run(world: World): Finding[];
}

/** Whom a finding is about, at most one of them, and where it is. */
interface Details {
  readonly account?: string;
  readonly group?: string;
  readonly where?: string | null;
}

/** What there is to do about something: a person does it, or `--fix`. */
export type Remedy =
  | { readonly command: string; readonly mending?: undefined }
  | { readonly mending: Mending; readonly command?: undefined };

/** @param message a sentence without a full stop: what it means. What is not as it should be has a remedy. */
export function finding(result: "ok" | "skipped", message: string, details?: Details): Finding;
export function finding(result: "info" | "warning" | "error", message: string, details: Details & Remedy): Finding;
export function finding(result: CheckOutcome, message: string, details: Details & Partial<Remedy> = {}): Finding {
  const { account, group, where = null, command = null, mending = null } = details;
  const about = account !== undefined ? "account" : group !== undefined ? "group" : null;
  return { subject: account ?? group ?? null, about, result, message, where, command, mending };
}

/** Findings, or one that says all is well. */
export function orOk(findings: Finding[], message: string): Finding[] {
  return findings.length > 0 ? findings : [finding("ok", message)];
}

export const WAIT = "Wait until it is done, then: ccs doctor";
export const MEND_CONFIG_FIRST = "Mend config.yaml, then: ccs doctor --fix";

/** An error as a finding: what it says, where, and what to do. */
export function errorFinding(error: unknown, account?: string): Finding {
  const subject = account === undefined ? {} : { account };
  const command = hintOf(error);
  if (error instanceof CcsError) return finding("error", error.message, { ...subject, where: error.where ?? null, command });
  return finding("error", error instanceof Error ? error.message : String(error), { ...subject, command });
}

/** The remedy an error names itself, without a full stop. */
export function hintOf(error: unknown): string {
  return (error instanceof CcsError ? error.hint : undefined)?.replace(/\.$/, "") ?? "Mend that, then: ccs doctor";
}

/** How it is mended where it can be, else the command of the error that says why not. @param otherwise where the planner has nothing to do */
export function remedyOf(mending: Mending | CcsError | null, otherwise = "ccs doctor --fix"): Remedy {
  if (mending === null) return { command: otherwise };
  return mending instanceof CcsError ? { command: hintOf(mending) } : { mending };
}

/** What tells a problem from all others, for as long as it lasts. */
export function idOf(check: Check, { subject, about, where }: Finding): string {
  return [check.name, about, subject, where].filter((part) => part !== null).join(" ");
}

export function resultOf(check: Check, found: Finding): CheckResult {
  const { subject, about, result, message, where, command, mending } = found;
  const fix =
    mending !== null ? { describes: mending.describes, command: "ccs doctor --fix" } : command === null ? null : { describes: [], command };
  return {
    id: idOf(check, found),
    name: check.name,
    subject,
    about,
    result,
    message,
    where: where === null ? null : displayPath(where),
    fix,
  };
}

/** What mending these comes to, as sentences; empty where nothing of it can be mended. */
export function fixSentences(checks: readonly CheckResult[]): string[] {
  return [...new Set(checks.flatMap((check) => check.fix?.describes ?? []))];
}

/** `3 sessions`, `1 session`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
