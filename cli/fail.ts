import { CcsError } from "../shared/index.ts";
import { err, out } from "./output.ts";
import { errorJson, errorText, stackText } from "./render/error.ts";
import { paintFor } from "./render/style.ts";

/**
 * Says what went wrong, once: on standard error, or as an object on standard output where `--json` was given.
 * @returns the process's exit code
 */
export function fail(error: unknown, json: boolean): number {
  if (!json || !told(errorJson(error))) err(errorText(error, paintFor(2)));
  if (process.env["CCS_DEBUG"] === "1") err(stackText(error));
  return error instanceof CcsError ? error.exit : 1;
}

/** @returns whether standard output took it: a full disk may be the very error */
function told(text: string): boolean {
  try {
    out(text);
    return true;
  } catch {
    return false;
  }
}
