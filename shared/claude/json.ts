/** What the client writes may hold anything in a later version: these read a value if it is what was hoped for, and nothing else. */

export type JsonObject = { readonly [key: string]: unknown };

/** @returns the value if it is an object (not an array), else `null` */
export function objectOf(value: unknown): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** @returns the value if it is text that is not empty, else `null` */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** @returns the value if it is a finite number, else `null` */
export function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** @returns the object a line of JSON holds, or `null` where it holds something else or is torn */
export function parseObject(line: string): JsonObject | null {
  try {
    return objectOf(JSON.parse(line));
  } catch {
    return null; // A line that is being written, or was cut by a crash, is no line yet.
  }
}

/** @returns an ISO timestamp as milliseconds since the epoch, or `null` */
export function timeOf(value: unknown): number | null {
  return typeof value === "string" ? numberOf(Date.parse(value)) : null;
}
