export { directoryPath } from "./directories.ts";
export { type ConfigEdit, editConfig } from "./edit.ts";
export { findAccount } from "./find.ts";
export { type EntryText, entryText, type PolicyText, policyText } from "./keys.ts";
export { NEW_CONFIG } from "./new.ts";
export { type Account, type Config, type FolderRule, parseConfig, readConfig, requireValid } from "./parse.ts";
export { type ConfigProblem, problemLine } from "./problem.ts";
export { type QuickFix, quickFixes } from "./quick-fixes.ts";
export { CONFIG_SCHEMA, type ConfigFile, configJsonSchema } from "./schema.ts";
