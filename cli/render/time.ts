const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How long ago a moment was.
 * @param iso the moment; null or what is no time gives "never"
 * @param now milliseconds since the epoch
 */
export function ago(iso: string | null, now: number): string {
  const time = iso === null ? Number.NaN : Date.parse(iso);
  if (Number.isNaN(time)) return "never";
  const passed = now - time;
  if (passed < -MINUTE) return date(time);
  if (passed < MINUTE) return "just now";
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min ago`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)} h ago`;
  if (passed < 30 * DAY) return `${Math.floor(passed / DAY)} d ago`;
  return date(time);
}

/** A day, by this machine's clock: `2026-12-24`. */
export function date(time: number): string {
  const at = new Date(time);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** A moment that is close: `17:53` today, `Mon 17:53` within six days, else with its date. */
export function moment(time: number, now: number): string {
  const at = new Date(time);
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (date(time) === date(now)) return clock;
  if (Math.abs(time - now) < 6 * DAY) return `${["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][at.getDay()]} ${clock}`;
  return `${date(time)} ${clock}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

/** A moment, by this machine's clock: `2026-12-24 17:53`. */
export function stamp(time: number): string {
  const at = new Date(time);
  return `${date(time)} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
