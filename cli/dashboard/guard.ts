import { Refused } from "./api/refused.ts";

/** On every answer. The page loads nothing from elsewhere, holds nothing inline, is in nobody's frame and in no cache. */
export const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/**
 * Refuses what no page of this server sends: a name that was made to lead here (DNS rebinding), a page from elsewhere that
 * posts, or one that asks for what lies under `/api/`.
 * @param host where this server is, `127.0.0.1:PORT`
 * @throws Refused `forbidden`
 */
export function requireOwn(request: Request, host: string): void {
  const { headers, method } = request;
  if (headers.get("host") !== host) throw new Refused("forbidden", "this server answers to its own address only");
  const origin = headers.get("origin");
  if (origin === null ? method !== "GET" && method !== "HEAD" : origin !== `http://${host}`) {
    throw new Refused("forbidden", "this server answers to its own page only");
  }
  const site = headers.get("sec-fetch-site");
  if (pathOf(request).startsWith("/api/") && site !== null && site !== "same-origin") {
    throw new Refused("forbidden", "this server answers to its own page only");
  }
}

export function pathOf(request: Request): string {
  return new URL(request.url).pathname;
}
