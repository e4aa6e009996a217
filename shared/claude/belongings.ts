/**
 * What of a configuration directory goes along when another account is made from it. What is in no row stays: a list of what
 * may go along cannot forget a login that a later client keeps in a file of its own.
 */
export interface Belonging {
  readonly name: string;
  /** `history`: what was said and done; `settings`: how the client is set up. */
  readonly kind: "history" | "settings";
}

const BELONGINGS: readonly Belonging[] = [
  ...["projects", "file-history", "todos", "tasks", "session-env", "shell-snapshots", "plans", "history.jsonl"].map(history),
  ...["paste-cache", "image-cache", "agent-memory"].map(history),
  ...["settings.json", "settings.local.json", "CLAUDE.md", "rules", "agents", "commands", "skills", "workflows"].map(settings),
  ...["output-styles", "themes", "keybindings.json", "plugins"].map(settings),
];

/**
 * What of a configuration directory goes along, histories first. A text beside CLAUDE.md does, too: that one may name it.
 * @param names of its entries
 */
export function belongingsAmong(names: readonly string[]): Belonging[] {
  const known = BELONGINGS.filter(({ name }) => names.includes(name));
  const texts = names.filter((name) => /^[^.].*\.md$/i.test(name) && !BELONGINGS.some((row) => row.name === name));
  return [...known, ...texts.map(settings)];
}

/** What is a login, tells who somebody is, or tells of clients that run: never copied. */
export const NEVER_COPIED = [".credentials.json", ".anthropic", ".claude.json", ".config.json", "backups", "sessions", "daemon"];

/** What a client makes anew by itself: of no use elsewhere. */
const MADE_ANEW = [
  ...["cache", "debug", "downloads", "ide", "jobs", "local", "logs", "statsig", "stats-cache.json", "teams", "telemetry", "traces"],
  ...["feedback", "feedback-bundles", "mcp-discovery-cache", "mcp-needs-auth-cache.json", "policy-limits.json", "remote-settings.json"],
  ...["uploads", "usage-data", ".last-cleanup", ".update.lock", ".DS_Store"],
];

/** Whether an entry stays without a word, since nobody misses it. */
export function isUnmissed(name: string): boolean {
  return NEVER_COPIED.includes(name) || MADE_ANEW.includes(name) || /^\.claude\.json\.|^daemon\./.test(name);
}

/** Directories under `plugins` in which a plugin may keep what it was told: it may be a secret. */
export const PLUGIN_DATA = "data";

function history(name: string): Belonging {
  return { name, kind: "history" };
}

function settings(name: string): Belonging {
  return { name, kind: "settings" };
}
