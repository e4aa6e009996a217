import { CcsError } from "../../shared/launch.ts";
import { visible } from "./visible.ts";

const PLACEHOLDER = /\{([a-z]*)\}/g;

/** The names in braces in a template, each once. */
export function placeholdersIn(template: string): string[] {
  return [...new Set([...template.matchAll(PLACEHOLDER)].map((match) => match[1] as string))];
}

/**
 * A template with its placeholders filled in; what is not known is empty. Pure.
 * @param known the placeholders there are
 * @throws CcsError `usage` for one that is none
 */
export function fillIn(template: string, known: Readonly<Record<string, string | null>>): string {
  for (const name of placeholdersIn(template)) {
    if (Object.hasOwn(known, name)) continue;
    throw new CcsError("usage", `--format has no placeholder "{${name}}"`, {
      hint: `There are: ${Object.keys(known)
        .map((word) => `{${word}}`)
        .join(" ")}`,
    });
  }
  return template.replace(PLACEHOLDER, (_, name: string) => visible(known[name] ?? ""));
}
