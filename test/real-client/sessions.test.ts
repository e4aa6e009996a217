import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { words } from "./support/api.ts";
import { chat } from "./support/chat.ts";
import { logIn, loginOf } from "./support/login.ts";
import { BINARY, makeWorld, transcriptsIn, type World } from "./support/world.ts";

describe("a session that is chosen in ccs sessions", () => {
  let world: World;
  let app: string;

  beforeEach(async () => {
    world = makeWorld();
    app = join(world.root, "app");
    mkdirSync(app);
    for (const account of ["a", "b"]) {
      await world.must("auth", "create", account, "--no-login", "--context-group", "g");
      logIn(world.instance(account), loginOf(account), [world.cwd, app]);
    }
  });
  afterEach(() => world.close());

  /** A's conversation in another directory than the one `ccs sessions` is called in. */
  async function talkUnderA(): Promise<void> {
    world.api.play({ text: "The walrus is noted." });
    const ended = await world.run(["sh", "-c", `cd "${app}" && exec "$0" a -p "remember the walrus"`, BINARY]);
    expect(ended.stdout).toBe("The walrus is noted.\n");
  }

  test("goes on in its own directory under the other account, with that account's credential", async () => {
    await talkUnderA();
    const terminal = world.terminal("sessions", "walrus");
    const listed = await terminal.until("1 of 1");
    expect(listed).toContain("remember the walrus");
    expect(listed).toContain("a made it; seen by a and b. 1 turn");
    terminal.press("Enter");
    await terminal.until("Go on with it as");
    terminal.press("Down");
    await terminal.until(/❯ b/);
    terminal.press("Enter");
    await terminal.until("The walrus is noted.");
    const underB = await chat(terminal);
    world.api.play({ text: "Still the walrus." });
    await underB.say("which animal?", "Still the walrus.");
    expect(words(world.api.last())).toContain("remember the walrus");
    expect(world.api.last().authorization).toBe(`Bearer ${loginOf("b").accessToken}`);

    // As long as it runs, it is marked as open, under B.
    const open = JSON.parse((await world.must("sessions", "--json")).stdout).sessions[0].open;
    expect(open).toMatchObject([{ account: "b", pid: terminal.pid }]);
    await underB.leave();

    expect(transcriptsIn(join(world.ccsDir, "shared/context-groups/g/projects"))).toHaveLength(1);
    const [session] = JSON.parse((await world.must("sessions", "animal", "--json")).stdout).sessions;
    expect(session).toMatchObject({ project: app, prompt: "remember the walrus", owner: "a", turns: 2, open: [] });
  });

  test("whose directory is gone goes on where the person is", async () => {
    await talkUnderA();
    rmSync(app, { recursive: true });
    const terminal = world.terminal("sessions");
    await terminal.until("1 of 1");
    terminal.press("Enter");
    await terminal.until("Go on with it as");
    terminal.press("Enter");
    await terminal.until("Its directory is gone");
    terminal.type("y");
    await terminal.until("The walrus is noted.");
    const underA = await chat(terminal);
    world.api.play({ text: "Still the walrus." });
    await underA.say("which animal?", "Still the walrus.");
    expect(words(world.api.last())).toContain("remember the walrus");
    await underA.leave();
  });
});
