import { describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { clientMissing, findClient, INSTALL_CLIENT } from "../../../shared/claude/index.ts";
import { put, scratch } from "./scratch.ts";

const root = scratch();
const good = put(join(root, "good/claude"), "#!/bin/sh\n", 0o755);
put(join(root, "plain/claude"), "#!/bin/sh\n", 0o644);
mkdirSync(join(root, "directory/claude"), { recursive: true });
put(join(root, "a-file"), "");

function path(...directories: string[]): string {
  return directories.map((name) => join(root, name)).join(":");
}

describe("finding the client", () => {
  test("the first executable file named claude on PATH is it", () => {
    expect(findClient({ PATH: path("nowhere", "good") })).toBe(good);
  });

  test("a file without the executable bit, a directory, and a PATH entry that is a file are passed over", () => {
    expect(findClient({ PATH: path("plain", "directory", "a-file", "good") })).toBe(good);
    expect(findClient({ PATH: path("plain", "directory", "a-file") })).toBeNull();
  });

  test("a dangling link is passed over and a link to the client is found under its own name", () => {
    mkdirSync(join(root, "dangling"));
    symlinkSync(join(root, "gone"), join(root, "dangling/claude"));
    mkdirSync(join(root, "linked"));
    symlinkSync(good, join(root, "linked/claude"));
    expect(findClient({ PATH: path("dangling", "linked") })).toBe(join(root, "linked/claude"));
  });

  test("a relative entry of PATH is counted from the working directory and comes back absolute", () => {
    expect(findClient({ PATH: relative(process.cwd(), join(root, "good")) })).toBe(good);
  });

  test("an empty entry of PATH is the working directory, but not on Windows", () => {
    const before = process.cwd();
    put(join(root, "good/claude.exe"), "", 0o755);
    process.chdir(join(root, "good"));
    try {
      expect(findClient({ PATH: "/nowhere:" })).toBe(good);
      expect(findClient({ PATH: "/nowhere;" }, "win32")).toBeNull();
    } finally {
      process.chdir(before);
    }
  });

  test("no PATH means no client", () => {
    expect(findClient({})).toBeNull();
  });

  test("CCS_CLAUDE_PATH comes before PATH", () => {
    const other = put(join(root, "other/my-claude"), "#!/bin/sh\n", 0o755);
    expect(findClient({ PATH: path("good"), CCS_CLAUDE_PATH: other })).toBe(other);
  });

  test("a CCS_CLAUDE_PATH that cannot be executed is not replaced by what is on PATH", () => {
    expect(findClient({ PATH: path("good"), CCS_CLAUDE_PATH: join(root, "plain/claude") })).toBeNull();
    expect(findClient({ PATH: path("good"), CCS_CLAUDE_PATH: join(root, "directory/claude") })).toBeNull();
    expect(findClient({ PATH: path("good"), CCS_CLAUDE_PATH: join(root, "gone") })).toBeNull();
  });

  test("an empty CCS_CLAUDE_PATH counts as none", () => {
    expect(findClient({ PATH: path("good"), CCS_CLAUDE_PATH: "" })).toBe(good);
  });

  test("on Windows the extensions of PATHEXT are tried in their order", () => {
    put(join(root, "windows/claude.cmd"), "", 0o755);
    put(join(root, "windows/claude"), "", 0o755);
    expect(findClient({ PATH: `${root}/nowhere;;${root}/windows`, PATHEXT: ".COM;.EXE;.CMD" }, "win32")).toBe(
      join(root, "windows/claude.cmd"),
    );
    put(join(root, "windows/claude.exe"), "", 0o755);
    expect(findClient({ PATH: `${root}/windows`, PATHEXT: ".CMD;.EXE" }, "win32")).toBe(join(root, "windows/claude.cmd"));
    expect(findClient({ PATH: `${root}/windows` }, "win32")).toBe(join(root, "windows/claude.exe"));
  });
});

describe("the error where there is no client", () => {
  test("it exits 127 and gives the line that installs it", () => {
    const error = clientMissing({});
    expect(error.code).toBe("client-not-found");
    expect(error.exit).toBe(127);
    expect(error.hint).toContain(INSTALL_CLIENT);
  });

  test("it names CCS_CLAUDE_PATH and its value where that is what is wrong", () => {
    const error = clientMissing({ CCS_CLAUDE_PATH: "/opt/gone/claude" });
    expect(error.exit).toBe(127);
    expect(error.message).toContain('CCS_CLAUDE_PATH names "/opt/gone/claude"');
    expect(error.where).toBe("/opt/gone/claude");
  });
});
