/** Plain text that no YAML parser, 1.1 or 1.2, reads as anything but text, in block and flow. */
const PLAIN = /^[A-Za-z][A-Za-z0-9_-]*$/;
const OTHER_MEANING = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

export function isPlainText(text: string): boolean {
  return PLAIN.test(text) && !OTHER_MEANING.test(text);
}

/** Text in double quotes. Every JSON string is a YAML one; what YAML calls unprintable is escaped too. */
export function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Text in the quotes another scalar had, where it can be so written: plain, single or (whatever else it was) double. */
export function quotedLike(style: string | null | undefined, text: string): string {
  if (style === "PLAIN" && isPlainText(text)) return text;
  if (style === "QUOTE_SINGLE" && /^[\u0020-\u007e]*$/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return doubleQuoted(text);
}

/** A key: plain, or in double quotes where its neighbours are, or where it would be read as something else. */
export function keySource(key: string, neighbourStyle: string | null | undefined): string {
  return neighbourStyle === "QUOTE_DOUBLE" || !isPlainText(key) ? doubleQuoted(key) : key;
}
