import { type JsonObject, objectOf } from "./json.ts";

/** Keys of `.claude.json` that say how the client is set up, and nothing of who uses it. Seen with 2.1.330. */
const CARRIED = ["mcpServers", "hasCompletedOnboarding", "lastOnboardingVersion", "theme"];
/** The same for each of `projects`: its MCP servers, which of them are on, what a person trusts there. */
const CARRIED_OF_PROJECTS = [
  "mcpServers",
  "mcpContextUris",
  "enabledMcpServers",
  "disabledMcpServers",
  "enabledMcpjsonServers",
  "disabledMcpjsonServers",
  "enableAllProjectMcpServers",
  "hasTrustDialogAccepted",
  "hasClaudeMdExternalIncludesApproved",
  "hasClaudeMdExternalIncludesWarningShown",
  "hasCompletedProjectOnboarding",
  "projectOnboardingSeenCount",
];

/** What of a `.claude.json` goes along to another account. Pure. */
export function carriedState(state: JsonObject): JsonObject {
  const projects = Object.entries(objectOf(state.projects) ?? {}).flatMap(([directory, value]) => {
    const carried = only(objectOf(value) ?? {}, CARRIED_OF_PROJECTS);
    return Object.keys(carried).length === 0 ? [] : [[directory, carried] as const];
  });
  return { ...only(state, CARRIED), ...(projects.length === 0 ? {} : { projects: Object.fromEntries(projects) }) };
}

function only(from: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]]])));
}
