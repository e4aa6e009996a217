/**
 * What makes the client somebody else than the instance's own login. Each was seen to change what `claude auth status`
 * says, except CLAUDE_SECURESTORAGE_CONFIG_DIR, which moves the login itself. The two descriptor variables carry a
 * token on an open file.
 */
export const OTHER_LOGINS = [
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_AUTH_TOKEN",
  "CLAUDE_CODE_OAUTH_TOKEN",
  "CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR",
  "CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR",
  "CLAUDE_SECURESTORAGE_CONFIG_DIR",
] as const;

/**
 * The environment an account's client gets. Everything else stays as it is, `ANTHROPIC_BASE_URL` and `BUN_OPTIONS`
 * among it: the client is a Bun binary that honours `BUN_OPTIONS` when it is started directly, so it gets to see it here too.
 * @param env `CCS_KEEP_AUTH_ENV=1` leaves the variables of another login in
 * @param instance absolute
 * @returns the environment, and the names that were taken out of it
 */
export function launchEnvironment(
  env: NodeJS.ProcessEnv,
  instance: string,
  account: string,
): { env: Record<string, string>; removed: string[] } {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined) result[name] = value;
  }
  const removed: string[] = [];
  if (env.CCS_KEEP_AUTH_ENV !== "1") {
    for (const name of OTHER_LOGINS) {
      if (result[name] === undefined) continue;
      delete result[name];
      removed.push(name);
    }
  }
  result.CLAUDE_CONFIG_DIR = instance;
  result.CCS_ACCOUNT = account;
  return { env: result, removed };
}
