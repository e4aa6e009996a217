import { readAccount, readSections } from "./sections.ts";

/** The keys of a context policy as config.yaml has them; null for one that is not there or holds no text. */
export interface PolicyText {
  readonly context_mode: string | null;
  readonly context_group: string | null;
  readonly continuity_mode: string | null;
}

/** What an account's entry says of its policy, letter by letter. Pure. @returns null where there is no such account */
export function policyText(text: string, account: string): PolicyText | null {
  const { doc, accounts } = readSections(text);
  const written = accounts.map((pair) => readAccount(doc, pair)).find(({ name }) => name === account);
  if (written === undefined) return null;
  const textOf = (key: keyof PolicyText) => {
    const value = written.keys.get(key)?.value;
    return typeof value === "string" ? value : null;
  };
  return {
    context_mode: textOf("context_mode"),
    context_group: textOf("context_group"),
    continuity_mode: textOf("continuity_mode"),
  };
}
