/**
 * The launcher's door, beside `index.ts`, for `cli/launch` alone. A launch has about three milliseconds: through the
 * one door the schema and the engine would be loaded each time, and cost more than that.
 * What a launch needs of them now and then, it asks the other door for, when it needs it.
 */
export { clientMissing, findClient } from "./claude/client.ts";
export { launchEnvironment } from "./claude/environment.ts";
export { findAccount, type LaunchConfig, readLaunch } from "./config/launch.ts";
export { linkProblem } from "./context/check.ts";
export { hasIntents } from "./context/intents.ts";
export { CcsError, isErrno } from "./errors.ts";
export { type Home, homeOf, instanceOf, intentOf } from "./paths.ts";
export { RESERVED_NAMES } from "./policy/names.ts";
export type { ContextPolicy, ParsedPolicy } from "./policy/policy.ts";
