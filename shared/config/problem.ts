import { CcsError } from "../errors.ts";

/** One thing config.yaml says that cannot be followed, and where. */
export interface ConfigProblem {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units, as editors count. */
  readonly col: number;
  /** The keys that lead there: `accounts.work.context_mode`; empty for the file as a whole. */
  readonly path: string;
  /** A sentence without a full stop: what was written and what is allowed. */
  readonly message: string;
}

/** `config.yaml:LINE:COL message`. */
export function problemLine(problem: ConfigProblem): string {
  return `config.yaml:${problem.line}:${problem.col} ${problem.message}`;
}

/**
 * The error for a config that cannot be followed: every problem at once, one a line.
 * @param file the path of config.yaml, for the hint
 */
export function invalid(file: string, problems: readonly ConfigProblem[]): CcsError {
  const [first] = problems;
  const lines = problems.map((p) => `  ${problemLine(p)}`).join("\n");
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return new CcsError("config-invalid", `config.yaml has ${count}:\n${lines}`, {
    where: first ? `config.yaml:${first.line}:${first.col}` : file,
    untouched: "config.yaml and every link were left as they are",
    hint: `correct ${file} and run the command again`,
  });
}
