import { CcsError, type ErrorCode, isErrno } from "../../../shared/index.ts";
import type { Refusal } from "./schemas.ts";

/** What the server says no for of itself, beside shared's reasons. */
export type RefusedCode = ErrorCode | "unauthorized" | "forbidden" | "too-large" | "method";

const STATUS: Record<RefusedCode, number> = {
  usage: 400,
  unauthorized: 401,
  forbidden: 403,
  "not-found": 404,
  method: 405,
  exists: 409,
  stale: 409,
  refused: 409,
  cancelled: 409,
  "too-large": 413,
  "config-invalid": 422,
  busy: 423,
  "client-not-found": 424,
  failed: 500,
};

/** An error that is about a field of a request, or about the request itself. */
export class Refused extends Error {
  readonly code: RefusedCode;
  readonly details: Details;

  constructor(code: RefusedCode, message: string, details: Details = {}) {
    super(message);
    this.name = "Refused";
    this.code = code;
    this.details = details;
  }
}

/** What is wrong with what was said, and not with the state of things. */
const ABOUT_A_FIELD: readonly ErrorCode[] = ["usage", "not-found", "exists"];

/** Says which field of a request an error of shared is about. @throws Refused in its place */
export function aboutField<T>(field: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof CcsError) || !ABOUT_A_FIELD.includes(error.code)) throw error;
    throw new Refused(error.code, error.message, { ...detailsOf(error), field });
  }
}

/** What is answered for an error. */
export function refusalOf(error: unknown): Refusal {
  const known = error instanceof CcsError || error instanceof Refused;
  const message = error instanceof Error ? error.message : String(error);
  const { field = null, hint = null, where = null, untouched = null } = detailsOf(error);
  return { error: { code: known ? error.code : "failed", message, field, hint, where, untouched } };
}

interface Details {
  readonly field?: string | null;
  readonly hint?: string | null;
  readonly where?: string | null;
  readonly untouched?: string | null;
}

function detailsOf(error: unknown): Details {
  if (error instanceof Refused) return error.details;
  if (error instanceof CcsError) return { hint: error.hint ?? null, where: error.where ?? null, untouched: error.untouched ?? null };
  return { hint: "Try again.", where: isErrno(error) ? (error.path ?? null) : null };
}

export function statusOf({ error }: Refusal): number {
  return STATUS[error.code as RefusedCode] ?? 500;
}
