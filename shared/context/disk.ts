/** The disk, as the engine uses it: the one place where a path is looked at, and the one where anything is changed. */
export * from "./disk/change.ts";
export * from "./disk/look.ts";
