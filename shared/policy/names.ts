import { shown } from "./shown.ts";

export const NAME_LENGTH = 64;

/** First words of our own commands, today's and tomorrow's: an account so named could never be launched. */
export const RESERVED_NAMES: readonly string[] =
  "auth config cliproxy completions default doctor env group help install next sessions statusline sync undo uninstall use version which".split(
    " ",
  );

/** Names Windows gives to devices, whatever their extension. */
const DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

export type NameResult = { readonly ok: true; readonly name: string } | { readonly ok: false; readonly message: string };

/**
 * A context group as it is kept: trimmed, lowercase, inner spaces as `-`.
 * @returns the normalised name, or what is wrong, to follow the words "the group"
 */
export function normaliseGroup(raw: string): NameResult {
  // Only A-Z are lowered: toLowerCase() would also turn the Kelvin sign (U+212A) into a "k".
  const name = raw
    .trim()
    .replace(/[A-Z]/g, (c) => c.toLowerCase())
    .replace(/\s+/g, "-");
  if (name === "") return { ok: false, message: "is empty; it has to start with a letter" };
  if (!/^[a-z]/.test(name)) return { ok: false, message: `is ${shown(raw)}; it has to start with a letter (a-z)` };
  if (!/^[a-z0-9_-]+$/.test(name)) return { ok: false, message: `is ${shown(raw)}; only letters, digits, "_" and "-" are allowed` };
  if (name.length > NAME_LENGTH) return { ok: false, message: `is ${name.length} characters long; at most ${NAME_LENGTH} are allowed` };
  return { ok: true, name };
}

/**
 * Whether a name can be an account.
 * @param taken the accounts there are; names are unique ignoring case and Unicode form
 * @returns the name as it was given, or what is wrong as a sentence without a full stop
 */
export function checkAccountName(name: string, taken: Iterable<string> = []): NameResult {
  if (name === "") return { ok: false, message: "an account needs a name" };
  if (!/^[A-Za-z0-9]/.test(name)) return { ok: false, message: `the account name ${shown(name)} has to start with a letter or a digit` };
  if (!/^[A-Za-z0-9._-]+$/.test(name)) {
    return { ok: false, message: `the account name ${shown(name)} may hold only letters, digits, ".", "_" and "-"` };
  }
  if (name.length > NAME_LENGTH)
    return { ok: false, message: `the account name is ${name.length} characters long; at most ${NAME_LENGTH} are allowed` };
  if (RESERVED_NAMES.includes(name.toLowerCase()))
    return { ok: false, message: `${shown(name)} is a command of ccs and cannot name an account` };
  if (DEVICES.test(name)) return { ok: false, message: `${shown(name)} is a device name on Windows and cannot name an account` };
  if (name.endsWith(".")) return { ok: false, message: `the account name ${shown(name)} must not end with a dot` };
  const folded = foldName(name);
  for (const other of taken) {
    if (foldName(other) === folded) return { ok: false, message: `there is an account ${shown(other)} already` };
  }
  return { ok: true, name };
}

/** The form two names are compared in: filesystems differ on case and Unicode form, accounts must not. */
export function foldName(name: string): string {
  return name.normalize("NFC").toLowerCase();
}
