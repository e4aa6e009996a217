import type { Identity } from "../../shared/index.ts";
import { date } from "./time.ts";
import { GLUE, plain } from "./wrap.ts";

/** Who is logged in and until when, short enough for a table. */
export function loginShort(identity: Identity, now: number): string {
  if (!identity.loggedIn) return `not${GLUE}logged${GLUE}in`;
  const who = plain(identity.email ?? "logged in");
  if (identity.loginEnds !== null && identity.loginEnds < now) return `${who}, ended${GLUE}${date(identity.loginEnds)}`;
  if (!identity.verified) return `${who} (not${GLUE}verified)`;
  return identity.loginEnds === null ? who : `${who} until${GLUE}${date(identity.loginEnds)}`;
}

/** The same with organisation and plan, as a sentence without a full stop. */
export function loginLong(identity: Identity, now: number): string {
  if (!identity.loggedIn) return "not logged in";
  const more = [identity.organization, identity.plan].filter((word) => word !== null).map(plain);
  const who = `${plain(identity.email ?? "logged in")}${more.length > 0 ? ` (${more.join(", ")})` : ""}`;
  const ends = identity.loginEnds;
  const until = ends === null ? "" : `, ${ends < now ? "ended" : "until"} ${date(ends)}`;
  return `${who}${until}${identity.verified ? "" : "; not verified: only the Keychain knows"}`;
}
