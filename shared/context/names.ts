import { Buffer } from "node:buffer";

/**
 * File names are bytes; Node hands them out as text and loses those that are not UTF-8. Here such a byte 0x80..0xFF
 * travels as the private-use character U+F780..U+F7FF, and so do the bytes of these characters themselves: every name
 * survives a plan, JSON and back. (Lone surrogates would not: Bun's `node:path` replaces them.)
 */
const ESCAPED = /[\uF780-\uF7FF]/;
const BASE = 0xf700;
const LOST = "\uFFFD";

/** Whether a name read as text may have lost bytes and has to be read again as bytes. */
export function mayHaveLostBytes(name: string): boolean {
  return name.includes(LOST) || ESCAPED.test(name);
}

/** A name's bytes as text, bytes that are not UTF-8 escaped. */
export function nameFromBytes(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  if (!mayHaveLostBytes(text)) return text;
  let out = "";
  for (let i = 0; i < bytes.length; ) {
    const width = sequenceLength(bytes, i);
    if (width === 0) {
      out += String.fromCharCode(BASE + (bytes[i] as number));
      i += 1;
    } else {
      out += bytes.toString("utf8", i, i + width);
      i += width;
    }
  }
  return out;
}

/** Length of the valid UTF-8 sequence at `at`, or 0 where there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] as number;
  const width =
    first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  if (width === 0 || at + width > bytes.length) return 0;
  const slice = bytes.subarray(at, at + width);
  const text = slice.toString("utf8");
  return Buffer.from(text, "utf8").equals(slice) && !ESCAPED.test(text) ? width : 0;
}

/** The path as the system calls take it: text, or bytes where a name is not UTF-8. */
export function nativePath(path: string): string | Buffer {
  if (!ESCAPED.test(path)) return path;
  const parts: Buffer[] = [];
  let from = 0;
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i);
    if (code < BASE + 0x80 || code > BASE + 0xff) continue;
    parts.push(Buffer.from(path.slice(from, i), "utf8"), Buffer.from([code - BASE]));
    from = i + 1;
  }
  parts.push(Buffer.from(path.slice(from), "utf8"));
  return Buffer.concat(parts);
}

/** For people: escaped bytes as `\\xNN`. */
export function displayPath(path: string): string {
  return path.replace(/[\uF780-\uF7FF]/g, (c) => `\\x${(c.charCodeAt(0) - BASE).toString(16)}`);
}

/** A path as a person can paste it into a shell: quoted where it has to be, odd bytes in the `$'...'` form of bash, zsh and ksh. */
export function asArgument(path: string): string {
  if (/^[\w@%+=:,./-]+$/.test(path)) return path;
  if (!ESCAPED.test(path)) return `'${path.replaceAll("'", "'\\''")}'`;
  return `$'${displayPath(path.replace(/['\\]/g, "\\$&"))}'`;
}
