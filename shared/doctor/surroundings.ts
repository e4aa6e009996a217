import { readFileSync, statfsSync } from "node:fs";
import { isErrno } from "../errors.ts";

/** Bytes on the filesystem of a path. */
export interface Space {
  /** What this user may still fill. */
  readonly free: number;
  /** What is filled, whatever with. */
  readonly used: number;
}

/** What the checks know of the machine, beyond the files of ccs. Tests that cannot have such a machine give their own. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  /** What the kernel calls itself: that of WSL names Microsoft. Empty where it does not tell. */
  kernel(): string;
  /** Where Linux on Windows shows the home directories of Windows' users. */
  readonly windowsUsers: string;
  /** Null where that is not told. */
  space(path: string): Space | null;
}

export const HERE: Surroundings = {
  platform: process.platform,
  kernel: () => orNull(() => readFileSync("/proc/version", "utf8")) ?? "",
  windowsUsers: "/mnt/c/Users",
  space: (path) =>
    orNull(() => {
      const { bsize, blocks, bfree, bavail } = statfsSync(path);
      return { free: bavail * bsize, used: (blocks - bfree) * bsize };
    }),
};

function orNull<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (isErrno(error)) return null;
    throw error;
  }
}
