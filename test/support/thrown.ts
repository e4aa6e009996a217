import { CcsError } from "../../shared/errors.ts";

/** What something is refused with. @throws where it is not refused */
export function thrownBy(work: () => unknown): CcsError {
  try {
    work();
  } catch (error) {
    if (error instanceof CcsError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
