import { moment } from "../render/time.ts";

/** The windows of `rate_limits`, as the client names them, and as they are shown. */
const WINDOWS = [
  ["five_hour", "5h"],
  ["seven_day", "week"],
  ["spend_limit", "spend"],
] as const;
/** Percent from which on it matters when a window ends. */
const NEAR = 80;

/**
 * How much of the login's limits is used, from what the client hands to a status line: `rate_limits` with
 * `used_percentage` and `resets_at` (seconds since the epoch) for each window, there only for subscriptions and after
 * the first answer. Anything else says nothing. Pure.
 * @param now milliseconds since the epoch
 */
export function limitWords(payload: unknown, now: number): string[] {
  const limits = objectOf(objectOf(payload)["rate_limits"]);
  return WINDOWS.flatMap(([key, label]) => {
    const { used_percentage: used, resets_at: resets } = objectOf(limits[key]);
    if (typeof used !== "number" || !Number.isFinite(used)) return [];
    const ends = typeof resets === "number" && Number.isFinite(resets) ? resets * 1000 : null;
    if (ends !== null && ends <= now) return [];
    // Only where it is shown: the first local time of a process takes milliseconds.
    const until = used < NEAR || ends === null ? "" : ` until ${moment(ends, now)}`;
    return [used >= 100 ? `${label} limit reached${until}` : `${label} ${Math.floor(used)}%${until}`];
  });
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
