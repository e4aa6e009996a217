import { Buffer } from "node:buffer";

/**
 * Names on disk are bytes. In these tests a path under the tree is a string in which every character stands for one
 * byte (latin1), so that a name that is not UTF-8 is a name like any other.
 */
export function native(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(root, "utf8"), Buffer.from(path === "" ? "" : `/${path}`, "latin1")]);
}

/** Text as such a string. */
export function bytesOf(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Such a string for people: everything outside printable ASCII escaped. */
export function shown(path: string): string {
  return path.replace(/[^\x20-\x7e]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
