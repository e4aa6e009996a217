import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toolResults, words } from "./support/api.ts";
import { peerScript } from "./support/client.ts";
import { type Ended, makeWorld, type World } from "./support/world.ts";

describe("two accounts made by @kaitranntt/ccs, in one group with deeper continuity", () => {
  let world: World;

  beforeEach(async () => {
    world = makeWorld();
    // Its `auth create` starts the client for the login and takes 0 for success.
    const login = script("login", "exit 0");
    for (const account of ["a", "b"]) {
      const created = await peer({ CCS_CLAUDE_PATH: login }, "auth", "create", account, "--context-group", "g", "--deeper-continuity");
      expect(created.code).toBe(0);
      world.logIn(account);
    }
    world.api.play({ text: "The walrus is noted." });
    expect((await peer({}, "a", "-p", "remember the walrus")).stdout).toContain("The walrus is noted.");
  });
  afterEach(() => world.close());

  function script(name: string, text: string): string {
    const path = join(world.root, name);
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  function peer(extra: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> {
    // It takes ANTHROPIC_BASE_URL out of the client's environment; without it the client would look for the real service.
    const client = script("client", `ANTHROPIC_BASE_URL=${world.api.url} exec ${world.env["CCS_CLAUDE_PATH"]} "$@"`);
    return world.run(["node", peerScript(), ...args], { CCS_CLAUDE_PATH: client, ...extra });
  }

  const projectsOf = (account: string) => readlinkSync(join(world.instance(account), "projects"));

  /** Takes both over as a person does: the peer's settings.json is a link, so each gets settings of its own. */
  async function takeOver(): Promise<void> {
    for (const account of ["a", "b"]) {
      await world.must("auth", "edit", account, "--context-group", "g", "--deeper-continuity", "--copy-settings", "--yes");
    }
  }

  test("are launched in place without a word about them, and go on with each other's work", async () => {
    const before = readFileSync(join(world.ccsDir, "config.yaml"), "utf8").replace(/last_used: .*/g, "");
    await world.must("b", "--continue", "-p", "which animal?");
    expect(words(world.api.last())).toContain("remember the walrus");
    expect(world.api.last().authorization).toBe("Bearer sk-ant-oat01-dummy-b");
    expect(readFileSync(join(world.ccsDir, "config.yaml"), "utf8").replace(/last_used: .*/g, "")).toBe(before);
    expect(lstatSync(join(world.instance("b"), "settings.json")).isSymbolicLink()).toBe(true);
  });

  test("are taken over in place: links stay, settings become their own, memory is written without being asked, doctor finds no error", async () => {
    const links = ["a", "b"].map(projectsOf);
    const shared = readFileSync(join(world.instance("a"), "settings.json"), "utf8");
    await takeOver();
    expect(["a", "b"].map(projectsOf)).toEqual(links);
    expect(readlinkSync(join(world.instance("a"), "tasks"))).toContain(join("g", "continuity", "tasks"));
    expect(lstatSync(join(world.instance("a"), "settings.json")).isSymbolicLink()).toBe(false);
    expect(readFileSync(join(world.env["HOME"] ?? "", ".claude", "settings.json"), "utf8")).toBe(shared);

    const file = join(world.instance("b"), "projects", world.cwd.replace(/[^A-Za-z0-9]/g, "-"), "memory", "MEMORY.md");
    world.api.play({ tools: [{ name: "Write", input: { file_path: file, content: "- walruses like clams\n" } }] }, { text: "Saved." });
    await world.must("b", "--continue", "-p", "remember what they like");
    expect(toolResults(world.api.last()).at(-1)).toMatchObject({ failed: false });
    await world.must("a", "-p", "good day");
    expect(world.api.last().system + words(world.api.last())).toContain("walruses like clams");

    const found = JSON.parse((await world.must("doctor", "--json")).stdout) as { checks: { result: string }[] };
    expect(found.checks.filter((check) => check.result === "error")).toEqual([]);
  });

  test("still launch under that package afterwards, and then under ccs again", async () => {
    await takeOver();
    world.api.play({ text: "The otter is noted." });
    await world.must("b", "--continue", "-p", "add an otter");
    const links = ["a", "b"].map(projectsOf);

    world.api.play({ text: "Both, then." });
    const launched = await peer({}, "a", "--continue", "-p", "which animals?");
    expect(launched.code).toBe(0);
    expect(launched.stdout).toContain("Both, then.");
    expect(words(world.api.last())).toContain("add an otter");
    expect(world.api.last().authorization).toBe("Bearer sk-ant-oat01-dummy-a");
    expect(["a", "b"].map(projectsOf)).toEqual(links);
    expect((await peer({}, "auth", "show", "a")).stdout).toContain("shared (g, deeper");

    world.api.play({ text: "Still both." });
    await world.must("b", "--continue", "-p", "and now?");
    expect(words(world.api.last())).toContain("which animals?");
  });

  test("keep the memory that older versions of that package link out of the group", async () => {
    const memory = join(world.ccsDir, "shared", "memory", "p");
    mkdirSync(memory, { recursive: true });
    writeFileSync(join(memory, "MEMORY.md"), "- walruses like clams\n");
    const place = join(world.instance("a"), "projects", world.cwd.replace(/[^A-Za-z0-9]/g, "-"), "memory");
    await world.run(["rmdir", place]);
    symlinkSync(memory, place);
    await takeOver();
    expect(readlinkSync(place)).toBe(memory);
    for (const account of ["a", "b"]) {
      await world.must(account, "-p", "good day");
      expect(world.api.last().system + words(world.api.last())).toContain("walruses like clams");
    }
  });
});
