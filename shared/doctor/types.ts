import type { Progress } from "../context/index.ts";
import type { Surroundings } from "./surroundings.ts";

export type CheckOutcome = "ok" | "info" | "warning" | "error" | "skipped";

export type CheckSubject = "account" | "group";

/** What one check says, once for everything it found. Part of the `--json` interface. */
export interface CheckResult {
  /** The same for what is the same problem at the next look; `FixOptions.only` takes it. */
  readonly id: string;
  /** The check. */
  readonly name: string;
  /** The account or the group it is about; null where it is about neither. */
  readonly subject: string | null;
  /** Which of them the subject is: a group may have an account's name. */
  readonly about: CheckSubject | null;
  readonly result: CheckOutcome;
  /** A sentence without a full stop. */
  readonly message: string;
  /** A path, or `config.yaml:LINE:COL`. */
  readonly where: string | null;
  /** What mends it. Without sentences it is for a person to do; with them `doctor --fix` does it. */
  readonly fix: { readonly describes: readonly string[]; readonly command: string } | null;
}

export interface DoctorReport {
  readonly version: 1;
  readonly checks: readonly CheckResult[];
}

export interface DoctorOptions {
  /** Where the client is looked for: `CCS_CLAUDE_PATH`, `PATH`. */
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What of the machine is another than it is; for tests. */
  readonly surroundings?: Partial<Surroundings>;
}

export interface FixOptions extends DoctorOptions {
  /** Ids of the results to mend; left out: every one that can be mended. */
  readonly only?: readonly string[];
  /** The sentences a person said yes to. Where something else would be done by now, nothing is. */
  readonly approved?: readonly string[];
  readonly onProgress?: (progress: Progress) => void;
}

export interface FixReport {
  /** Sentences: what was done. */
  readonly fixed: readonly string[];
  /** What was to be mended and could not be: what it is, and why. */
  readonly failed: readonly string[];
  /** What every check says now; where mending failed, the reason with it. */
  readonly left: readonly CheckResult[];
}
