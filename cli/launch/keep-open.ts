import { dlopen, ptr } from "bun:ffi";
import type { Start } from "./client.ts";

const LIBRARIES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`],
  darwin: ["/usr/lib/libSystem.B.dylib"],
};

function libc() {
  let failure: unknown;
  for (const name of LIBRARIES[process.platform] ?? []) {
    try {
      return dlopen(name, {
        dup: { args: ["i32"], returns: "i32" },
        dup2: { args: ["i32", "i32"], returns: "i32" },
        close: { args: ["i32"], returns: "i32" },
        execve: { args: ["ptr", "ptr", "ptr"], returns: "i32" },
      }).symbols;
    } catch (error) {
      failure = error;
    }
  }
  throw failure ?? new Error(`no C library is known for ${process.platform}`);
}

/**
 * Replaces this process and keeps these files open in the client. `process.execve` closes them: it marks everything
 * from descriptor 3 on (close_range(2) with CLOSE_RANGE_CLOEXEC), as Bun does at its start from 4 on.
 * @returns only where it failed
 * @throws where the C library cannot be reached
 */
export function replaceKeeping(descriptors: readonly number[], { file, name, args, env }: Start): void {
  const { dup, dup2, close, execve } = libc();
  for (const fd of descriptors) {
    // What dup2(2) makes has no mark. fcntl(2) would do too, but takes a variable number of arguments.
    const copy = dup(fd);
    if (copy === -1) continue; // Not open: the client will say so.
    dup2(copy, fd);
    close(copy);
  }
  // Whatever a pointer points to is held here until the call.
  const held: Uint8Array[] = [];
  const text = (value: string) => {
    const bytes = Buffer.from(`${value}\0`);
    held.push(bytes);
    return ptr(bytes);
  };
  const vector = (values: readonly string[]) => {
    const pointers = BigUint64Array.from([...values.map((value) => BigInt(text(value))), 0n]);
    held.push(new Uint8Array(pointers.buffer));
    return ptr(pointers);
  };
  const argv = vector([name, ...args]);
  const environment = vector(Object.entries(env).map(([key, value]) => `${key}=${value}`));
  execve(text(file), argv, environment);
  held.length = 0;
}
