/** True for a failed system call with one of these codes. On the launch road: `shared/index.ts` would cost what it saves. */
export function isErrno(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
