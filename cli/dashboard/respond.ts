import { HEADERS } from "./guard.ts";

export function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: { ...HEADERS, "content-type": "application/json" } });
}
