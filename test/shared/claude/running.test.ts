import { afterAll, describe, expect, spyOn, test } from "bun:test";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { runningClients } from "../../../shared/claude/index.ts";
import { pidDomain } from "../../../shared/claude/running.ts";
import { put, scratch } from "./scratch.ts";

const root = scratch();
const sleeper = spawn("sleep", ["600"], { stdio: "ignore" });
const alive = sleeper.pid as number;
afterAll(() => sleeper.kill("SIGKILL"));

const gone = spawnSync("true").pid;
let made = 0;

function startOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[19] as string;
}

/** A session file with the fields version 2.1.330 writes. */
function session(pid: number, change: object = {}) {
  return {
    pid,
    sessionId: "6db8a00a-cb03-47bb-9bc6-800dce1d16b5",
    cwd: "/work",
    startedAt: 1_795_372_705_900,
    version: "2.1.330",
    kind: "interactive",
    status: "idle",
    ...change,
  };
}

function instance(files: Record<string, unknown>): string {
  made += 1;
  const directory = join(root, String(made));
  for (const [name, content] of Object.entries(files)) put(join(directory, "sessions", name), content);
  return directory;
}

describe("the clients that run in an instance", () => {
  test("one whose process lives is told with what its file says", () => {
    const directory = instance({ [`${alive}.json`]: session(alive) });
    expect(runningClients(directory)).toEqual([
      {
        pid: alive,
        sessionId: "6db8a00a-cb03-47bb-9bc6-800dce1d16b5",
        cwd: "/work",
        status: "idle",
        file: join(directory, "sessions", `${alive}.json`),
      },
    ]);
  });

  test("one whose process is gone, as after a kill, does not run", () => {
    expect(runningClients(instance({ [`${gone}.json`]: session(gone) }))).toEqual([]);
  });

  test("a file that cannot be parsed counts while its process lives", () => {
    const files = { [`${alive}.json`]: '{"pid":', [`${gone}.json`]: "" };
    expect(runningClients(instance(files))).toMatchObject([{ pid: alive, sessionId: null, cwd: null, status: null }]);
  });

  test("fields of another kind are told as unknown", () => {
    expect(runningClients(instance({ [`${alive}.json`]: session(alive, { sessionId: 1, cwd: [], status: null }) }))).toMatchObject([
      { pid: alive, sessionId: null, cwd: null, status: null },
    ]);
  });

  test("keys and other files beside them are not looked at", () => {
    const files = {
      [`${alive}.0f.key`]: "secret",
      "0.json": session(0),
      "-1.json": session(-1),
      "x.json": session(alive),
      [`${alive}.json.tmp`]: "",
    };
    expect(runningClients(instance(files))).toEqual([]);
  });

  test("a process that belongs to somebody else is there", () => {
    const directory = instance({ [`${alive}.json`]: session(alive) });
    const kill = spyOn(process, "kill").mockImplementation(() => {
      throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
    });
    try {
      expect(runningClients(directory)).toHaveLength(1);
      expect(kill).toHaveBeenCalledWith(alive, 0);
    } finally {
      kill.mockRestore();
    }
  });

  test("a file that is gone when it is looked at is a client that ended", () => {
    const directory = instance({ "x.json": "" });
    symlinkSync("gone", join(directory, "sessions", `${alive}.json`));
    expect(runningClients(directory)).toEqual([]);
  });

  test("an instance without sessions, and one that is not there, runs none", () => {
    expect(runningClients(instance({}))).toEqual([]);
    put(join(root, "strange/sessions"), "a file");
    expect(runningClients(join(root, "strange"))).toEqual([]);
  });

  test("clients are told in the order of their process ids", () => {
    const files = { [`${process.pid}.json`]: session(process.pid), [`${alive}.json`]: session(alive) };
    expect(runningClients(instance(files)).map((client) => client.pid)).toEqual([process.pid, alive].sort((a, b) => a - b));
  });
});

// Where there is no /proc, process ids are all there is to go by.
describe.if(process.platform === "linux")("a process id that means something else now", () => {
  test("a process that started at another time is not the client", () => {
    const start = startOf(alive);
    expect(runningClients(instance({ [`${alive}.json`]: session(alive, { procStart: start }) }))).toHaveLength(1);
    expect(runningClients(instance({ [`${alive}.json`]: session(alive, { procStart: `${start}0` }) }))).toEqual([]);
  });

  test("a process that has ended and was not waited for is gone", async () => {
    // The shell puts a child into the background and becomes a program that never waits for it.
    const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 600"], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const zombie = Number(await new Promise((resolve) => parent.stdout.once("data", (data) => resolve(String(data)))));
      while (!/\) Z /.test(readFileSync(`/proc/${zombie}/stat`, "utf8"))) await Bun.sleep(5);
      process.kill(zombie, 0);
      expect(runningClients(instance({ [`${zombie}.json`]: session(zombie) }))).toEqual([]);
    } finally {
      parent.kill("SIGKILL");
    }
  });

  test("a client of another host or container is never presumed gone, and is told apart", () => {
    const here = pidDomain() as string;
    expect(here).toMatch(/^linux:[0-9a-f]{32}:pid:\[\d+\]$/);
    const same = { [`${gone}.json`]: session(gone, { pidDomain: here }) };
    expect(runningClients(instance(same))).toEqual([]);
    const other = { [`${gone}.json`]: session(gone, { pidDomain: here.replace(/\d+\]$/, "1]") }) };
    expect(runningClients(instance(other))).toMatchObject([{ pid: gone, elsewhere: true }]);
  });
});
