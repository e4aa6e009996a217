export { fixSentences } from "./finding.ts";
export { fixDoctor } from "./fix.ts";
export { runDoctor } from "./run.ts";
export type * from "./types.ts";
