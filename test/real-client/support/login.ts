import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A login that is nobody's: the client takes it offline and sends its token to whatever `ANTHROPIC_BASE_URL` says. */
export interface Login {
  readonly email: string;
  readonly accountUuid: string;
  readonly organizationUuid: string;
  readonly accessToken: string;
}

/** The same name gives the same login, two names give two people in two organisations. */
export function loginOf(name: string): Login {
  return {
    email: `${name}@example.invalid`,
    accountUuid: uuidOf(`account ${name}`),
    organizationUuid: uuidOf(`organization ${name}`),
    accessToken: `sk-ant-oat01-dummy-${name}`,
  };
}

function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * Puts a login into an instance, as the client leaves it after `auth login`, with onboarding done and directories trusted.
 * @param instance a `CLAUDE_CONFIG_DIR`; made where it is missing
 * @param trusted working directories in which the client must not ask whether the folder is trusted
 */
export function logIn(instance: string, login: Login, trusted: readonly string[]): void {
  mkdirSync(instance, { recursive: true, mode: 0o700 });
  const later = Date.now() + 30 * 24 * 3600 * 1000;
  const credentials = {
    claudeAiOauth: {
      accessToken: login.accessToken,
      refreshToken: login.accessToken.replace("oat01", "ort01"),
      expiresAt: later,
      refreshTokenExpiresAt: later,
      scopes: ["user:inference", "user:profile"],
      subscriptionType: "max",
      rateLimitTier: "default_claude_max_5x",
    },
  };
  writeFileSync(join(instance, ".credentials.json"), JSON.stringify(credentials), { mode: 0o600 });
  const file = join(instance, ".claude.json");
  const there = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const identity = {
    ...there,
    hasCompletedOnboarding: true,
    lastOnboardingVersion: "99.0.0",
    theme: "dark",
    oauthAccount: {
      accountUuid: login.accountUuid,
      organizationUuid: login.organizationUuid,
      emailAddress: login.email,
      organizationName: `${login.email}'s organization`,
      organizationRole: "admin",
    },
    projects: {
      ...there.projects,
      ...Object.fromEntries(
        trusted.map((cwd) => [cwd, { ...there.projects?.[cwd], hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true }]),
      ),
    },
  };
  writeFileSync(file, JSON.stringify(identity, null, 2), { mode: 0o600 });
}
