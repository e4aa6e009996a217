import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { CcsError, isErrno } from "../errors.ts";

/**
 * The text of config.yaml, a byte order mark included, so that writing the text back writes the same bytes.
 * @returns undefined where there is no such file
 * @throws CcsError `failed` when it cannot be read; `config-invalid` when it is not UTF-8 (no text could stand for its bytes)
 */
export function readText(file: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw new CcsError("failed", `config.yaml cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      where: file,
      untouched: "nothing was changed",
      hint: `make ${file} a file that you may read`,
      cause: error,
    });
  }
  if (!isUtf8(bytes)) {
    throw new CcsError("config-invalid", "config.yaml is not UTF-8 text", {
      where: `config.yaml:${lineOfBadByte(bytes)}:1`,
      untouched: "config.yaml and every link were left as they are",
      hint: `save ${file} as UTF-8`,
    });
  }
  return bytes.toString("utf8");
}

/** The 1-based line whose bytes are not UTF-8 (UTF-8 never splits a character at a line feed). */
function lineOfBadByte(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed + 1;
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end;
  }
  return line;
}
