/** The version of every object `--json` prints. It changes when a key changes its meaning or goes. */
const VERSION = 1;

/** An object for programs; numbers too large for JSON become text. */
export function json(object: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ version: VERSION, ...object }, (_, value) => (typeof value === "bigint" ? String(value) : value), 2)}\n`;
}
