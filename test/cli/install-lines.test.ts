import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandWith } from "../../cli/quick/shells.ts";
import { makePerson, type Person } from "../support/person.ts";

let person: Person;
let home: string;
let ccsDir: string;
let env: Record<string, string>;
beforeEach(() => {
  person = makePerson(existsSync("/dev/shm") ? "/dev/shm" : undefined);
  home = join(person.root, `it's "$a" \`home\` \\n`);
  ccsDir = join(home, ".ccs");
  mkdirSync(home);
  env = { HOME: home, CCS_DIR: ccsDir, SHELL: "/bin/bash" };
});
afterEach(() => person.close());

/** A line as a person pastes it into a shell of theirs. */
function typed(shell: string, line: string): string {
  const bin = join(person.root, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "claude"), `#!/bin/sh\nprintf '%s' "$CLAUDE_CONFIG_DIR"\n`, { mode: 0o755 });
  const done = spawnSync(shell, ["-c", line], { env: { ...person.env, ...env, PATH: `${bin}:${person.env["PATH"]}` }, encoding: "utf8" });
  expect({ status: done.status, stderr: done.stderr }).toEqual({ status: 0, stderr: "" });
  return done.stdout;
}

describe("in a home with a name that shells read as something else", () => {
  // A machine need not have every one of them.
  const SHELLS = ["sh", "bash", "zsh", "fish"].filter((shell) => Bun.which(shell) !== null);

  test("the line ccs uninstall prints starts the client where the account's history is, in every shell", async () => {
    expect((await person.ccs(["auth", "create", "work", "--no-login"], { env })).code).toBe(0);
    const { stdout } = await person.ccs(["uninstall", "--yes"], { env });
    const line = stdout.split("\n").find((line) => line.trimEnd().endsWith("claude"));
    for (const shell of SHELLS) expect([shell, typed(shell, line ?? "")]).toEqual([shell, join(ccsDir, "instances/work")]);
  });

  test("the line ccs install prints puts the program on PATH", async () => {
    const { stdout } = await person.ccs(["install", "--yes"], { env });
    const line = /export PATH=.*/.exec(stdout)?.[0] ?? "";
    for (const shell of SHELLS) {
      expect([shell, typed(shell, `${line}; command -v ccs`).trimEnd()]).toEqual([shell, join(home, ".local/bin/ccs")]);
    }
  });

  test("the command ccs names for a record that makes no sense moves it out of the way", async () => {
    mkdirSync(join(ccsDir, "state"), { recursive: true });
    writeFileSync(join(ccsDir, "state/installed.json"), "{}");
    const { code, stderr } = await person.ccs(["install", "--yes"], { env });
    expect(code).toBe(1);
    typed("sh", /mv .*/.exec(stderr)?.[0] ?? "false");
    expect((await person.ccs(["install", "--yes"], { env })).code).toBe(0);
  });
});

test("on Windows the line is one for PowerShell", () => {
  expect(commandWith("win32", "CLAUDE_CONFIG_DIR", "C:\\Users\\o'neil\\.ccs", "claude")).toBe(
    "$env:CLAUDE_CONFIG_DIR = 'C:\\Users\\o''neil\\.ccs'; claude",
  );
});
