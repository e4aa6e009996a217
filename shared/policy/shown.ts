/** Characters a terminal would act on or hide: the rest of the control characters, and what turns the direction of text. */
const UNSEEN = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * A value as a message shows it: text in quotes with everything invisible escaped, numbers and booleans as they are,
 * collections by their kind (they may be long, or hold themselves).
 */
export function shown(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value).replace(UNSEEN, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  }
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a map";
  return String(value);
}
