/** A day, by this machine's clock: `2026-12-24`. @param time milliseconds since the epoch */
export function day(time: number): string {
  const at = new Date(time);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
