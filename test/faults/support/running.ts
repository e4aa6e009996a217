import { mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { idOf } from "./transcript.ts";
import { setTime } from "./tree.ts";

/** The stand-in for a client that runs: a process that does nothing, and lives as long as this one. */
let client: { readonly pid: number } | null = null;

function livingProcess(): number {
  if (client === null) {
    const started = Bun.spawn(["sleep", "86400"], { stdin: "ignore", stdout: "ignore", stderr: "ignore" });
    started.unref();
    process.on("exit", () => started.kill());
    client = started;
  }
  return client.pid;
}

/**
 * Makes it look as if a client of an account ran: the file a client keeps while it does, with a live process's facts.
 * @param session the session it has open
 */
export function pretendRunning(root: string, account: string, session: string): void {
  const pid = livingProcess();
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  const machine = readFileSync("/etc/machine-id", "utf8").trim();
  const value = {
    pid,
    sessionId: session,
    cwd: "/home/ann/app",
    startedAt: 1767225600000,
    procStart: started,
    version: "2.1.330",
    peerProtocol: 1,
    kind: "interactive",
    entrypoint: "cli",
    pidDomain: `linux:${machine}:${readlinkSync("/proc/self/ns/pid")}`,
    name: idOf(account).slice(0, 7),
    status: "idle",
  };
  const directory = `instances/${account}/sessions`;
  mkdirSync(join(root, directory), { recursive: true, mode: 0o700 });
  writeFileSync(join(root, directory, `${pid}.json`), JSON.stringify(value), { mode: 0o600 });
  setTime(root, `${directory}/${pid}.json`, Date.parse("2026-01-02T03:04:05Z") * 1000);
}
