/** The one door of the policy module: a face imports from here and nowhere deeper. */
export * from "./accounts/index.ts";
export { ARTIFACTS, type Artifact, sharedArtifacts } from "./artifacts.ts";
export {
  clientMissing,
  findClient,
  type Identity,
  INSTALL_CLIENT,
  identityOf,
  loginCommand,
  type RunningClient,
  rememberOwners,
  runningClients,
} from "./claude/index.ts";
export {
  type Account,
  type Config,
  type ConfigProblem,
  configJsonSchema,
  type FolderRule,
  parseConfig,
  problemLine,
  type QuickFix,
  quickFixes,
  readConfig,
  requireValid,
} from "./config/index.ts";
export {
  type Blocker,
  type Change,
  type Conflict,
  displayPath,
  formatBytes,
  type Keep,
  leaves,
  type Operation,
  type Plan,
  type PlanSummary,
  type Preview,
  type Progress,
  requireUnblocked,
  type Seen,
  type Take,
} from "./context/index.ts";
export {
  type CheckOutcome,
  type CheckResult,
  type DoctorOptions,
  type DoctorReport,
  type FixOptions,
  type FixReport,
  fixDoctor,
  fixSentences,
  runDoctor,
} from "./doctor/index.ts";
export { CcsError, type ErrorCode, isErrno } from "./errors.ts";
export * from "./install/index.ts";
export { groupOf, type Home, homeOf, instanceOf } from "./paths.ts";
export * from "./policy/index.ts";
export * from "./sessions/index.ts";
export * from "./watch/index.ts";
