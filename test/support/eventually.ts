import { setTimeout as sleep } from "node:timers/promises";

/** Until when a condition has to come true, in milliseconds: against hanging, on a slow machine too; not a measure. */
const PATIENCE = 30_000;

/**
 * Looks again and again until what is seen holds.
 * @param what what is waited for, as the end of "it never came to: ..."
 * @returns what was seen last
 */
export async function eventually<T>(what: string, look: () => T | Promise<T>, holds: (seen: T) => boolean = Boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`it never came to: ${what}; seen last: ${JSON.stringify(seen, null, 1)}`);
    await sleep(25);
  }
}
