import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { words } from "./support/api.ts";
import { BINARY, makeWorld, transcriptsIn, type World } from "./support/world.ts";

describe("the client that ccs starts", () => {
  let world: World;
  const foreign = {
    ANTHROPIC_API_KEY: "sk-ant-api03-foreign",
    ANTHROPIC_AUTH_TOKEN: "foreign",
    CLAUDE_CODE_OAUTH_TOKEN: "sk-ant-oat01-foreign",
  };

  beforeEach(async () => {
    world = makeWorld();
    for (const account of ["a", "b"]) {
      await world.must("auth", "create", account, "--no-login", "--context-group", "g");
      world.logIn(account);
    }
  });
  afterEach(() => world.close());

  test("is the account, whatever login the environment names", async () => {
    const said = await world.run([BINARY, "b", "-p", "good day"], foreign);
    expect(said.code).toBe(0);
    expect(said.stderr.trim().split("\n")).toHaveLength(1);
    expect(said.stderr).toContain("ANTHROPIC_API_KEY");
    for (const request of world.api.requests) {
      expect(request.authorization).toBe("Bearer sk-ant-oat01-dummy-b");
      expect(request.apiKey).toBe("");
    }
    expect(world.api.conversation()).toHaveLength(1);
  });

  test("is whom the environment names where CCS_KEEP_AUTH_ENV=1 says so", async () => {
    const said = await world.run([BINARY, "b", "-p", "good day"], { ...foreign, CCS_KEEP_AUTH_ENV: "1" });
    expect(said.code).toBe(0);
    expect(world.api.last().authorization).not.toContain("dummy-b");
  });

  test("is whom its settings.json names, and doctor says so", async () => {
    expect((await world.run([BINARY, "doctor"])).stdout).not.toContain("another login than this account's");
    const settings = join(world.ccsDir, "instances/b/settings.json");
    for (const login of [{ env: { ANTHROPIC_AUTH_TOKEN: "foreign" } }, { apiKeyHelper: "echo sk-ant-api03-foreign" }]) {
      const before = JSON.parse(readFileSync(settings, "utf8"));
      writeFileSync(settings, JSON.stringify({ ...before, ...login }));
      await world.must("b", "-p", "good day");
      const { authorization, apiKey } = world.api.last();
      expect(`${authorization} ${apiKey}`).toContain("foreign");
      expect(authorization).not.toContain("dummy-b");
      expect((await world.run([BINARY, "doctor"])).stdout).toContain(
        `another login than this account's, by ${Object.keys(login.env ?? login)[0]}`,
      );
      writeFileSync(settings, JSON.stringify(before));
    }
  });

  test("keeps what is said even where its group's directory had gone", async () => {
    await world.must("a", "-p", "remember the walrus");
    const projects = join(world.ccsDir, "shared/context-groups/g/projects");
    renameSync(projects, join(world.root, "gone"));
    await world.must("b", "-p", "remember the otter");
    expect(transcriptsIn(projects)).toHaveLength(1);
    await world.must("a", "--continue", "-p", "which animal?");
    expect(words(world.api.last())).toContain("remember the otter");
  });

  test("gets every argument after the account as it was typed", async () => {
    expect((await world.must("b", "--version")).stdout).toContain("Claude Code");
    world.api.play({ text: "As typed." });
    expect((await world.must("b", "-p", "--", "--help")).stdout).toBe("As typed.\n");
    expect(words(world.api.last())).toContain("--help");
  });
});
