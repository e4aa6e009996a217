import { usage } from "./strict.ts";

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
const AGO = /^(\d{1,4})([dw])$/;

/**
 * The first moment of a day, by this machine's clock.
 * @param given `2026-11-22`, `today`, `yesterday`, `7d` or `2w` (days or weeks ago)
 * @param flag for the message, with its dashes
 * @param now milliseconds since the epoch
 * @param later how many days later the moment is
 * @throws CcsError `usage`
 */
export function dayFrom(given: string, flag: string, now: number, later = 0): number {
  const today = new Date(now);
  const back = given === "today" ? 0 : given === "yesterday" ? 1 : backBy(given);
  if (back !== null) return new Date(today.getFullYear(), today.getMonth(), today.getDate() - back + later).getTime();
  const [, year, month, day] = DAY.exec(given) ?? [];
  const at = new Date(Number(year), Number(month) - 1, Number(day));
  if (at.getMonth() + 1 !== Number(month) || at.getDate() !== Number(day)) {
    throw usage(
      `${flag} is "${given}"; it takes a day: 2026-11-22, today, yesterday, 7d or 2w (days or weeks ago)`,
      "See: ccs sessions --help",
    );
  }
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + later).getTime();
}

function backBy(given: string): number | null {
  const [, count, unit] = AGO.exec(given) ?? [];
  return count === undefined ? null : Number(count) * (unit === "w" ? 7 : 1);
}
