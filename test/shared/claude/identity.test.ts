import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { identityOf } from "../../../shared/claude/index.ts";
import { asOrdinaryUser, put, scratch } from "./scratch.ts";

const root = scratch();
chmodSync(root, 0o755);
let made = 0;

const OAUTH = {
  accessToken: "secret-access",
  refreshToken: "secret-refresh",
  expiresAt: 1,
  refreshTokenExpiresAt: 1_798_000_000_000,
  scopes: ["user:inference", "user:profile"],
  subscriptionType: "max",
  rateLimitTier: "default_claude_max_5x",
};
const STATE = {
  oauthAccount: { accountUuid: "account-1", organizationUuid: "organization-1", emailAddress: "a@example.com", organizationName: "Org" },
};

function instance(credentials?: unknown, state?: unknown): string {
  made += 1;
  const directory = join(root, String(made));
  mkdirSync(directory);
  if (credentials !== undefined) put(join(directory, ".credentials.json"), credentials, 0o600);
  if (state !== undefined) put(join(directory, ".claude.json"), state);
  return directory;
}

const NOBODY = {
  loggedIn: false,
  verified: true,
  email: null,
  organization: null,
  accountUuid: null,
  organizationUuid: null,
  plan: null,
  loginEnds: null,
  problem: null,
};

describe("who is logged in, from files", () => {
  test("a login whose access token has expired counts, and everything known of it is told", () => {
    expect(identityOf(instance({ claudeAiOauth: OAUTH }, STATE), "linux")).toEqual({
      loggedIn: true,
      verified: true,
      email: "a@example.com",
      organization: "Org",
      accountUuid: "account-1",
      organizationUuid: "organization-1",
      plan: "max 5x",
      loginEnds: 1_798_000_000_000,
      problem: null,
    });
  });

  test("an empty instance, or one that is not there, has nobody and no problem", () => {
    expect(identityOf(instance(), "linux")).toEqual(NOBODY);
    expect(identityOf(join(root, "gone"), "linux")).toEqual(NOBODY);
  });

  test("an empty token, or a login that is not good for inference, is none, as the client has it", () => {
    for (const change of [
      { accessToken: "" },
      { accessToken: undefined },
      { scopes: ["user:profile"] },
      { scopes: "user:inference" },
      { scopes: undefined },
    ]) {
      expect(identityOf(instance({ claudeAiOauth: { ...OAUTH, ...change } }, STATE), "linux").loggedIn).toBe(false);
    }
  });

  test("an API key stored at login is a login", () => {
    expect(identityOf(instance(undefined, { primaryApiKey: "secret-key" }), "linux").loggedIn).toBe(true);
  });

  test("after a logout the name may still be there and nobody is logged in", () => {
    const identity = identityOf(instance(undefined, STATE), "linux");
    expect(identity.loggedIn).toBe(false);
    expect(identity.email).toBe("a@example.com");
  });

  test("on macOS the name alone is a login that was not verified, and a token in the file verifies it", () => {
    expect(identityOf(instance(undefined, STATE), "darwin")).toMatchObject({ loggedIn: true, verified: false });
    expect(identityOf(instance({ claudeAiOauth: OAUTH }, STATE), "darwin")).toMatchObject({ loggedIn: true, verified: true });
    expect(identityOf(instance(), "darwin")).toMatchObject({ loggedIn: false, verified: true });
  });

  test("a file that does not parse is named, and nothing of it is repeated", () => {
    const torn = instance('{"claudeAiOauth":{"accessToken":"secret-acc', STATE);
    const identity = identityOf(torn, "linux");
    expect(identity.loggedIn).toBe(false);
    expect(identity.problem).toBe(`${join(torn, ".credentials.json")} is not valid JSON`);
    const list = instance({ claudeAiOauth: OAUTH }, "[]");
    expect(identityOf(list, "linux").problem).toBe(`${join(list, ".claude.json")} is not a JSON object`);
  });

  test("a file that cannot be read is named with the reason", () => {
    const directory = instance();
    mkdirSync(join(directory, ".credentials.json"));
    expect(identityOf(directory, "linux").problem).toBe(`${join(directory, ".credentials.json")} cannot be read (EISDIR)`);
  });

  test("a file without read permission is named with the reason", () => {
    const directory = instance({ claudeAiOauth: OAUTH });
    chmodSync(join(directory, ".credentials.json"), 0);
    const problem = asOrdinaryUser(() => identityOf(directory, "linux").problem);
    expect(problem).toBe(`${join(directory, ".credentials.json")} cannot be read (EACCES)`);
  });

  test("a byte order mark does no harm", () => {
    expect(identityOf(instance(`\ufeff${JSON.stringify({ claudeAiOauth: OAUTH })}`), "linux").loggedIn).toBe(true);
  });

  test("whatever JSON stands in the files, it does not throw and gives away no token", () => {
    const directory = instance();
    const leaf = fc.oneof(fc.jsonValue(), fc.constant("secret-access"));
    const oauth = fc.oneof(
      leaf,
      fc.record({ accessToken: leaf, scopes: leaf, subscriptionType: fc.jsonValue(), rateLimitTier: fc.jsonValue() }),
    );
    const account = fc.oneof(fc.jsonValue(), fc.record({ accountUuid: fc.jsonValue(), emailAddress: fc.jsonValue() }));
    fc.assert(
      fc.property(oauth, account, (claudeAiOauth, oauthAccount) => {
        put(join(directory, ".credentials.json"), { claudeAiOauth });
        put(join(directory, ".claude.json"), { oauthAccount, primaryApiKey: "secret-key" });
        const identity = identityOf(directory, "linux");
        expect(JSON.stringify(identity)).not.toContain("secret");
        for (const value of [identity.email, identity.accountUuid, identity.plan])
          expect(value === null || typeof value === "string").toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
