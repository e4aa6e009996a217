import type { CheckResult } from "../../shared/index.ts";

/** What is said of one account, one group, or of neither. */
export interface Section {
  readonly title: string;
  readonly checks: readonly CheckResult[];
}

/** In the order they came, those of one subject together; what is about neither first. */
export function sectionsOf(checks: readonly CheckResult[]): Section[] {
  const found = new Map<string, { title: string; checks: CheckResult[] }>();
  for (const check of checks) {
    const title = check.subject === null ? "ccs" : check.about === "group" ? `${check.subject} (group)` : check.subject;
    const key = `${check.about} ${check.subject}`;
    const section = found.get(key) ?? { title, checks: [] };
    section.checks.push(check);
    found.set(key, section);
  }
  return [...found.values()];
}

/** Whether a check has nothing to say that a person would have to read. */
export function isQuiet({ result }: CheckResult): boolean {
  return result === "ok" || result === "skipped";
}

/** What quiet checks come to: `19 checks found nothing, 2 were left out`. */
export function quietText(checks: readonly CheckResult[]): string {
  const skipped = checks.filter(({ result }) => result === "skipped").length;
  const made = checks.length - skipped;
  const found = made === 0 ? "" : `${made} ${made === 1 ? "check" : "checks"} found nothing`;
  const left =
    skipped === 0 ? "" : `${skipped}${made === 0 ? (skipped === 1 ? " check" : " checks") : ""} ${skipped === 1 ? "was" : "were"} left out`;
  return [found, left].filter((words) => words !== "").join(", ");
}

/** `2 errors and 1 warning.`, or `No problems.` */
export function summaryOf(checks: readonly CheckResult[]): string {
  const count = (result: CheckResult["result"], word: string) => {
    const number = checks.filter((check) => check.result === result).length;
    return number === 0 ? [] : [`${number} ${word}${number === 1 ? "" : "s"}`];
  };
  const found = [...count("error", "error"), ...count("warning", "warning")];
  const skipped = checks.some(({ result }) => result === "skipped");
  return found.length === 0 ? (skipped ? "No problems so far." : "No problems.") : `${found.join(" and ")}.`;
}

const EMAIL = /[^\s<>()"',;]+@[^\s<>()"',;]+\.[^\s<>()"',;.]+/g;
/** Tokens as the client and the provider write them, and anything as long that looks like one. */
const TOKEN = /\bsk-[A-Za-z0-9_-]{6,}|\b[A-Za-z0-9_-]{40,}\b/g;

/** A text that can be shown to others: no e-mail address, no token. */
export function withoutSecrets(text: string): string {
  return text.replace(EMAIL, "<e-mail>").replace(TOKEN, "<token>");
}

/** The whole report as text, for an issue or a colleague. */
export function reportText(checks: readonly CheckResult[]): string {
  const sections = sectionsOf(checks).map(({ title, checks }) => {
    const lines = checks.flatMap(({ name, result, message, where, fix }) => [
      `  ${result.padEnd(7)}  ${name}: ${message}`,
      ...(where === null || message.includes(where) ? [] : [`           at ${where}`]),
      ...(fix === null ? [] : [`           ${fix.command}`]),
    ]);
    return [title, ...lines].join("\n");
  });
  return withoutSecrets(`ccs doctor: ${summaryOf(checks)}\n\n${sections.join("\n\n")}\n`);
}

/** A file and a place in it, 0-based; null where it names no file. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly character: number;
}

/** @param where of a check @param config the path of config.yaml, which a check names by its last name */
export function placeOf(where: string, config: string): Place | null {
  const [, name, line = "1", col = "1"] = /^(.*?)(?::(\d+)(?::(\d+))?)?$/s.exec(where) ?? [];
  if (name === undefined || name === "") return null;
  const path = name === "config.yaml" ? config : name;
  return /^(?:\/|[A-Za-z]:[\\/])/.test(path) ? { path, line: Number(line) - 1, character: Number(col) - 1 } : null;
}

/** What the page asks for. Whatever else it sends is not heeded. */
export type Wish =
  | { readonly do: "ready" | "refresh" | "copy" | "fix-all" }
  | { readonly do: "fix"; readonly id: string }
  | { readonly do: "open"; readonly where: string };

/** @returns null for what is no wish */
export function wishOf(message: unknown): Wish | null {
  if (typeof message !== "object" || message === null || !("do" in message)) return null;
  const { do: wish, id, where } = message as { do: unknown; id?: unknown; where?: unknown };
  if (wish === "ready" || wish === "refresh" || wish === "copy" || wish === "fix-all") return { do: wish };
  if (wish === "fix" && typeof id === "string") return { do: wish, id };
  if (wish === "open" && typeof where === "string") return { do: wish, where };
  return null;
}

/** What the page is told. */
export interface Shown {
  readonly summary: string;
  /** Where something was found. */
  readonly loud: readonly Section[];
  /** Where nothing was. */
  readonly quiet: readonly Section[];
  /** What is said of those: as long as checks had to be left out, not that all is well. */
  readonly quietTitle: string;
  /** Whether there is anything that can be mended without a choice. */
  readonly mendable: boolean;
}

/** What it is told where the doctor could not look at all. */
export function failureOf(words: string): Shown {
  return { summary: words, loud: [], quiet: [], quietTitle: "", mendable: false };
}

export function shownOf(checks: readonly CheckResult[]): Shown {
  const sections = sectionsOf(checks);
  return {
    summary: summaryOf(checks),
    loud: sections.filter((section) => !section.checks.every(isQuiet)),
    quiet: sections.filter((section) => section.checks.every(isQuiet)),
    quietTitle: checks.some(({ result }) => result === "skipped") ? "Nothing found so far with" : "All is well with",
    mendable: checks.some(({ fix }) => fix !== null && fix.describes.length > 0),
  };
}
