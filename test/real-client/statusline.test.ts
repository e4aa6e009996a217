import { expect, test } from "bun:test";
import { chat } from "./support/chat.ts";
import { makeWorld } from "./support/world.ts";

test("the client shows the status line that ccs put in, with the account it runs as", async () => {
  const world = makeWorld();
  try {
    for (const account of ["a", "b"]) {
      await world.must("auth", "create", account, "--no-login", "--context-group", "g");
      world.logIn(account);
      await world.must("statusline", "--on", account, "--yes");
    }
    for (const account of ["a", "b"]) {
      const { terminal } = await chat(world.terminal(account));
      expect(await terminal.until(`${account} · shared (g)`)).toContain("❯");
    }
    await world.must("statusline", "--off", "b");
    const { terminal } = await chat(world.terminal("b"));
    expect(terminal.screen()).not.toContain("shared (g)");
  } finally {
    await world.close();
  }
});
