import { spyOn } from "bun:test";
import * as fs from "node:fs";

/**
 * Lets unlink(2) fail as on a broken disk.
 * @param fails whether the call on this path does
 * @returns what takes it back: `using _ = failingUnlink(...)`
 */
export function failingUnlink(fails: (path: string) => boolean): Disposable {
  const really = fs.unlinkSync;
  const spy = spyOn(fs, "unlinkSync").mockImplementation((named) => {
    const path = String(named);
    if (fails(path)) throw Object.assign(new Error(`EIO: i/o error, unlink '${path}'`), { code: "EIO", path });
    really(named);
  });
  return { [Symbol.dispose]: () => spy.mockRestore() };
}
