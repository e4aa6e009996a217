// Takes the lock so many times: bun locker.ts <CCS_DIR> <start file> <times>. What it does under the lock is to make a file
// that must not be there, and to take it away. Exits with 3 where somebody else was inside.
import { appendFileSync, closeSync, existsSync, openSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "../../../shared/context/lock.ts";
import { homeOf } from "../../../shared/index.ts";

const [directory, start, times] = process.argv.slice(2) as [string, string, string];
const home = homeOf({ CCS_DIR: directory }, "/", "/");
const inside = join(directory, "inside");
const pause = new Int32Array(new SharedArrayBuffer(4));
const sleep = (ms: number) => Atomics.wait(pause, 0, 0, ms);

appendFileSync(join(directory, "ready"), ".");
while (!existsSync(start)) sleep(1);
for (let n = 0; n < Number(times); n++) {
  withLock(
    home,
    "racing",
    () => {
      try {
        closeSync(openSync(inside, "wx"));
      } catch {
        process.exit(3);
      }
      appendFileSync(join(directory, "entered"), ".");
      sleep(Math.random() * 3);
      unlinkSync(inside);
    },
    60_000,
  );
}
