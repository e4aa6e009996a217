import { isErrno } from "../../shared/index.ts";

/**
 * Does something with a directory as the working directory, and comes back. For what is done at once: until it is, there is
 * nobody else in this process who could be led astray.
 * @returns false where that cannot be, also where the working directory is gone; nothing was done then
 */
export function within(directory: string, work: () => void): boolean {
  let before: string;
  try {
    before = process.cwd();
    process.chdir(directory);
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
  try {
    work();
  } finally {
    process.chdir(before);
  }
  return true;
}
