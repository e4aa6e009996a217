import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isErrno } from "../errors.ts";
import { type JsonObject, numberOf, objectOf, textOf } from "./json.ts";

/** Who an instance's login is, as far as files tell. Holds no token. */
export interface Identity {
  readonly loggedIn: boolean;
  /** `false` on macOS where only the Keychain, which is not asked, knows whether the login still is there. */
  readonly verified: boolean;
  readonly email: string | null;
  readonly organization: string | null;
  readonly accountUuid: string | null;
  readonly organizationUuid: string | null;
  /** `pro`, `max 5x`, `team` ... */
  readonly plan: string | null;
  /** When a new login is needed, in milliseconds since the epoch. */
  readonly loginEnds: number | null;
  /** A file that cannot be read or parsed, by name, as a sentence without a full stop. */
  readonly problem: string | null;
}

interface Read {
  readonly value: JsonObject | null;
  readonly problem: string | null;
}

function readObject(file: string): Read {
  let text: string;
  try {
    // Looked at first: where nothing is there, that costs a tenth of an error.
    if (statSync(file, { throwIfNoEntry: false }) === undefined) return { value: null, problem: null };
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return { value: null, problem: null };
    return { value: null, problem: `${file} cannot be read (${isErrno(error) ? error.code : String(error)})` };
  }
  try {
    const value = objectOf(JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text));
    return { value, problem: value === null ? `${file} is not a JSON object` : null };
  } catch {
    // The parser's message quotes what it stumbled over, which may be a token.
    return { value: null, problem: `${file} is not valid JSON` };
  }
}

function planOf(oauth: JsonObject | null): string | null {
  const plan = textOf(oauth?.subscriptionType);
  const times = /_(\d+x)$/.exec(textOf(oauth?.rateLimitTier) ?? "")?.[1];
  return plan === null || times === undefined ? plan : `${plan} ${times}`;
}

/** Who is logged in in several instances. Holds no token. */
export interface Logins {
  /** By the order of the instances. */
  readonly identities: readonly Identity[];
  /** Instances that hold one and the same refresh token, as places in that order: each list has two at least. */
  readonly copied: readonly (readonly number[])[];
}

/** `identityOf` for several instances, and which of them hold copies of one login. The tokens are compared here and nowhere kept. */
export function identitiesOf(instances: readonly string[], platform: NodeJS.Platform = process.platform): Logins {
  const holders = new Map<string, number[]>();
  const identities = instances.map((instance, index) => {
    const { credentials, identity } = readLogin(instance, platform);
    const token = textOf(objectOf(credentials.value?.claudeAiOauth)?.refreshToken);
    if (token !== null) holders.set(token, [...(holders.get(token) ?? []), index]);
    return identity;
  });
  return { identities, copied: [...holders.values()].filter((held) => held.length > 1) };
}

/**
 * Reads `.credentials.json` and `.claude.json`; starts no client, asks no Keychain and no network. As
 * `claude auth status` has it: logged in with a token that is not empty and is good for inference, its expiry no
 * matter (the client refreshes it), or with an API key stored at login.
 * @param instance the directory handed over as `CLAUDE_CONFIG_DIR`
 */
export function identityOf(instance: string, platform: NodeJS.Platform = process.platform): Identity {
  return readLogin(instance, platform).identity;
}

function readLogin(instance: string, platform: NodeJS.Platform): { readonly credentials: Read; readonly identity: Identity } {
  const credentials = readObject(join(instance, ".credentials.json"));
  const state = readObject(join(instance, ".claude.json"));
  const oauth = objectOf(credentials.value?.claudeAiOauth);
  const account = objectOf(state.value?.oauthAccount);

  const scopes = oauth?.scopes;
  const token = Boolean(oauth?.accessToken) && Array.isArray(scopes) && scopes.includes("user:inference");
  const key = textOf(state.value?.primaryApiKey) !== null;
  const inKeychain = platform === "darwin" && !token && !key && account !== null;

  const identity = {
    loggedIn: token || key || inKeychain,
    verified: !inKeychain,
    email: textOf(account?.emailAddress),
    organization: textOf(account?.organizationName),
    accountUuid: textOf(account?.accountUuid),
    organizationUuid: textOf(account?.organizationUuid),
    plan: planOf(oauth),
    loginEnds: numberOf(oauth?.refreshTokenExpiresAt),
    problem: credentials.problem ?? state.problem,
  };
  return { credentials, identity };
}
