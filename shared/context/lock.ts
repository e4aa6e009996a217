import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { CcsError, cureOf, isErrno, reasonOf, Unreadable } from "../errors.ts";
import type { Home } from "../paths.ts";
import { createFile, look, Moved, makeDirectories, makeDirectory, moveDirectory, removeEmptyDirectory, removeOurs } from "./disk.ts";
import { failedDoing } from "./half-way.ts";

/** Who holds the lock: enough to tell a living holder from a dead one, and one machine from another. */
export interface Holder {
  readonly token: string;
  readonly host: string;
  readonly machine: string;
  readonly boot: string;
  /** Process-id namespace. */
  readonly namespace: string;
  readonly pid: number;
  /** Start time of the process, in the kernel's ticks since boot; empty where the system does not tell. */
  readonly start: string;
  /** What it is doing, in words. */
  readonly doing: string;
  /** ISO time. */
  readonly since: string;
}

export interface Lock {
  release(): void;
}

export type LockState = { readonly state: "free" } | { readonly state: "held" | "dead" | "elsewhere"; readonly holder: Holder };

/**
 * The lock is a directory with one file in it that names its holder. Made complete elsewhere and renamed into place:
 * rename(2) of a directory refuses a target that holds anything, and takes an absent or an empty one in a single step.
 * So it needs no hard links, is never seen half-written, and works wherever directories do.
 */
const HOLDER = "holder";

function readFirst(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return ""; // not Linux: these facts are not to be had, and two empty ones compare equal
  }
}

/** Fields 3 and 22 of /proc/<pid>/stat (proc(5)): the state letter and the start time, after the name, which may hold anything. */
function statOf(pid: number | "self"): { state: string; start: string } {
  const stat = readFirst(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", start: fields[19] ?? "" };
}

function namespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

function myself(doing: string): Holder {
  return {
    token: randomUUID(),
    host: hostname(),
    machine: readFirst("/etc/machine-id"),
    boot: readFirst("/proc/sys/kernel/random/boot_id"),
    namespace: namespace(),
    pid: process.pid,
    start: statOf("self").start,
    doing,
    since: new Date().toISOString(),
  };
}

/** Claims this process could not give back: nobody is at work under them any more, and nobody else can tell. */
const unreleased = new Set<string>();

/** Whether a holder lives, is dead beyond doubt, or cannot be judged from here (another host or namespace). */
export function judge(holder: Holder): "held" | "dead" | "elsewhere" {
  if (unreleased.has(holder.token)) return "dead";
  const me = myself("");
  if (holder.host !== me.host || holder.machine !== me.machine) return "elsewhere";
  if (holder.boot !== me.boot) return "dead";
  if (holder.namespace !== me.namespace) return "elsewhere";
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return isErrno(error, "ESRCH") ? "dead" : "held";
  }
  const { state, start } = statOf(holder.pid);
  if (state === "Z" || state === "X") return "dead"; // ended, and nobody has asked after it yet
  return start !== "" && holder.start !== "" && start !== holder.start ? "dead" : "held";
}

function readHolder(directory: string): Holder | null {
  const path = join(directory, HOLDER);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "ELOOP")) return null;
    throw isErrno(error) ? new Unreadable(path, error) : error;
  }
  const holder = parseHolder(text);
  if (holder !== null) return holder;
  throw new CcsError("busy", "the lock is held, and the file that says by whom cannot be read (it was cut short, as by a power loss)", {
    where: path,
    untouched: "Nothing was changed.",
    hint: `If no other ccs is running, remove ${directory} and try again.`,
  });
}

/** @returns null where it is not what a holder writes, cut short or something else */
export function parseHolder(text: string): Holder | null {
  try {
    const holder = JSON.parse(text) as Holder | null;
    return typeof holder?.token === "string" && Number.isSafeInteger(holder.pid) ? holder : null;
  } catch {
    return null;
  }
}

/** Who holds the lock now. */
export function lockState(home: Home): LockState {
  const holder = readHolder(home.lock);
  return holder === null ? { state: "free" } : { state: judge(holder), holder };
}

