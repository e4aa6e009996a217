/** The shells `ccs env` writes for. */
export const SHELLS = ["posix", "fish", "powershell"] as const;
export type Shell = (typeof SHELLS)[number];

export function isShell(word: string): word is Shell {
  return (SHELLS as readonly string[]).includes(word);
}

interface Dialect {
  /** Any text as one word, whatever is in it. */
  readonly quote: (text: string) => string;
  /** A variable of this shell and of what it starts. */
  readonly set: (name: string, quoted: string) => string;
  readonly unset: (name: string) => string;
}

const DIALECTS: Readonly<Record<Shell, Dialect>> = {
  posix: {
    quote: (text) => `'${text.replaceAll("'", "'\\''")}'`,
    set: (name, quoted) => `export ${name}=${quoted}`,
    unset: (name) => `unset ${name}`,
  },
  fish: {
    quote: (text) => `'${text.replace(/[\\']/g, "\\$&")}'`,
    set: (name, quoted) => `set -gx ${name} ${quoted}`,
    // Where there is none, `set -e` has a status of its own.
    unset: (name) => `set -e ${name}; or true`,
  },
  powershell: {
    // The typographic quotes end a string as well.
    quote: (text) => `'${text.replace(/['\u2018-\u201b]/g, "$&$&")}'`,
    set: (name, quoted) => `$env:${name} = ${quoted}`,
    unset: (name) => `Remove-Item -ErrorAction SilentlyContinue -LiteralPath Env:${name}`,
  },
};

/** One word of a POSIX shell, in quotes only where it needs them. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9/._-]+$/.test(text) ? text : DIALECTS.posix.quote(text);
}

/** A command with a variable of its own, as a person types it on a system. Pure. */
export function commandWith(platform: NodeJS.Platform, name: string, value: string, command: string): string {
  const { powershell, posix } = DIALECTS;
  if (platform === "win32") return `${powershell.set(name, powershell.quote(value))}; ${command}`;
  return `${name}=${posix.quote(value)} ${command}`;
}

/** Code that sets and unsets variables, one a line. Pure. */
export function shellCode(shell: Shell, set: Readonly<Record<string, string>>, unset: readonly string[]): string {
  const dialect = DIALECTS[shell];
  const lines = [...Object.entries(set).map(([name, value]) => dialect.set(name, dialect.quote(value))), ...unset.map(dialect.unset)];
  return lines.map((line) => `${line}\n`).join("");
}
