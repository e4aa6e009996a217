/** One file of code, looked at as text: TypeScript's own parser drops `import type`, and the walls hold for types too. */
export interface Source {
  readonly path: string;
  /** The text with comments and the contents of strings blanked out; as long as the text. */
  readonly code: string;
  /** The text with comments blanked out; as long as the text. */
  readonly plain: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** As written, or `<computed>`. */
  readonly specifier: string;
  /** `type`: gone at run time. `lazy`: an `import()` or `require()`. */
  readonly kind: "value" | "type" | "lazy";
  /** The names taken; `*` for the whole module. */
  readonly names: readonly string[];
}

export function sourceOf(path: string, text: string): Source {
  const code = blank(text, true);
  return { path, code, plain: blank(text, false), imports: importsIn(text, code) };
}

const REGEX_MAY_FOLLOW =
  /(?:^|[([{,;=:!&|?+\-*%~^<>]|\b(?:return|typeof|case|in|of|delete|void|throw|new|else|do|instanceof|await|yield))$/;

/** Replaces comments, and on demand the contents of strings, templates and regular expressions, by spaces. */
function blank(text: string, strings: boolean): string {
  let out = "";
  let at = 0;
  /** Braces open since each `${`, innermost last. */
  const templates: number[] = [];
  const copy = (to: number) => {
    out += text.slice(at, to);
    at = to;
  };
  const hide = (to: number, really: boolean) => {
    const part = text.slice(at, to);
    out += really ? part.replace(/[^\n]/g, " ") : part;
    at = to;
  };
  /** From inside a quoted thing to its end; a template stops at `${` as well. */
  const quoted = (quote: string) => {
    let to = at;
    let inClass = false;
    while (to < text.length) {
      const c = text[to];
      if (c === "\\") to += 2;
      else if (quote === "/" && c === "[") {
        inClass = true;
        to += 1;
      } else if (quote === "/" && c === "]") {
        inClass = false;
        to += 1;
      } else if (c === quote && !inClass) break;
      else if (quote === "`" && c === "$" && text[to + 1] === "{") break;
      else to += 1;
    }
    hide(Math.min(to, text.length), strings);
    if (quote === "`" && text[at] === "$") {
      copy(at + 2);
      templates.push(0);
    } else copy(Math.min(at + 1, text.length));
  };
  while (at < text.length) {
    const c = text[at] as string;
    const two = text.slice(at, at + 2);
    const open = templates.length - 1;
    if (two === "//") hide(endOf(text, "\n", at), true);
    else if (two === "/*") hide(endOf(text, "*/", at + 2) + 2, true);
    else if (c === '"' || c === "'" || c === "`") {
      copy(at + 1);
      quoted(c);
    } else if (c === "/" && REGEX_MAY_FOLLOW.test(out.trimEnd())) {
      copy(at + 1);
      quoted("/");
    } else if (c === "{" && open >= 0) {
      templates[open] = (templates[open] as number) + 1;
      copy(at + 1);
    } else if (c === "}" && open >= 0 && templates[open] === 0) {
      templates.pop();
      copy(at + 1);
      quoted("`");
    } else {
      if (c === "}" && open >= 0) templates[open] = (templates[open] as number) - 1;
      copy(at + 1);
    }
  }
  return out;
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found;
}

const NAMES = String.raw`(?:[\w$]+\s*,\s*)?(?:\*(?:\s*as\s+[\w$]+)?|\{[^{}]*\})|[\w$]+`;
const IMPORT = new RegExp(String.raw`\bimport\s*(?:(type)\s+)?(?:(${NAMES})\s*from\s*)?(["'])`, "g");
const EXPORT = /\bexport\s*(?:(type)\s+)?(\*(?:\s*as\s+[\w$]+)?|\{[^{}]*\})\s*from\s*(["'])/g;
const LAZY = /\b(?:import|require)\s*\(\s*(["'`])?/g;

function importsIn(text: string, code: string): Import[] {
  const found: Import[] = [];
  for (const form of [IMPORT, EXPORT]) {
    for (const match of code.matchAll(form)) {
      const from = match.index + match[0].length;
      const specifier = text.slice(from, code.indexOf(match[3] as string, from));
      found.push({ specifier, kind: match[1] ? "type" : "value", names: namesIn(match[2]) });
    }
  }
  for (const match of code.matchAll(LAZY)) {
    const from = match.index + match[0].length;
    const specifier = match[1] ? text.slice(from, code.indexOf(match[1], from)) : "<computed>";
    found.push({ specifier, kind: "lazy", names: ["*"] });
  }
  return found;
}

function namesIn(clause: string | undefined): string[] {
  if (clause === undefined) return [];
  const braces = clause.match(/\{([^{}]*)\}/);
  if (!braces) return ["*"];
  const listed = (braces[1] as string)
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && !/^type\s/.test(part));
  const named = listed.map((part) => part.split(/\s+as\s+/)[0] as string);
  return clause.startsWith("{") ? named : ["*", ...named];
}
