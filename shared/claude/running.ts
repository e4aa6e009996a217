import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { CcsError, isErrno } from "../errors.ts";
import { type JsonObject, parseObject, textOf } from "./json.ts";

export interface RunningClient {
  readonly pid: number;
  readonly sessionId: string | null;
  readonly cwd: string | null;
  /** `busy`, `idle` ...: the client's own word. */
  readonly status: string | null;
  /** The file that says so. */
  readonly file?: string;
  /** Set where the client says it runs on another host or in another process-id namespace: whether it still does cannot be seen from here. */
  readonly elsewhere?: true;
}

/** Whether a process of this id is there. One that belongs to somebody else (`EPERM`) is. */
function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isErrno(error, "EPERM");
  }
}

/** State and start time (clock ticks since boot, as the client writes it) of a process, where /proc tells: proc(5), fields 3 and 22. */
function processStat(pid: number): { state: string; start: string } | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null; // Not Linux, or hidden from this user.
  }
  // The name in field 2 may hold spaces and parentheses: what follows the last one is what counts.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, start] = [fields[0], fields[19]];
  return state && start ? { state, start } : null;
}

function firstText(...files: string[]): string | null {
  for (const file of files) {
    try {
      return readFileSync(file, "utf8").trim();
    } catch {
      // The next one may be there.
    }
  }
  return null;
}

/** This process's `pidDomain` as the client writes it, `linux:<machine id>:pid:[<namespace>]`, or `null` where it cannot be made. */
export function pidDomain(): string | null {
  if (process.platform !== "linux") return null;
  const machine = firstText("/etc/machine-id", "/var/lib/dbus/machine-id");
  if (!machine) return null;
  try {
    return `linux:${machine}:${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return null;
  }
}

/**
 * Whether the client that wrote a session file still runs.
 * @param here this process's `pidDomain`
 * @returns `"elsewhere"` where process ids of that client mean nothing here: never presumed gone
 */
function runs(pid: number, session: JsonObject | null, here: string | null): boolean | "elsewhere" {
  const domain = textOf(session?.pidDomain);
  if (domain !== null && here !== null && domain !== here) return "elsewhere";
  if (!processExists(pid)) return false;
  const stat = processStat(pid);
  if (stat === null) return true;
  if (stat.state === "Z" || stat.state === "X") return false;
  const started = textOf(session?.procStart);
  return started === null || started === stat.start;
}

/**
 * The clients that run in an instance now. Seen with 2.1.330: `sessions/<pid>.json` appears when the client has
 * started, also for `-p`, holds `pid, sessionId, cwd, status, procStart` (field 22 of /proc/<pid>/stat) and
 * `pidDomain`, is removed at exit and left behind by a kill.
 * A file that cannot be parsed counts while a process of its id lives.
 * @throws CcsError `failed` where the directory is there and cannot be read
 */
export function runningClients(instance: string): RunningClient[] {
  const directory = join(instance, "sessions");
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return [];
    throw new CcsError("failed", `cannot see which clients run: ${(error as Error).message}`, { where: directory, cause: error });
  }
  const found: RunningClient[] = [];
  let here: string | null | undefined;
  for (const name of names) {
    const pid = Number(/^([1-9]\d{0,9})\.json$/.exec(name)?.[1]);
    if (!(pid <= 0x7fffffff)) continue;
    const file = join(directory, name);
    const session = readSession(file);
    if (session === "gone") continue;
    here ??= pidDomain();
    const verdict = runs(pid, session, here);
    if (verdict === false) continue;
    found.push({
      pid,
      sessionId: textOf(session?.sessionId),
      cwd: textOf(session?.cwd),
      status: textOf(session?.status),
      file,
      ...(verdict === "elsewhere" ? { elsewhere: true as const } : {}),
    });
  }
  return found.sort((a, b) => a.pid - b.pid);
}

/** @returns `"gone"` where the client took its file away between the listing and now; `null` where it cannot be read or parsed */
function readSession(file: string): JsonObject | null | "gone" {
  try {
    return parseObject(readFileSync(file, "utf8"));
  } catch (error) {
    return isErrno(error, "ENOENT") ? "gone" : null;
  }
}
