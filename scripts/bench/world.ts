import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const BINARY = fileURLToPath(new URL("../../dist/ccs", import.meta.url));

/** A throw-away directory with a home in it; the client is `true(1)`, so that only what comes before it is timed. */
export interface World {
  readonly root: string;
  readonly ccs: string;
  readonly env: Record<string, string>;
}

export function makeWorld(): World {
  const root = mkdtempSync(join(tmpdir(), "ccs-bench-"));
  mkdirSync(join(root, "bin"));
  symlinkSync("/bin/true", join(root, "bin", "claude"));
  const env = { PATH: `${join(root, "bin")}:${process.env["PATH"]}`, HOME: root, CCS_DIR: join(root, ".ccs"), LANG: "C.UTF-8" };
  return { root, ccs: join(root, ".ccs"), env };
}

export function removeWorld(world: World): void {
  rmSync(world.root, { recursive: true, force: true });
}

/** Runs a command that has to succeed. */
export function run(world: World, command: string, args: readonly string[], env: Record<string, string> = {}): string {
  const done = spawnSync(command, args, { cwd: world.root, env: { ...world.env, ...env }, encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.status !== 0)
    throw new Error(`${command} ${args.join(" ")}: exit ${done.status}\n${done.stdout}\n${done.stderr}\n${done.error ?? ""}`);
  return done.stdout;
}

export function instance(world: World, account: string): string {
  return join(world.ccs, "instances", account);
}

/** Fills a `projects` directory with small transcripts. */
export function fill(projects: string, files: number, directories: number): void {
  const line = (id: string) =>
    `${JSON.stringify({ type: "user", uuid: randomUUID(), parentUuid: null, sessionId: id, message: { role: "user", content: "hello" } })}\n`;
  for (let d = 0; d < directories; d++) {
    const directory = join(projects, `-home-me-project-${d}`);
    mkdirSync(directory, { recursive: true });
    for (let f = 0; f < files / directories; f++) {
      const id = randomUUID();
      writeFileSync(join(directory, `${id}.jsonl`), line(id).repeat(6));
    }
  }
}

/** A config.yaml with so many accounts, each with its instance; the first ones shared. */
export function manyAccounts(world: World, count: number): void {
  const lines = ["accounts:"];
  for (let i = 0; i < count; i++) {
    const name = `account-${i}`;
    mkdirSync(instance(world, name), { recursive: true });
    chmodSync(instance(world, name), 0o700);
    lines.push(`  ${name}:`, `    created: "2026-02-24T00:00:00.000Z"`, `    last_used: "${new Date().toISOString()}"`);
  }
  mkdirSync(join(world.ccs, "state"), { mode: 0o700 });
  writeFileSync(join(world.ccs, "config.yaml"), `${lines.join("\n")}\n`, { mode: 0o600 });
}
