import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { type Holder, lockState, takeLock, withLock } from "../../shared/context/lock.ts";
import * as ccs from "../../shared/index.ts";
import { chain, S } from "./support/sessions.ts";
import { snapshot } from "./support/snapshot.ts";
import { ISOLATED, put, refusal, text, World } from "./support/world.ts";

/** The holder a process of this machine would be. */
function holder(of: Partial<Holder>): Holder {
  return {
    token: crypto.randomUUID(),
    host: hostname(),
    machine: fs.existsSync("/etc/machine-id") ? text("/etc/machine-id").trim() : "",
    boot: text("/proc/sys/kernel/random/boot_id").trim(),
    namespace: fs.readlinkSync("/proc/self/ns/pid"),
    pid: process.pid,
    start: startOf(process.pid),
    doing: "changing the history sync of work",
    since: "2026-01-02T03:04:05.000Z",
    ...of,
  };
}

function startOf(pid: number): string {
  const stat = text(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] as string;
}

function held(world: World, by: Holder): void {
  put(join(world.home.lock, "holder"), JSON.stringify(by));
}

/** The id of a process that is gone. */
function deadPid(): number {
  return Bun.spawnSync(["true"]).pid;
}

describe("the lock", () => {
  test("is held while a change is made and free afterwards, also after one that failed", () => {
    using world = new World();
    world.accounts("work");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    let state = "";
    ccs.applyChange(world.home, world.preview("work", { mode: "shared", group: "team", continuity: "standard" }), {
      approved: true,
      onProgress: () => {
        state = lockState(world.home).state;
      },
    });
    expect(state).toBe("held");
    expect(lockState(world.home)).toEqual({ state: "free" });
    expect(world.interrupt("work", ISOLATED, 1)).toBe(true);
    expect(lockState(world.home)).toEqual({ state: "free" });
    expect(fs.readdirSync(world.home.state).filter((name) => name.startsWith("lock"))).toEqual([]);
  });

  test("is not waited for any longer where the clock is set back meanwhile", () => {
    using world = new World();
    world.accounts("work");
    held(world, holder({}));
    const now = Date.now;
    let asked = 0;
    try {
      Date.now = () => {
        asked += 1;
        if (asked > 500) throw new Error("it waits for ever");
        return now() - asked * 3_600_000;
      };
      expect(refusal(() => takeLock(world.home, "waiting", 50)).code).toBe("busy");
    } finally {
      Date.now = now;
    }
  });

  test("of a living process: busy, exit 75, naming what it does, its id, host and since when; nothing changes", () => {
    using world = new World();
    world.accounts("work");
    held(world, holder({}));
    const before = [...snapshot(world.root).keys()];
    const error = refusal(() => withLock(world.home, "x", () => undefined, 0));
    expect(error.exit).toBe(75);
    for (const word of ["changing the history sync of work", String(process.pid), hostname(), "2026-01-02T03:04:05.000Z"])
      expect(error.message).toContain(word);
    expect([...snapshot(world.root).keys()]).toEqual(before);
  });

  test("readers take none", () => {
    using world = new World();
    world.accounts("work");
    held(world, holder({}));
    expect(ccs.listAccounts(world.home, 0)).toHaveLength(1);
    expect(ccs.listGroups(world.home)).toEqual([]);
    expect(world.preview("work", ISOLATED).plan.operations).toEqual([]);
  });

  for (const [what, of] of [
    ["a process that is gone", () => ({ pid: deadPid(), start: "1" })],
    ["a process whose id was given to another", () => ({ start: "1" })],
    ["a process of an earlier boot", () => ({ boot: "00000000-0000-0000-0000-000000000000" })],
  ] as const) {
    test(`of ${what} is taken over`, () => {
      using world = new World();
      held(world, holder(of()));
      expect(lockState(world.home).state).toBe("dead");
      world.accounts("work");
      expect(lockState(world.home).state).toBe("free");
      expect(fs.readdirSync(world.home.state).filter((name) => name.startsWith("lock"))).toEqual([]);
    });
  }

  for (const [what, of] of [
    ["another host", { host: "another", pid: 1 }],
    ["another machine of the same name", { machine: "0123456789abcdef0123456789abcdef" }],
    ["another process-id namespace", { namespace: "pid:[1]" }],
    ["another host and an earlier boot", { host: "another", boot: "00000000-0000-0000-0000-000000000000" }],
  ] as const) {
    test(`of ${what} is never presumed dead, and the person is told what to look for`, () => {
      using world = new World();
      held(world, holder({ ...of, ...("pid" in of ? {} : { pid: deadPid() }) }));
      expect(lockState(world.home).state).toBe("elsewhere");
      const error = refusal(() => withLock(world.home, "x", () => undefined, 0));
      expect(error.exit).toBe(75);
      expect(error.hint).toContain(world.home.lock);
      expect(lockState(world.home).state).toBe("elsewhere");
    });
  }

  test("of a process that was killed and whose parent does not ask after it (a zombie) is taken over", async () => {
    using world = new World();
    // The shell starts a child, says its id and never waits for it.
    const shell = Bun.spawn(["sh", "-c", "sh -c 'kill -STOP $$' & echo $!; exec sleep 600"], { stdout: "pipe" });
    try {
      const { value } = await shell.stdout.getReader().read();
      const pid = Number(new TextDecoder().decode(value).trim());
      const start = startOf(pid);
      // From here on nobody is left who would ask after it.
      while (text(`/proc/${shell.pid}/comm`).trim() !== "sleep") await Bun.sleep(1);
      process.kill(pid, "SIGKILL");
      const state = () => text(`/proc/${pid}/stat`).split(") ")[1]?.[0];
      while (state() !== "Z") await Bun.sleep(1);
      held(world, holder({ pid, start }));
      expect(lockState(world.home).state).toBe("dead");
      world.accounts("work");
    } finally {
      shell.kill("SIGKILL");
    }
  });

  test("left half made or half cleared by a kill is as good as free", () => {
    using world = new World();
    fs.mkdirSync(world.home.lock, { recursive: true });
    expect(lockState(world.home).state).toBe("free");
    fs.mkdirSync(`${world.home.lock}.new.${crypto.randomUUID()}`);
    world.accounts("work");
    expect(lockState(world.home).state).toBe("free");
  });

  test("a right to clear it that was left by one who died too passes on", () => {
    using world = new World();
    const dead = holder({ pid: deadPid(), start: "1" });
    const clearer = holder({ pid: deadPid(), start: "1" });
    held(world, dead);
    put(join(`${world.home.lock}.clear.${dead.token}`, "holder"), JSON.stringify(clearer));
    world.accounts("work");
    expect(fs.readdirSync(world.home.state).filter((name) => name.startsWith("lock"))).toEqual([]);
  });

  test("a right to clear it that somebody living holds is waited for, and the lock is not taken meanwhile", () => {
    using world = new World();
    const dead = holder({ pid: deadPid(), start: "1" });
    held(world, dead);
    put(join(`${world.home.lock}.clear.${dead.token}`, "holder"), JSON.stringify(holder({})));
    expect(refusal(() => withLock(world.home, "x", () => undefined, 50)).exit).toBe(75);
    expect(JSON.parse(text(join(world.home.lock, "holder")))).toEqual(dead);
  });

  test("is not given back by one that has lost it", () => {
    using world = new World();
    const mine = takeLock(world.home, "mine");
    fs.rmSync(world.home.lock, { recursive: true });
    const other = holder({});
    held(world, other);
    mine.release();
    expect(lockState(world.home)).toEqual({ state: "held", holder: other });
  });

  test("whose holder's file holds no sense (a power loss) is said with its path, not as a crash", () => {
    using world = new World();
    put(join(world.home.lock, "holder"), "");
    const error = refusal(() => withLock(world.home, "x", () => undefined, 0));
    expect(error.where).toContain(world.home.lock);
  });

  test("noting a use does not wait for it", () => {
    using world = new World();
    world.accounts("work");
    held(world, holder({}));
    const config = text(world.home.config);
    try {
      expect(ccs.touchLastUsed(world.home, "work", new Date())).toBe(false);
    } catch (error) {
      expect((error as ccs.CcsError).exit).toBe(75);
    }
    expect(text(world.home.config)).toBe(config);
  });
});
