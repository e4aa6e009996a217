import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Refused } from "./api/refused.ts";

/** Milliseconds a link is good for, and how many may be out at once. */
const LINK_LASTS = 10 * 60_000;
const LINKS = 16;
const BEARERS = 64;

const AGAIN = "Run ccs config again: it gives a fresh link.";

/**
 * Who may ask. A link holds a one-time token; the page gives it for a bearer, which it shows from then on. Neither is kept
 * here, only what they hash to; both end with the server.
 */
export class Access {
  /** Of this server alone: who knows it may have links. */
  readonly key = secret();
  readonly #links = new Map<string, number>();
  readonly #bearers = new Set<string>();
  readonly #nonces = new Set<string>();

  /** A token for one link. */
  link(now: number): string {
    const token = secret();
    this.#links.set(hashOf(token), now + LINK_LASTS);
    trim(this.#links, LINKS);
    return token;
  }

  /** @throws Refused `unauthorized` */
  bearerFor(token: string, now: number): string {
    const hash = hashOf(token);
    const ends = this.#links.get(hash);
    this.#links.delete(hash);
    if (ends === undefined) throw new Refused("unauthorized", "this link was used already, or is not of this server", { hint: AGAIN });
    if (ends < now) throw new Refused("unauthorized", "this link is too old", { hint: AGAIN });
    const bearer = secret();
    this.#bearers.add(hashOf(bearer));
    trim(this.#bearers, BEARERS);
    return bearer;
  }

  /** @param header `Authorization` @throws Refused `unauthorized` */
  requireBearer(header: string | null): void {
    const bearer = /^Bearer ([\w-]{1,128})$/.exec(header ?? "")?.[1];
    if (bearer !== undefined && this.#bearers.has(hashOf(bearer))) return;
    throw new Refused("unauthorized", "this page is not signed in to the server", { hint: AGAIN });
  }

  /** A token for whoever shows that they know the key, once for each nonce. @throws Refused `unauthorized` */
  linkFor(nonce: string, proof: string, now: number): { token: string; proof: string } {
    if (this.#nonces.has(nonce) || !equal(proof, askingProof(this.key, nonce)))
      throw new Refused("unauthorized", "the proof does not hold");
    this.#nonces.add(nonce);
    trim(this.#nonces, 1000);
    const token = this.link(now);
    return { token, proof: answeringProof(this.key, nonce, token) };
  }
}

/** Shows the server that who asks knows the key, without saying it: somebody else may sit on the port by now. */
export function askingProof(key: string, nonce: string): string {
  return proofOf(key, `link ${nonce}`);
}

/** Shows who asked that it was the server that answered. */
export function answeringProof(key: string, nonce: string, token: string): string {
  return proofOf(key, `token ${nonce} ${token}`);
}

/** 32 random bytes, as text. */
export function secret(): string {
  return randomBytes(32).toString("base64url");
}

export function equal(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
}

function proofOf(key: string, text: string): string {
  return createHmac("sha256", key).update(text).digest("base64url");
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** Forgets the oldest. */
function trim(kept: Map<string, unknown> | Set<string>, most: number): void {
  for (const key of kept.keys()) {
    if (kept.size <= most) return;
    kept.delete(key);
  }
}
