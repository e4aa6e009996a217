import type { AccountReport } from "./types.ts";

/** Milliseconds before its end from which on a login is said to end soon: three days. */
export const ENDS_SOON = 3 * 24 * 60 * 60 * 1000;

/** How an account stands, in one word for an icon and a few for a person. The worst that holds. */
export interface Standing {
  readonly state: "needs-doctor" | "signed-out" | "limited" | "ending" | "signed-in";
  readonly words: string;
  /** Milliseconds since the epoch, in the states that have an end: `limited`, `ending`, and `signed-in` where that is known. */
  readonly until: number | null;
  /** Whether a person has something to do about it. A limit goes by itself. */
  readonly attention: boolean;
}

/** @param now milliseconds since the epoch */
export function standingOf({ health, identity, limitedUntil }: AccountReport, now: number): Standing {
  const { loggedIn, loginEnds } = identity;
  if (health === "error") return { state: "needs-doctor", words: "needs the doctor", until: null, attention: true };
  if (!loggedIn) return { state: "signed-out", words: "signed out", until: null, attention: true };
  if (loginEnds !== null && loginEnds <= now) return { state: "signed-out", words: "the login has ended", until: null, attention: true };
  if (limitedUntil !== null) return { state: "limited", words: "usage limit reached", until: limitedUntil, attention: false };
  if (loginEnds !== null && loginEnds - now <= ENDS_SOON)
    return { state: "ending", words: "the login ends soon", until: loginEnds, attention: true };
  return { state: "signed-in", words: "signed in", until: loginEnds, attention: false };
}
