export type { Conflict } from "./conflicts.ts";
export { describePlan, formatBytes } from "./describe.ts";
export { displayPath } from "./names.ts";
export {
  leaves,
  type Preview,
  planMend,
  previewChange,
  requireUnblocked,
  type Seen,
} from "./preview.ts";
export type { Keep } from "./resolve.ts";
export type { Blocker, Change, Intent, Operation, Plan, PlanSummary, Progress, Take } from "./types.ts";
