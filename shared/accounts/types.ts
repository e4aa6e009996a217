import type { Identity } from "../claude/index.ts";
import type { PlanSummary } from "../context/types.ts";
import type { ContextPolicy } from "../policy/index.ts";

export type Health = "ok" | "info" | "warning" | "error";

/** One thing that is wrong with an account, and the command that mends it. */
export interface AccountProblem {
  readonly health: Exclude<Health, "ok">;
  readonly message: string;
  readonly fix: string | null;
}

/** An account as every face shows it. From files alone: no client is started, no network asked. */
export interface AccountReport {
  readonly name: string;
  readonly isDefault: boolean;
  readonly instance: string;
  readonly created: string | null;
  readonly lastUsed: string | null;
  /** null where config.yaml says something that does not parse. */
  readonly policy: ContextPolicy | null;
  /** `isolated`, `shared (team-alpha)`, `shared (team-alpha), deeper`, or `invalid`. */
  readonly context: string;
  readonly identity: Identity;
  /** Milliseconds since the epoch, null when not limited. */
  readonly limitedUntil: number | null;
  /** Clients of it that run now. */
  readonly running: number;
  readonly health: Health;
  readonly problems: readonly AccountProblem[];
}

export interface GroupReport {
  readonly name: string;
  readonly directory: string;
  readonly members: readonly { readonly account: string; readonly continuity: "standard" | "deeper" }[];
  readonly sessions: number;
  readonly setAside: { readonly files: number; readonly bytes: number };
  /** Files kept beside another of their name that nobody has dealt with yet. */
  readonly conflicts: number;
}

export interface GroupDetails extends GroupReport {
  /** Bytes under the group's directory. */
  readonly bytes: number;
  /** Sessions by owner, most first; account null: whose they are is not known. */
  readonly owners: readonly { readonly account: string | null; readonly sessions: number }[];
  readonly conflictFiles: readonly string[];
  readonly setAsideFiles: readonly { readonly path: string; readonly size: number; readonly why: string; readonly beside: string }[];
}

export interface ChangeReport {
  readonly account: string;
  readonly from: ContextPolicy | null;
  readonly to: ContextPolicy;
  readonly summary: PlanSummary;
  readonly sentences: readonly string[];
  readonly operations: number;
}

export interface CreatedAccount {
  readonly name: string;
  readonly instance: string;
  /** Takes away what the creation made, and only that. @throws CcsError refused, busy where somebody uses the account by now */
  undo(): void;
}
