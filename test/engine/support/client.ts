import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as ccs from "../../../shared/index.ts";
import { put } from "./world.ts";

/** A process that stands for a client of an account, and the file in which a client says that it runs: `using client = runClient(...)`. */
export function runClient(home: ccs.Home, account: string, sessionId: string | null = null): { readonly pid: number } & Disposable {
  const sleeper = Bun.spawn(["sleep", "600"], { stdio: ["ignore", "ignore", "ignore"] });
  const stat = readFileSync(`/proc/${sleeper.pid}/stat`, "utf8");
  const procStart = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  const file = join(ccs.instanceOf(home, account), "sessions", `${sleeper.pid}.json`);
  put(file, JSON.stringify({ pid: sleeper.pid, sessionId, cwd: "/home/me/task", status: "idle", procStart }));
  return { pid: sleeper.pid, [Symbol.dispose]: () => sleeper.kill("SIGKILL") };
}
