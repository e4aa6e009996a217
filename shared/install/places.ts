import { basename, isAbsolute, join } from "node:path";

/** The shells completions are installed for, by the names of their programs. */
export const SHELLS = ["bash", "zsh", "fish", "pwsh"] as const;
export type Shell = (typeof SHELLS)[number];

/** What an installation depends on that is not under CCS_DIR. */
export interface Around {
  /** The person's home directory. */
  readonly home: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly platform: NodeJS.Platform;
}

/** Where everything goes, by the XDG base directories. Pure: nothing of it need be there. */
export interface Places {
  readonly bin: string;
  readonly program: string;
  readonly man: string;
  readonly completions: Readonly<Record<Shell, string>>;
  /** The file of a shell that has to name its completions; null where the shell finds them by itself. */
  readonly startup: Readonly<Record<Shell, string | null>>;
}

export function placesOf({ home, env, platform }: Around): Places {
  // The specification has a path that is not absolute ignored.
  const named = (name: string) => (isAbsolute(env[name] ?? "") ? env[name] : undefined);
  const data = named("XDG_DATA_HOME") ?? join(home, ".local", "share");
  const config = named("XDG_CONFIG_HOME") ?? join(home, ".config");
  const bin = join(home, ".local", "bin");
  const profile = platform === "win32" ? join(home, "Documents", "PowerShell") : join(config, "powershell");
  return {
    bin,
    program: join(bin, platform === "win32" ? "ccs.exe" : "ccs"),
    // man looks beside the directories on PATH, and knows nothing of XDG.
    man: join(home, ".local", "share", "man", "man1", "ccs.1"),
    completions: {
      bash: join(data, "bash-completion", "completions", "ccs"),
      zsh: join(data, "ccs", "completions", "_ccs"),
      fish: join(config, "fish", "completions", "ccs.fish"),
      pwsh: join(data, "ccs", "completions", "ccs.ps1"),
    },
    startup: {
      bash: join(home, ".bashrc"),
      zsh: join(named("ZDOTDIR") ?? home, ".zshrc"),
      fish: null,
      pwsh: join(profile, "Microsoft.PowerShell_profile.ps1"),
    },
  };
}

const MARK = "# ccs install";

/** The line of a shell's startup file that puts its completions to use, and does nothing where they are gone. */
export function startupLine(shell: Shell, completions: string): string {
  const quoted = shell === "pwsh" ? `'${completions.replaceAll("'", "''")}'` : `'${completions.replaceAll("'", "'\\''")}'`;
  switch (shell) {
    case "zsh":
      // Without compinit there is nothing that could complete anything; whoever has none set up so far gets it.
      return `[[ -r ${quoted} ]] && { (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i; }; source ${quoted}; } ${MARK}`;
    case "pwsh":
      return `if (Test-Path ${quoted}) { . ${quoted} } ${MARK}`;
    default:
      return `[[ -r ${quoted} ]] && source ${quoted} ${MARK}`;
  }
}

/** Where the package lies with which bash finds completions in their directory by itself. */
export const BASH_COMPLETION = [
  "/usr/share/bash-completion/bash_completion",
  "/usr/local/share/bash-completion/bash_completion",
  "/opt/homebrew/share/bash-completion/bash_completion",
];

/** Where a line puts that package to use, in every interactive bash: that it is installed is not enough. */
export function bashStartups(home: string): readonly { readonly file: string; readonly loads: RegExp }[] {
  const loads = /^[^#\n]*bash_completion/m;
  return [
    { file: join(home, ".bashrc"), loads },
    { file: join(home, ".bash_profile"), loads },
    { file: "/etc/bash.bashrc", loads },
    { file: "/etc/bashrc", loads: /^[^#\n]*(?:bash_completion|profile\.d)/m },
  ];
}

/** Whether a shell is the one a person is logged in with. */
export function isLoginShell(shell: Shell, env: Around["env"]): boolean {
  return basename(env["SHELL"] ?? "") === shell;
}
