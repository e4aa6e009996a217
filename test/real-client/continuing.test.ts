import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readlinkSync } from "node:fs";
import { join } from "node:path";
import { words } from "./support/api.ts";
import { chat, picker } from "./support/chat.ts";
import type { Login } from "./support/login.ts";
import { makeWorld, sessionOf, transcriptsIn, type World } from "./support/world.ts";

describe("a conversation goes on under another account of the group", () => {
  let world: World;
  let b: Login;

  beforeEach(async () => {
    world = makeWorld();
    await world.must("auth", "create", "a", "--no-login", "--context-group", "g");
    await world.must("auth", "create", "b", "--no-login", "--context-group", "g");
    world.logIn("a");
    b = world.logIn("b");
  });
  afterEach(() => world.close());

  /** A's first turn; answers the session's id. */
  async function talkUnderA(): Promise<string> {
    world.api.play({ text: "The walrus is noted." });
    const said = await world.must("a", "-p", "remember the walrus");
    expect(said.stdout).toBe("The walrus is noted.\n");
    const transcripts = transcriptsIn(join(world.ccsDir, "shared/context-groups/g/projects"));
    expect(transcripts).toHaveLength(1);
    return sessionOf(transcripts[0] ?? "");
  }

  test("--continue under B sends A's words with B's credential", async () => {
    await talkUnderA();
    world.api.play({ text: "Still the walrus." });
    const said = await world.must("b", "--continue", "-p", "which animal?");
    expect(said.stdout).toBe("Still the walrus.\n");
    const request = world.api.last();
    expect(words(request)).toContain("remember the walrus");
    expect(words(request)).toContain("The walrus is noted.");
    expect(request.authorization).toBe(`Bearer ${b.accessToken}`);
    expect(transcriptsIn(join(world.instance("a"), "projects"))).toHaveLength(1);
  });

  test("--resume <id> under B goes on with the session A made, in A's transcript", async () => {
    const session = await talkUnderA();
    world.api.play({ text: "Still the walrus." });
    await world.must("b", "--resume", session, "-p", "which animal?");
    const request = world.api.last();
    expect(words(request)).toContain("remember the walrus");
    expect(request.authorization).toBe(`Bearer ${b.accessToken}`);
    expect(readlinkSync(join(world.instance("b"), "projects"))).toBe(readlinkSync(join(world.instance("a"), "projects")));
    expect(transcriptsIn(join(world.instance("a"), "projects")).map(sessionOf)).toEqual([session]);
  });

  test("A turns back to what B went on with", async () => {
    const session = await talkUnderA();
    world.api.play({ text: "And an otter." }, { text: "Both, then." });
    await world.must("b", "--resume", session, "-p", "add an otter");
    await world.must("a", "--continue", "-p", "which animals?");
    expect(words(world.api.last())).toContain("add an otter");
    expect(world.api.last().authorization).toBe("Bearer sk-ant-oat01-dummy-a");
  });

  test("after A has hit its limit B goes on, and the list says until when A is limited", async () => {
    const session = await talkUnderA();
    const resetsAt = Math.floor(Date.now() / 1000) + 3600;
    world.api.play({ limit: { resetsAt } });
    const refused = await world.ccs("a", "--continue", "-p", "and a seal");
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain("You've hit your");

    const listed = JSON.parse((await world.must("auth", "list", "--json")).stdout) as {
      accounts: { name: string; limitedUntil: string | number | null }[];
    };
    const until = new Map(listed.accounts.map((account) => [account.name, account.limitedUntil]));
    expect(new Date(until.get("a") ?? 0).getTime()).toBe(resetsAt * 1000);
    expect(until.get("b")).toBeNull();

    world.api.play({ text: "The seal too." });
    const said = await world.must("b", "--resume", session, "-p", "go on");
    expect(said.stdout).toBe("The seal too.\n");
    expect(words(world.api.last())).toContain("remember the walrus");
    expect(words(world.api.last())).toContain("and a seal");
    expect(world.api.last().authorization).toBe(`Bearer ${b.accessToken}`);
  });

  test("the /resume picker under B lists A's session, and Enter resumes it", async () => {
    const underA = await chat(world.terminal("a"));
    world.api.play({ text: "The walrus is noted." });
    await underA.say("remember the walrus", "The walrus is noted.");
    await underA.leave();

    const underB = await chat(world.terminal("b"));
    underB.terminal.type("/resume");
    await underB.terminal.until(/^❯ \/resume\s*$/m);
    underB.terminal.press("Enter");
    expect(await picker(underB.terminal)).toContain("remember the walrus");
    underB.terminal.press("Enter");
    await underB.terminal.until("The walrus is noted.");
    world.api.play({ text: "Still the walrus." });
    await underB.say("which animal?", "Still the walrus.");
    expect(words(world.api.last())).toContain("remember the walrus");
    expect(world.api.last().authorization).toBe(`Bearer ${b.accessToken}`);
    await underB.leave();
  });
});
