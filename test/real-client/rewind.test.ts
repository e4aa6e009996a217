import { afterEach, describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chat } from "./support/chat.ts";
import { makeWorld, type World } from "./support/world.ts";

describe("/rewind under another account", () => {
  let world: World;
  afterEach(() => world.close());

  /** A edits a file, B resumes A's session and asks for the code as it was before that; answers the last screen. */
  async function editUnderAThenRewindUnderB(file: string, ...policy: readonly string[]): Promise<string> {
    for (const account of ["a", "b"]) {
      await world.must("auth", "create", account, "--no-login", ...policy);
      world.logIn(account);
    }
    writeFileSync(file, "before\n");
    const underA = await chat(world.terminal("a", "--permission-mode", "acceptEdits"));
    world.api.play({ text: "Good day." });
    await underA.say("greet me", "Good day.");
    world.api.play(
      { tools: [{ name: "Read", input: { file_path: file } }] },
      { tools: [{ name: "Edit", input: { file_path: file, old_string: "before", new_string: "after" } }] },
      { text: "Edited it." },
    );
    await underA.say("edit the file", "Edited it.");
    await underA.leave();
    expect(readFileSync(file, "utf8")).toBe("after\n");

    const underB = await chat(world.terminal("b", "--continue"));
    const { terminal } = underB;
    await terminal.until("Edited it.");
    await underB.say("/rewind", "(current)");
    terminal.press("Up");
    await terminal.until(/❯ edit the file/);
    terminal.press("Enter");
    await terminal.until(/❯ 1\. Restore code and conversation/);
    terminal.press("Enter");
    return terminal.until((screen) => !screen.includes("Edited it.") && !screen.includes("Restore code"));
  }

  test("restores what A's turn changed, with deeper continuity", async () => {
    world = makeWorld();
    const file = join(world.cwd, "file.txt");
    const screen = await editUnderAThenRewindUnderB(file, "--context-group", "g", "--deeper-continuity");
    expect(screen).not.toContain("Failed");
    expect(readFileSync(file, "utf8")).toBe("before\n");
  });

  test("says that the backup is missing, with standard continuity, and leaves the file", async () => {
    world = makeWorld();
    const file = join(world.cwd, "file.txt");
    const screen = await editUnderAThenRewindUnderB(file, "--context-group", "g");
    expect(screen).toContain("backup missing");
    expect(readFileSync(file, "utf8")).toBe("after\n");
  });
});
