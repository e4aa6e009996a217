import { distance } from "fastest-levenshtein";
import { CONTINUITIES, MODES } from "../policy/policy.ts";
import type { Config } from "./parse.ts";
import type { ConfigProblem } from "./problem.ts";

/** One way to mend a problem of config.yaml: other text in place of what is written at its position. */
export interface QuickFix {
  /** `Change to "deeper"`. */
  readonly title: string;
  /** Characters to replace, counted from the position of the problem. */
  readonly length: number;
  readonly text: string;
}

/** How many names are offered. */
const OFFERED = 3;
/** A scalar, from its beginning. */
const SCALAR = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#,{}[\]]+)/;

/**
 * What a value could be instead, the likeliest first: where it is one of a few, or has to name an account there is. Pure.
 * Anything else is for a person to write.
 */
export function quickFixes({ text, accounts }: Pick<Config, "text" | "accounts">, { line, col, path }: ConfigProblem): QuickFix[] {
  const written = SCALAR.exec((text.split(/\r?\n/)[line - 1] ?? "").slice(col - 1))?.[0];
  const allowed = allowedAt(path, [...accounts.keys()]);
  if (written === undefined || allowed.length === 0) return [];
  const typed = written.replace(/^["']|["']$/g, "").toLowerCase();
  // Where the key itself is pointed at, its value is not what is wrong.
  if (typed.endsWith(":")) return [];
  return allowed
    .filter((value) => value !== typed)
    .map((value) => ({ value, far: distance(typed, value.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, OFFERED)
    .map(({ value }) => ({ title: `Change to "${value}"`, length: written.length, text: quoted(written, value) }));
}

function allowedAt(path: string, accounts: readonly string[]): readonly string[] {
  if (path.endsWith(".context_mode")) return MODES;
  if (path.endsWith(".continuity_mode")) return CONTINUITIES;
  return path === "default" || path.startsWith("directories.") ? accounts : [];
}

/** In the quotes the old value had. Names of accounts and the allowed words need none to be text, but numbers do. */
function quoted(written: string, value: string): string {
  const mark = /^["']/.exec(written)?.[0] ?? (/^[\d.]+$/.test(value) ? '"' : "");
  return `${mark}${value}${mark}`;
}