/** Takes `directory` for `me`, if nobody has it. */
function claim(directory: string, me: Holder): boolean {
  if (look(join(directory, HOLDER)) !== null) return false;
  const fresh = `${directory}.new.${me.pid}.${me.token}`;
  makeDirectory(fresh);
  try {
    createFile(join(fresh, HOLDER), Buffer.from(JSON.stringify(me)), 0o600);
    moveDirectory(fresh, directory);
    return true;
  } catch (error) {
    give(fresh);
    if (error instanceof Moved) return false;
    throw error;
  }
}

/** Gives a claim back. Between the two calls the directory is empty, which is as good as absent. */
function give(directory: string): void {
  removeOurs(join(directory, HOLDER));
  removeEmptyDirectory(directory);
}

/**
 * Whether we alone may take a dead holder's claim away. The right is a claim itself, named after the dead holder's
 * token, which never comes back: of two that find it dead, one gets it. Where the one that got it died as well, the
 * right passes on the same way.
 */
function mayClear(home: Home, dead: Holder, me: Holder, chain: string[]): boolean {
  const right = `${home.lock}.clear.${dead.token}`;
  chain.push(right);
  if (claim(right, me)) return true;
  const other = readHolder(right);
  return other !== null && judge(other) === "dead" && mayClear(home, other, me, chain);
}

function clearDead(home: Home, dead: Holder, me: Holder): void {
  const chain: string[] = [];
  if (!mayClear(home, dead, me, chain)) return;
  if (readHolder(home.lock)?.token === dead.token) give(home.lock);
  for (const right of chain) give(right);
}

function tryTake(home: Home, me: Holder): Holder | null {
  if (claim(home.lock, me)) return null;
  const holder = readHolder(home.lock);
  if (holder !== null && judge(holder) === "dead") clearDead(home, holder, me);
  return holder ?? me;
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/**
 * Takes the one lock under a `CCS_DIR`.
 * @param doing what for, in words another person reads when they have to wait
 * @param wait milliseconds to wait for a living holder; 0 tries once
 * @throws CcsError busy, naming the holder
 */
export function takeLock(home: Home, doing: string, wait = 5000): Lock {
  try {
    return waitFor(home, doing, wait);
  } catch (error) {
    const moved = error instanceof Moved ? error.message : null;
    if (moved === null && !isErrno(error)) throw error;
    throw new CcsError("failed", `the lock cannot be taken: ${moved === null ? reasonOf(error) : "something else stands there"}`, {
      where: moved ?? (isErrno(error) ? error.path : undefined) ?? home.lock,
      untouched: "Nothing was changed.",
      hint: moved === null ? cureOf(error) : `Move it out of the way, then run the command again: mv ${moved} ${moved}.mine`,
      cause: error,
    });
  }
}

function waitFor(home: Home, doing: string, wait: number): Lock {
  makeDirectories(home.state);
  const me = myself(doing);
  const until = performance.now() + wait; // the clock on the wall may be set back meanwhile
  for (let held = tryTake(home, me); held !== null; held = tryTake(home, me)) {
    if (performance.now() >= until) {
      const elsewhere = judge(held) === "elsewhere";
      throw new CcsError("busy", `another ccs holds the lock: ${held.doing}, process ${held.pid} on ${held.host}, since ${held.since}`, {
        where: home.lock,
        untouched: "Nothing was changed.",
        hint: elsewhere
          ? `It runs on another machine or in another container, so ccs cannot see whether it lives. If it does not: remove ${home.lock}`
          : "Try again when it is done.",
      });
    }
    pause(15);
  }
  return {
    release() {
      try {
        if (readHolder(home.lock)?.token === me.token) give(home.lock);
      } catch (error) {
        unreleased.add(me.token);
        throw error;
      }
    },
  };
}

/** Does something under the lock. @throws CcsError busy; failed, also for every system call of the work that failed */
export function withLock<T>(home: Home, doing: string, work: () => T, wait?: number): T {
  const lock = takeLock(home, doing, wait);
  let done: T;
  try {
    done = work();
  } catch (error) {
    try {
      lock.release();
    } catch {
      // What ended the work is what has to be said; the lock is dead from here on, and cleared by the next who needs it.
    }
    throw failedDoing(doing, error);
  }
  try {
    lock.release();
  } catch (error) {
    throw new CcsError("failed", `${doing} is done, but the lock could not be given back: ${reasonOf(error)}`, {
      where: home.lock,
      untouched: "Nothing is lost, and the next ccs clears the lock.",
      hint: "See what is left: ccs doctor",
      cause: error,
    });
  }
  return done;
}
