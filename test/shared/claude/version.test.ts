import { describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { askClientVersion, clientVersion } from "../../../shared/claude/index.ts";
import { put, scratch } from "./scratch.ts";

const root = scratch();
const MANIFEST = { name: "@anthropic-ai/claude-code", version: "2.1.330" };

describe("the client's version from files", () => {
  test("npm's package.json tells it, through the link on PATH", () => {
    const client = put(join(root, "npm/claude-code/bin/claude.exe"), "", 0o755);
    put(join(root, "npm/claude-code/package.json"), MANIFEST);
    mkdirSync(join(root, "npm/.bin"));
    symlinkSync(client, join(root, "npm/.bin/claude"));
    expect(clientVersion(join(root, "npm/.bin/claude"))).toBe("2.1.330");
  });

  test("the platform package's package.json lies beside the client", () => {
    const client = put(join(root, "platform/claude"), "", 0o755);
    put(join(root, "platform/package.json"), { name: "@anthropic-ai/claude-code-linux-x64", version: "2.1.329" });
    expect(clientVersion(client)).toBe("2.1.329");
  });

  test("the native installer's file is named after its version", () => {
    const client = put(join(root, "versions/2.1.145"), "", 0o755);
    symlinkSync(client, join(root, "native-claude"));
    expect(clientVersion(join(root, "native-claude"))).toBe("2.1.145");
  });

  test("another package's package.json above the client tells nothing", () => {
    const client = put(join(root, "mine/bin/claude"), "", 0o755);
    put(join(root, "mine/package.json"), { name: "mine", version: "9.9.9" });
    expect(clientVersion(client)).toBeNull();
  });

  test("a package.json that does not parse and a client that is gone tell nothing", () => {
    const client = put(join(root, "torn/claude"), "", 0o755);
    put(join(root, "torn/package.json"), '{"name":');
    expect(clientVersion(client)).toBeNull();
    expect(clientVersion(join(root, "gone/claude"))).toBeNull();
  });
});

describe("asking the client for its version", () => {
  function client(name: string, script: string): string {
    return put(join(root, name), `#!/bin/sh\n${script}\n`, 0o755);
  }

  test("the first word it says is the version", () => {
    expect(askClientVersion(client("says", '[ "$1" = --version ] && echo "2.1.330 (Claude Code)"'))).toBe("2.1.330");
  });

  test("BUN_OPTIONS, which would make Bun answer in its place, is kept from it", () => {
    process.env.BUN_OPTIONS = "--smol";
    try {
      expect(askClientVersion(client("options", `echo "1.0.0-\${BUN_OPTIONS:-none}"`))).toBe("1.0.0-none");
    } finally {
      delete process.env.BUN_OPTIONS;
    }
  });

  test("a client that fails, says something else, or is not there has none", () => {
    expect(askClientVersion(client("fails", "echo 2.1.330; exit 3"))).toBeNull();
    expect(askClientVersion(client("chats", "echo hello"))).toBeNull();
    expect(askClientVersion(join(root, "gone"))).toBeNull();
  });
});
