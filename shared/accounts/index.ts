export * from "./change.ts";
export * from "./create.ts";
export * from "./default.ts";
export * from "./directories.ts";
export { nearest, requireAccount } from "./find.ts";
export { realDirectory, ruleFor } from "./folder.ts";
export { listGroups, showGroup } from "./groups.ts";
export { listAccounts, showAccount } from "./report.ts";
export type * from "./types.ts";
