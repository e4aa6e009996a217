export type { SessionFilter } from "./filter.ts";
export { isSearchable, openSessions, projectIsThere, resumableUnder, type SessionReport, type Sessions } from "./sessions.ts";
