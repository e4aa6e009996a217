import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { words } from "./support/api.ts";
import { chat, picker } from "./support/chat.ts";
import { linesOf, makeWorld, sessionOf, transcriptsIn, type World } from "./support/world.ts";

describe("a session that two accounts went on with apart", () => {
  let world: World;
  let file: string;
  /** The session both held. */
  let session: string;
  /** The id the arriving one got. */
  let fork: string;

  /**
   * A talks and edits a file; a copy of that history is carried over to B by hand; each goes on alone; then A and B join
   * one group, in this order.
   */
  beforeEach(async () => {
    world = makeWorld();
    file = join(world.cwd, "file.txt");
    writeFileSync(file, "one\n");
    for (const account of ["a", "b"]) {
      await world.must("auth", "create", account, "--no-login");
      world.logIn(account);
    }
    const underA = await chat(world.terminal("a", "--permission-mode", "acceptEdits"));
    world.api.play({ text: "The walrus is noted." });
    await underA.say("remember the walrus", "The walrus is noted.");
    await underA.leave();
    cpSync(join(world.instance("a"), "projects"), join(world.instance("b"), "projects"), { recursive: true, preserveTimestamps: true });
    session = sessionOf(transcriptsIn(join(world.instance("b"), "projects"))[0] ?? "");

    for (const [account, animal, from, to] of [
      ["a", "seal", "one", "two"],
      ["b", "gull", "two", "three"],
    ] as const) {
      const alone = await chat(world.terminal(account, "--resume", session, "--permission-mode", "acceptEdits"));
      await alone.terminal.until("The walrus is noted.");
      world.api.play(
        { tools: [{ name: "Read", input: { file_path: file } }] },
        { tools: [{ name: "Edit", input: { file_path: file, old_string: from, new_string: to } }] },
        { text: `The ${animal} is noted.` },
      );
      await alone.say(`remember the ${animal}`, `The ${animal} is noted.`);
      await alone.leave();
    }
    expect(readFileSync(file, "utf8")).toBe("three\n");
    await world.must("auth", "edit", "a", "--context-group", "g", "--deeper-continuity", "--yes");
    await world.must("auth", "edit", "b", "--context-group", "g", "--deeper-continuity", "--yes");
    await world.must("auth", "create", "c", "--no-login", "--context-group", "g", "--deeper-continuity");
    world.logIn("c");

    const there = transcriptsIn(join(world.ccsDir, "shared/context-groups/g/projects"));
    expect(there).toHaveLength(2);
    fork = there.map(sessionOf).find((id) => id !== session) ?? "";
  });
  afterEach(() => world.close());

  test("both stay: each resumes by its id, under a third account, with its own words alone", async () => {
    for (const [id, own, others] of [
      [session, "seal", "gull"],
      [fork, "gull", "seal"],
    ] as const) {
      world.api.play({ text: `So, the ${own}.` });
      await world.must("c", "--resume", id, "-p", "which animals?");
      const said = words(world.api.last());
      expect(said).toContain("remember the walrus");
      expect(said).toContain(`remember the ${own}`);
      expect(said).not.toContain(`remember the ${others}`);
    }
    const transcripts = transcriptsIn(join(world.ccsDir, "shared/context-groups/g/projects"));
    expect(transcripts.map(sessionOf).sort()).toEqual([session, fork].sort());
    const forked = transcripts.find((path) => sessionOf(path) === fork) ?? "";
    expect(linesOf(forked).some((line) => line["sessionId"] === session)).toBe(false);
  });

  test("the picker lists both, and the fork resumes from it", async () => {
    const underC = world.terminal("c", "--resume");
    const listed = await picker(underC);
    expect(listed).toContain("remember the seal");
    expect(listed).toContain("remember the gull");
    if (/❯ remember the seal/.test(listed)) underC.press("Down");
    await underC.until(/❯ remember the gull/);
    underC.press("Enter");
    await underC.until("The gull is noted.");
    const going = await chat(underC);
    world.api.play({ text: "So, the gull." });
    await going.say("which animals?", "So, the gull.");
    expect(words(world.api.last())).toContain("remember the gull");
    expect(words(world.api.last())).not.toContain("remember the seal");
    await going.leave();
  });

  test("the fork's checkpoints came along: /rewind in it restores the file", async () => {
    const underC = await chat(world.terminal("c", "--resume", fork));
    const { terminal } = underC;
    await terminal.until("The gull is noted.");
    await underC.say("/rewind", "(current)");
    terminal.press("Up");
    await terminal.until(/❯ remember the gull/);
    terminal.press("Enter");
    await terminal.until(/❯ 1\. Restore code and conversation/);
    terminal.press("Enter");
    const screen = await terminal.until((seen) => !seen.includes("The gull is noted.") && !seen.includes("Restore code"));
    expect(screen).not.toContain("Failed");
    expect(readFileSync(file, "utf8")).toBe("two\n");
  });
});
