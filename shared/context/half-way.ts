import { CcsError, cureOf, isErrno, reasonOf, Unreadable } from "../errors.ts";
import { Moved } from "./disk.ts";

/**
 * What ended a change after it had begun, in words; what says enough already, or is none of the disk's, as it is.
 * @param account whose change it is
 * @param where for a failure that does not say itself
 */
export function stoppedHalfWay(account: string, error: unknown, where?: string): unknown {
  const failure = failureOf(error, where);
  if (failure === null) return error;
  return new CcsError("failed", `the change of ${account} stopped half way: ${failure.reason}`, {
    where: failure.where,
    untouched: "Nothing is lost: what was not finished is recorded and will be finished.",
    hint: "Mend the cause (a full disk, a permission), then: ccs doctor --fix",
    cause: error,
  });
}

/** The same for what is no change of an account. @param doing what was done, in words: `setting the default account` */
export function failedDoing(doing: string, error: unknown): unknown {
  if (error instanceof Unreadable) return error;
  const failure = failureOf(error);
  if (failure === null) return error;
  return new CcsError("failed", `${doing} failed: ${failure.reason}`, {
    where: failure.where,
    untouched: "Nothing is lost.",
    hint: cureOf(error),
    cause: error,
  });
}

function failureOf(error: unknown, known?: string): { readonly reason: string; readonly where: string } | null {
  if (error instanceof Unreadable) return { reason: error.message, where: known ?? error.where ?? "" };
  if (error instanceof Moved) return { reason: "something else stands there by now", where: error.message };
  if (isErrno(error)) return { reason: reasonOf(error), where: known ?? error.path ?? "" };
  return null;
}
