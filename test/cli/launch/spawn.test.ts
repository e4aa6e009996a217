import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programOf } from "../../../cli/launch/spawn.ts";

const root = mkdtempSync(join(tmpdir(), "ccs-spawn-"));
afterAll(() => rmSync(root, { recursive: true }));

/** What Windows gets, run here: in a process of its own, as it ends with the client. */
function beside(script: string, ...args: string[]) {
  const client = join(root, "client");
  writeFileSync(client, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const start = { file: client, name: "claude", args, env: { PATH: process.env["PATH"], CCS_ACCOUNT: "work" } };
  const code = `import { runBeside } from ${JSON.stringify(join(import.meta.dir, "../../../cli/launch/spawn.ts"))}; await runBeside(${JSON.stringify(start)});`;
  return Bun.spawnSync([process.execPath, "-e", code], { stdin: new TextEncoder().encode("typed\n") });
}

describe("a client run beside us, where a process cannot be replaced", () => {
  test("it gets the arguments, the environment and the terminal, and its exit code is ours", () => {
    const ended = beside('read line; echo "$line|$#|$1|$2|$CCS_ACCOUNT|$HOME"; exit 7', "", "--version");
    expect(ended.stdout.toString()).toBe("typed|2||--version|work|\n");
    expect(ended.exitCode).toBe(7);
  });

  test("where a signal ends it, the same ends us", () => {
    expect(beside("kill -TERM $$").signalCode).toBe("SIGTERM");
  });

  test("a client that cannot be started is an error", () => {
    const ended = beside("");
    expect(ended.exitCode).toBe(0);
    const code = `import { runBeside } from ${JSON.stringify(join(import.meta.dir, "../../../cli/launch/spawn.ts"))};
      await runBeside({ file: "/nowhere/claude", name: "claude", args: [], env: {} }).catch((error) => { console.log(error.code, error.where); process.exit(3); });`;
    const failed = Bun.spawnSync([process.execPath, "-e", code]);
    expect(failed.stdout.toString()).toBe("failed /nowhere/claude\n");
    expect(failed.exitCode).toBe(3);
  });
});

describe("npm's batch file", () => {
  test("the program it stands for is started in its place", () => {
    const program = join(root, "node_modules/@anthropic-ai/claude-code/bin/claude.exe");
    mkdirSync(join(program, ".."), { recursive: true });
    writeFileSync(program, "");
    expect(programOf(join(root, "claude.cmd"))).toBe(program);
    expect(programOf(join(root, "claude.exe"))).toBe(join(root, "claude.exe"));
  });

  test("another batch file is refused, as it would not get arguments unchanged", () => {
    expect(() => programOf(join(root, "elsewhere", "claude.CMD"))).toThrow("batch file");
  });
});
