export * from "./folders.ts";
export * from "./names.ts";
export * from "./policy.ts";
export * from "./shown.ts";
