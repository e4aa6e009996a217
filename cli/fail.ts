import { CcsError } from "../shared/index.ts";
import { err, out } from "./output.ts";
import { errorJson, errorText, stackText } from "./render/error.ts";
import { paintFor } from "./render/style.ts";

/**
 * Says what went wrong, once: on standard error, or as an object on standard output where `--json` was given.
 * @returns the process's exit code
 */
export function fail(error: unknown, json: boolean): number {
  if (json) out(errorJson(error));
  else err(errorText(error, paintFor(2)));
  const wanted = process.env["CCS_DEBUG"] === "1";
  if (wanted) err(stackText(error));
  return error instanceof CcsError ? error.exit : 1;
}
