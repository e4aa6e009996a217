import { put, type World } from "./world.ts";

/** Signs an account in, as the client's files say it. */
export function signIn(world: World, account: string, accountUuid: string): void {
  put(
    world.instance(account, ".claude.json"),
    JSON.stringify({ oauthAccount: { accountUuid, organizationUuid: `org-${accountUuid}`, emailAddress: `${accountUuid}@example.org` } }),
    0o600,
  );
  put(
    world.instance(account, ".credentials.json"),
    JSON.stringify({
      claudeAiOauth: { accessToken: `token-of-${account}`, refreshToken: `refresh-of-${account}`, scopes: ["user:inference"] },
    }),
    0o600,
  );
}

/** Notes that a person typed into sessions under an account, as the client does. */
export function typedInto(world: World, account: string, ...sessions: string[]): void {
  put(
    world.instance(account, "history.jsonl"),
    sessions.map((sessionId, n) => `${JSON.stringify({ display: "x", timestamp: 1000 + n, project: "/p", sessionId })}\n`).join(""),
  );
}
