export {
  leaves,
  type Preview,
  planMend,
  previewChange,
  requireUnblocked,
} from "./change.ts";
export { describePlan, formatBytes } from "./describe.ts";
export { displayPath } from "./names.ts";
export type { Blocker, Change, Intent, Operation, Plan, PlanSummary, Progress, Take } from "./types.ts";
