import type { RunningClient } from "../claude/index.ts";
import type { PolicyText } from "../config/index.ts";
import type { ContextPolicy } from "../policy/index.ts";
import type { Times } from "./disk.ts";

/** What an account takes along when it leaves a group. */
export type Take = "mine" | "all" | "none";

/** One change of an account's keys, remembered so that it can be undone. */
export interface KeyChange {
  readonly id: string;
  /** ISO time. */
  readonly at: string;
  /** null where the change made the account. */
  readonly before: PolicyText | null;
  readonly after: PolicyText;
}

/** Which change of keys is undone, and the keys that are set back. */
export interface Undoes {
  readonly id: string;
  readonly keys: PolicyText;
}

/** What a person asks for. */
export interface Change {
  readonly account: string;
  readonly to: ContextPolicy;
  readonly take: Take;
  /** Sessions taken whatever `take` says. */
  readonly takeSessions: readonly string[];
  /** Where `settings.json` is a link: whether it may be replaced by a real copy. */
  readonly copySettings: boolean;
  /** Where it is an undo. */
  readonly undoes?: Undoes | null;
}

/**
 * A change that has begun, on disk until it is done. With config and disk it is all the planner reads, so that a
 * killed change is finished by planning again.
 */
export interface Intent {
  readonly version: 1;
  readonly id: string;
  readonly account: string;
  readonly accountId: string;
  /** What config.yaml said before; null where the change makes the account. */
  readonly from: ContextPolicy | null;
  readonly to: ContextPolicy;
  readonly take: Take;
  readonly takeSessions: readonly string[];
  readonly copySettings: boolean;
  /** ISO time. */
  readonly began: string;
  /** Diverged sessions: `<group>/<session>` to the ids their forks get, chosen before anything is written. */
  readonly forks: Readonly<Record<string, string>>;
  /** Sessions a client of the account had open when the change began: what it writes meanwhile belongs to them. */
  readonly live: readonly string[];
  /** SHA-256 of config.yaml before the change wrote it. */
  readonly configBefore: string;
  /** Whether the change has written config.yaml: what it says otherwise from then on, a person wrote. */
  readonly configWritten: boolean;
  /** Sessions the account takes along, decided once, when the change began; null where it leaves no group. */
  readonly taken: readonly string[] | null;
  /** What it does to the keys in config.yaml; null or absent where it leaves them as they are. */
  readonly keys?: KeyChange | null;
  readonly undoes?: Undoes | null;
}

/** One step of a plan. Paths are absolute; see disk.ts for what each promises. */
export type Operation =
  | { readonly do: "make-directory"; readonly path: string; readonly mode?: number | undefined }
  | { readonly do: "move-directory"; readonly from: string; readonly to: string }
  | { readonly do: "complete"; readonly from: string; readonly to: string; readonly source?: string }
  | { readonly do: "link-file"; readonly from: string; readonly to: string }
  | { readonly do: "make-link"; readonly path: string; readonly target: string; readonly times?: Times }
  | { readonly do: "stage"; readonly from: string; readonly to: string }
  | { readonly do: "stage-link"; readonly from: string; readonly to: string; readonly target: string }
  | { readonly do: "copy-file"; readonly from: string; readonly to: string }
  | {
      readonly do: "fork";
      readonly from: string;
      readonly staged: string;
      readonly to: string;
      readonly session: string;
      readonly as: string;
    }
  | { readonly do: "append-tail"; readonly from: string; readonly to: string }
  | { readonly do: "set-times"; readonly path: string; readonly times: Times; readonly mode?: number }
  | { readonly do: "flush" }
  | { readonly do: "drop"; readonly path: string; readonly kept: string }
  | {
      readonly do: "set-aside";
      readonly from: string;
      readonly to: string;
      readonly size: number;
      readonly why: SetAsideReason;
      readonly beside: string;
    }
  | { readonly do: "remove-directory"; readonly path: string }
  | { readonly do: "edit-settings"; readonly path: string; readonly account: string; readonly edit: SettingsEdit }
  | { readonly do: "copy-settings"; readonly path: string; readonly account: string; readonly staged: string };

export interface SettingsEdit {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** Days; null leaves it. */
  readonly retention: number | null;
}

/** Why something stands in set-aside. `beside` in its record names what stands in the group instead. */
export type SetAsideReason =
  | "same" // the same bytes stand in the group
  | "shorter" // a prefix of what stands in the group
  | "tail" // appended to what stands in the group
  | "forked" // the untouched bytes of a session that got a new id
  | "link" // a symbolic link that was made anew in the group
  | "name" // the name it would have had beside the other is too long, or looks like a session
  | "not-copied" // what cannot be copied across filesystems
  | "across" // a tree that was copied to another filesystem
  | "begun" // a copy that was cut short: it stands where it was copied from
  | "not-kept" // a person chose the other one
  | "in-the-way"; // stood where our link has to be

/** What a plan amounts to, for people and for `--json`. Counts of what the whole change does. */
export interface PlanSummary {
  /** Sessions that become visible to the group. */
  readonly sessionsIn: number;
  /** Sessions both sides hold, where nothing has to be kept twice. */
  readonly sessionsKnown: number;
  /** Sessions whose missing end is appended. */
  readonly sessionsAppended: number;
  /** Diverged sessions that become sessions of their own. */
  readonly forks: readonly { readonly project: string; readonly session: string; readonly as: string }[];
  /** Files that differ on both sides and stay both. */
  readonly conflicts: readonly { readonly path: string; readonly as: string }[];
  /** Files that go to set-aside. */
  readonly setAside: number;
  /** Sessions the account takes along as copies. */
  readonly sessionsOut: number;
  /** Sessions of the group that stay. */
  readonly sessionsStay: number;
  /** Of those that stay: continued by this account. */
  readonly sessionsContinued: number;
  /** Bytes that are copied (leaving, or across filesystems). */
  readonly bytesCopied: number;
  readonly retention: readonly { readonly account: string; readonly from: number; readonly to: number }[];
  /** Settings files that are edited, and what for. */
  readonly settings: readonly {
    readonly account: string;
    readonly path: string;
    readonly add: readonly string[];
    readonly remove: readonly string[];
  }[];
  /** Sentences a person should read before saying yes. */
  readonly notes: readonly string[];
}

/** Why a plan cannot be applied as things stand. */
export interface Blocker {
  readonly code: "busy" | "refused";
  readonly message: string;
  readonly where: string;
  readonly hint: string;
  /** What of a `Change` a person can say yes to so that it is no longer in the way. */
  readonly unless?: "copySettings";
}

/** What takes the disk to what the policy says, as data. */
export interface Plan {
  readonly intent: Intent;
  readonly operations: readonly Operation[];
  readonly summary: PlanSummary;
  readonly blockers: readonly Blocker[];
  /** Clients of the account that run now. */
  readonly running: readonly RunningClient[];
}

/** Said while a plan is applied. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}
