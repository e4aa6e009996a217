import { basename, join } from "node:path";
import type { Home } from "../paths.ts";
import { ISOLATED } from "../policy/index.ts";
import { applyPlan } from "./apply.ts";
import { newChangeId } from "./change-id.ts";
import { look } from "./disk.ts";
import { Steps } from "./plan/steps.ts";
import type { Operation, Plan, Progress } from "./types.ts";

/** Applies operations that are no account's change, under the lock. @param change names the directory in set-aside */
export function applyClearing(home: Home, change: string, operations: readonly Operation[], onProgress?: (p: Progress) => void): void {
  applyPlan(home, clearingPlan(change, operations), () => "", onProgress);
}

function clearingPlan(change: string, operations: readonly Operation[]): Plan {
  const intent: Plan["intent"] = {
    version: 1,
    id: change,
    account: change,
    accountId: "",
    from: null,
    to: ISOLATED,
    take: "none",
    takeSessions: [],
    copySettings: false,
    began: "",
    forks: {},
    live: [],
    configBefore: "",
    configWritten: true,
    taken: null,
  };
  return { intent, operations, summary: new Steps().summary, blockers: [], running: [] };
}

/** A name in set-aside that is free. */
export function freeName(wanted: string): string {
  for (let n = 1; ; n++) {
    const path = n === 1 ? wanted : `${wanted}~${n}`;
    if (look(path) === null) return path;
  }
}

/** Keeps a record of ours that cannot be read in set-aside. Under the lock. @param now milliseconds since the epoch */
export function keepRecord({ home, now }: { readonly home: Home; readonly now: number }, path: string): void {
  const change = newChangeId("records", new Date(now));
  const to = freeName(join(home.setAside, change, basename(path)));
  applyClearing(home, change, [{ do: "set-aside", from: path, to, size: look(path)?.size ?? 0, why: "in-the-way", beside: path }]);
}
