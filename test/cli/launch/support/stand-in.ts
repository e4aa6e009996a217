import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a stand-in for the client was started with. */
export interface Report {
  readonly pid: number;
  readonly parent: number;
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Masks as /proc/<pid>/status has them (proc(5)): bit N-1 stands for signal N. */
  readonly ignored: bigint;
  readonly blocked: bigint;
  /** What standard input, output and error lead to. */
  readonly files: Readonly<Record<number, string>>;
  /** What it read from a file that was named to it as an argument. */
  readonly read: string;
}

// The files are looked at before anything is redirected.
const REPORT = `#!/bin/sh
files=$(for fd in /proc/$$/fd/[012]; do echo "\${fd##*/} $(readlink "$fd")"; done)
{
  printf 'pid\\0%s\\0' "$$"
  printf 'parent\\0%s\\0' "$PPID"
  printf 'cwd\\0%s\\0' "$(pwd -P)"
  printf 'status\\0%s\\0' "$(cat /proc/$$/status)"
  printf 'files\\0%s\\0' "$files"
  for arg in "$@"; do
    printf 'arg\\0%s\\0' "$arg"
    case "$arg" in --read=*) printf 'read\\0%s\\0' "$(cat "\${arg#--read=}" 2>&1)" ;; esac
  done
} > "$REPORT.new"
cat /proc/$$/environ > "$REPORT.env"
mv "$REPORT.new" "$REPORT"
eval "\${THEN:-exit 0}"
`;

/**
 * Writes a client that says how it was started, and then does what \`THEN\` says. It stands in for the real one because
 * that is itself a Bun binary, which sets signals and limits anew before it could report them.
 * @returns its path
 */
export function makeStandIn(directory: string, name = "claude"): string {
  const path = join(directory, name);
  writeFileSync(path, REPORT);
  chmodSync(path, 0o755);
  return path;
}

export function hasReport(path: string): boolean {
  return existsSync(path);
}

export function readReport(path: string): Report {
  const parts = readFileSync(path, "utf8").split("\0");
  const values: [string, string][] = [];
  for (let i = 0; i + 1 < parts.length; i += 2) values.push([parts[i] as string, parts[i + 1] as string]);
  const all = (key: string) => values.filter(([k]) => k === key).map(([, value]) => value);
  const one = (key: string) => all(key)[0] ?? "";
  const mask = (name: string) => BigInt(`0x${new RegExp(`^${name}:\\s*([0-9a-f]+)$`, "m").exec(one("status"))?.[1]}`);
  const variables = readFileSync(`${path}.env`, "utf8").split("\0").slice(0, -1);
  return {
    pid: Number(one("pid")),
    parent: Number(one("parent")),
    cwd: one("cwd"),
    args: all("arg"),
    env: Object.fromEntries(variables.map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)])),
    ignored: mask("SigIgn"),
    blocked: mask("SigBlk"),
    files: Object.fromEntries(
      one("files")
        .split("\n")
        .map((file) => [file.slice(0, file.indexOf(" ")), file.slice(file.indexOf(" ") + 1)]),
    ),
    read: one("read"),
  };
}

/** Whether a signal is in a mask. */
export function has(mask: bigint, signal: number): boolean {
  return (mask & (1n << BigInt(signal - 1))) !== 0n;
}
