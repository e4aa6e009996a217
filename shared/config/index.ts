export { type ConfigEdit, editConfig } from "./edit.ts";
export { findAccount } from "./find.ts";
export { NEW_CONFIG } from "./new.ts";
export { type Account, type Config, parseConfig, readConfig, requireValid } from "./parse.ts";
export { type ConfigProblem, problemLine } from "./problem.ts";
export { CONFIG_SCHEMA, type ConfigFile, configJsonSchema } from "./schema.ts";
