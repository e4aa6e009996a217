import { expect, test } from "bun:test";
import * as fs from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

const ROUNDS = 20;
const LOCKER = join(import.meta.dir, "support", "locker.ts");

function text(path: string): string {
  return fs.existsSync(path) ? fs.readFileSync(path, "utf8") : "";
}

/** What a process that is gone left behind. */
function deadHolder(): string {
  return JSON.stringify({
    token: crypto.randomUUID(),
    host: hostname(),
    machine: text("/etc/machine-id").trim(),
    boot: text("/proc/sys/kernel/random/boot_id").trim(),
    namespace: fs.readlinkSync("/proc/self/ns/pid"),
    pid: Bun.spawnSync(["true"]).pid,
    start: "1",
    doing: "something it never finished",
    since: "2026-01-02T03:04:05.000Z",
  });
}

/** Starts lockers that wait for one another, and lets them go at once. @returns their exit codes */
async function race(directory: string, lockers: number, times: number): Promise<number[]> {
  const start = join(directory, "start");
  const running = Array.from({ length: lockers }, () =>
    Bun.spawn([process.execPath, LOCKER, directory, start, String(times)], { stdout: "ignore", stderr: "inherit" }),
  );
  while (text(join(directory, "ready")).length < lockers) {
    if (running.some((one) => one.exitCode !== null)) break;
    await Bun.sleep(2);
  }
  fs.writeFileSync(start, "");
  return Promise.all(running.map((one) => one.exited));
}

for (const [what, lockers, times] of [
  ["two", 2, 2],
  ["five", 5, 3],
] as const) {
  test(`${what} that find a dead holder at once: one wins at a time, all come to it, ${ROUNDS} rounds`, async () => {
    for (let round = 0; round < (lockers === 2 ? ROUNDS : ROUNDS / 4); round++) {
      const directory = fs.mkdtempSync(join(tmpdir(), "ccs-locks-"));
      try {
        fs.mkdirSync(join(directory, "state", "lock"), { recursive: true });
        fs.writeFileSync(join(directory, "state", "lock", "holder"), deadHolder());
        expect(await race(directory, lockers, times)).toEqual(Array.from({ length: lockers }, () => 0));
        expect(text(join(directory, "entered"))).toHaveLength(lockers * times);
        expect(fs.readdirSync(join(directory, "state"))).toEqual([]);
      } finally {
        fs.rmSync(directory, { recursive: true });
      }
    }
  });
}
