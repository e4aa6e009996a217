import { readConfig, requireValid } from "../config/index.ts";
import type { Changed } from "../context/change.ts";
import { decideTaking } from "../context/plan/take.ts";
import { type Preview, previewChange as previewOf, type Seen } from "../context/preview.ts";
import type { Change, Progress } from "../context/types.ts";
import type { Home } from "../paths.ts";
import { requireAccount } from "./find.ts";
import * as locked from "./locked.ts";
import type { ChangeReport } from "./types.ts";

/** What a change would do, as a plan and in sentences. Reads only. @throws CcsError not-found, config-invalid, refused */
export function previewChange(home: Home, change: Change): Preview {
  const config = readConfig(home);
  requireValid(config);
  requireAccount(config, change.account);
  return previewOf(home, change);
}

/**
 * The plan with `settings.json` copied, where the link it is now is what stands in the way of a previewed change.
 * @returns null where nothing of that kind does
 */
export function settingsCopy(home: Home, { plan }: Preview): Preview | null {
  if (plan.intent.copySettings || plan.blockers.length === 0) return null;
  const copying = previewChange(home, { ...plan.intent, copySettings: true });
  return copying.plan.blockers.length < plan.blockers.length ? copying : null;
}

/** How a change is applied. */
export interface ApplyOptions {
  /** Whether a person saw exactly this preview: if the disk moved so that the plan differs, it is refused as stale. */
  readonly approved: boolean;
  readonly onProgress?: (progress: Progress) => void;
}

/** Applies a previewed change. @throws CcsError stale (approved, and the plan is another by now), busy, refused, failed */
export function applyChange(home: Home, preview: Seen, options: ApplyOptions): ChangeReport {
  const { approved, onProgress } = options;
  return reportOf(approved ? locked.applyPreview(home, preview, onProgress) : locked.applyNow(home, preview.plan.intent, onProgress));
}

/** Applies a change that nobody wants to see the plan of first. @throws CcsError not-found, busy, refused, failed */
export function changeNow(home: Home, change: Change, onProgress?: (progress: Progress) => void): ChangeReport {
  requireAccount(readConfig(home), change.account);
  return reportOf(locked.applyNow(home, change, onProgress));
}

function reportOf({ plan, sentences, operations }: Changed): ChangeReport {
  const { account, from, to } = plan.intent;
  return { account, from, to, summary: plan.summary, sentences, operations };
}

/** How many sessions each answer to "what do you take along" means. */
export function takeChoices(home: Home, account: string): { mine: number; all: number; continued: number } {
  const config = readConfig(home);
  const policy = requireAccount(config, account).policy;
  if (policy?.mode !== "shared") return { mine: 0, all: 0, continued: 0 };
  const mine = decideTaking(home, config, account, policy.group, "mine", []);
  return { mine: mine.taken.length, all: mine.taken.length + mine.stay, continued: mine.continued };
}

/** Makes an account fit to launch: what was begun is finished, what needs no choice is mended. @throws CcsError refused, busy, failed */
export function mendForLaunch(home: Home, account: string): void {
  locked.mend(home, account);
}
