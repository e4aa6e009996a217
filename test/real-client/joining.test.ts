import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toolResults, words } from "./support/api.ts";
import { chat } from "./support/chat.ts";
import { BINARY, type Line, linesOf, makeWorld, sessionOf, transcriptsIn, type World } from "./support/world.ts";

describe("an account joins a group while a client of it is in mid-conversation", () => {
  let world: World;
  let group: string;

  beforeEach(async () => {
    world = makeWorld();
    group = join(world.ccsDir, "shared/context-groups/g/projects");
    await world.must("auth", "create", "a", "--no-login");
    await world.must("auth", "create", "b", "--no-login", "--context-group", "g");
    world.logIn("a");
    world.logIn("b");
    // The group holds something already, in the same project, so that the join is a merge.
    world.api.play({ text: "The otter is noted." });
    await world.must("b", "-p", "remember the otter");
  });
  afterEach(() => world.close());

  /** The transcript of the only session in the group in which this was said. */
  function transcriptWith(text: string): string {
    const found = transcriptsIn(group).filter((file) => readFileSync(file, "utf8").includes(text));
    expect(found).toHaveLength(1);
    return found[0] ?? "";
  }

  const promptsIn = (file: string) =>
    linesOf(file)
      .filter((line) => line["type"] === "user")
      .map((line) => (line["message"] as { content: unknown }).content);

  const turnsIn = (file: string) => readFileSync(file, "utf8").split('"subtype":"turn_duration"').length - 1;

  /** The client shows an answer a moment before the turn's last line is in its file. */
  async function turnsWritten(file: string, turns: number): Promise<void> {
    while (!existsSync(file) || turnsIn(file) < turns || !readFileSync(file, "utf8").endsWith("\n")) await Bun.sleep(20);
  }

  /** Every line that names a parent finds it, no line stands there twice, and exactly one begins the conversation. */
  function expectWhole(lines: readonly Line[]): void {
    const ids = lines.map((line) => line["uuid"]).filter((id) => typeof id === "string");
    expect(new Set(ids).size).toBe(ids.length);
    const parents = lines.map((line) => line["parentUuid"]).filter((id) => typeof id === "string");
    expect(parents.filter((id) => !ids.includes(id))).toEqual([]);
    expect(lines.filter((line) => line["parentUuid"] === null)).toHaveLength(1);
  }

  function linesMissing(before: string, after: string): string[] {
    const kept = new Set(after.split("\n"));
    return before.split("\n").filter((line) => !kept.has(line));
  }

  test("between two turns: not a line is missing, and the next turns land in the group's file", async () => {
    const underA = await chat(world.terminal("a"));
    world.api.play({ text: "The walrus is noted." }, { text: "The seal is noted." });
    await underA.say("remember the walrus", "The walrus is noted.");
    await underA.say("remember the seal", "The seal is noted.");
    const own = transcriptsIn(join(world.instance("a"), "projects"))[0] ?? "";
    await turnsWritten(own, 2);
    const before = readFileSync(own, "utf8");

    await world.must("auth", "edit", "a", "--context-group", "g", "--yes");
    expect(lstatSync(join(world.instance("a"), "projects")).isSymbolicLink()).toBe(true);
    expect(underA.terminal.alive()).toBe(true);

    world.api.play({ text: "The gull is noted." }, { text: "All four." });
    await underA.say("remember the gull", "The gull is noted.");
    await underA.leave();

    const transcript = transcriptWith("remember the walrus");
    expect(sessionOf(transcript)).toBe(sessionOf(own));
    const after = readFileSync(transcript, "utf8");
    expect(linesMissing(before, after)).toEqual([]);
    expect(after.includes("remember the gull")).toBe(true);
    expectWhole(linesOf(transcript));

    await world.must("b", "--resume", sessionOf(transcript), "-p", "which animals?");
    for (const animal of ["walrus", "seal", "gull"]) expect(words(world.api.last())).toContain(`remember the ${animal}`);
  });

  test("in the middle of a turn: what the turn still writes lands in the group's file", async () => {
    const go = join(world.root, "go");
    const waiting = join(world.root, "waiting");
    world.api.play(
      {
        tools: [
          {
            name: "Bash",
            input: { command: `touch ${waiting}; until [ -e ${go} ]; do sleep 0.05; done; echo it went`, description: "wait" },
          },
        ],
      },
      { text: "It went." },
    );
    const turn = world.must("a", "-p", "--allowedTools", "Bash", "--", "wait for it");
    while (!existsSync(waiting)) await Bun.sleep(20);
    const own = transcriptsIn(join(world.instance("a"), "projects"))[0] ?? "";
    const before = readFileSync(own, "utf8");

    await world.must("auth", "edit", "a", "--context-group", "g", "--yes");
    writeFileSync(go, "");
    expect((await turn).stdout).toBe("It went.\n");

    const transcript = transcriptWith("wait for it");
    const after = readFileSync(transcript, "utf8");
    expect(linesMissing(before, after)).toEqual([]);
    expect(after.includes("it went")).toBe(true);
    expectWhole(linesOf(transcript));
    expect(readdirSync(group)).toEqual(readdirSync(join(world.instance("a"), "projects")));
  });

  test("turn after turn while the account joins: every prompt is there exactly once", async () => {
    // Enough besides that the join takes a while.
    const attic = join(world.instance("a"), "projects", "-attic", "kept", "tool-results");
    mkdirSync(attic, { recursive: true });
    for (let at = 0; at < 5000; at += 1) writeFileSync(join(attic, `${at}.txt`), `${at}\n`);

    const underA = await chat(world.terminal("a"));
    world.api.play({ text: "Answer 0." });
    await underA.say("prompt 0", "Answer 0.");
    const joining = world.must("auth", "edit", "a", "--context-group", "g", "--yes");
    for (let turn = 1; turn <= 5; turn += 1) {
      world.api.play({ text: `Answer ${turn}.` });
      await underA.say(`prompt ${turn}`, `Answer ${turn}.`);
    }
    await joining;
    world.api.play({ text: "Answer 6." });
    await underA.say("prompt 6", "Answer 6.");
    await underA.leave();

    expect(readdirSync(join(group, "-attic", "kept", "tool-results"))).toHaveLength(5000);
    const lines = linesOf(transcriptWith("prompt 0"));
    expectWhole(lines);
    expect(promptsIn(transcriptWith("prompt 0")).sort()).toEqual(Array.from({ length: 7 }, (_, turn) => `prompt ${turn}`));
  });

  test("killed between its two last calls, and gone on with: what the client wrote meanwhile is appended, not a line twice", async () => {
    const underA = await chat(world.terminal("a"));
    world.api.play({ text: "The walrus is noted." });
    await underA.say("remember the walrus", "The walrus is noted.");

    const projects = join(world.instance("a"), "projects");
    const own = transcriptsIn(projects)[0] ?? "";
    await turnsWritten(own, 1);

    const killed = await world.run(
      [
        "strace",
        "-f",
        "-qq",
        "-o",
        join(world.root, "calls"),
        "-e",
        "trace=symlink,symlinkat",
        "-e",
        // The first tries whether links can be made at all; the second is the swap.
        "inject=symlink,symlinkat:signal=KILL:when=2",
      ].concat(BINARY, ["auth", "edit", "a", "--context-group", "g", "--yes"]),
    );
    expect(killed.code).not.toBe(0);
    expect(existsSync(projects)).toBe(false);

    // The client makes the directory anew, and in it a file that holds only what comes now.
    world.api.play({ text: "The seal is noted." });
    await underA.say("remember the seal", "The seal is noted.");
    await turnsWritten(own, 1);
    const tail = readFileSync(own, "utf8");
    expect(promptsIn(own)).toEqual(["remember the seal"]);

    await world.must("doctor", "--fix", "--yes");
    expect(lstatSync(projects).isSymbolicLink()).toBe(true);
    world.api.play({ text: "The gull is noted." });
    await underA.say("remember the gull", "The gull is noted.");
    await underA.leave();

    const transcript = transcriptWith("remember the walrus");
    expect(linesMissing(tail, readFileSync(transcript, "utf8"))).toEqual([]);
    expect(turnsIn(transcript)).toBe(3);
    expectWhole(linesOf(transcript));
    await world.must("b", "--resume", sessionOf(transcript), "-p", "which animals?");
    for (const animal of ["walrus", "seal", "gull"]) expect(words(world.api.last())).toContain(`remember the ${animal}`);
  });

  test("waits while that client would delete the group's older sessions", async () => {
    const settings = join(world.instance("b"), "settings.json");
    const kept = JSON.parse(readFileSync(settings, "utf8")) as object;
    writeFileSync(settings, JSON.stringify({ ...kept, cleanupPeriodDays: 365 }));
    const underA = await chat(world.terminal("a"));
    world.api.play({ text: "The walrus is noted." });
    await underA.say("remember the walrus", "The walrus is noted.");
    const refused = await world.ccs("auth", "edit", "a", "--context-group", "g", "--yes");
    expect(refused.code).toBe(75);
    expect(refused.stderr).toContain(String(underA.terminal.pid));
    expect(lstatSync(join(world.instance("a"), "projects")).isDirectory()).toBe(true);
    await underA.leave();

    await world.must("auth", "edit", "a", "--context-group", "g", "--yes");
    expect(lstatSync(join(world.instance("a"), "projects")).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(join(world.instance("a"), "settings.json"), "utf8"))).toMatchObject({ cleanupPeriodDays: 365 });
    await world.must("a", "--continue", "-p", "which animal?");
    expect(words(world.api.last())).toContain("remember the walrus");
  });

  test("the running client takes the new permission rules without being started again", async () => {
    const underA = await chat(world.terminal("a", "--permission-mode", "default"));
    world.api.play({ text: "The walrus is noted." });
    await underA.say("remember the walrus", "The walrus is noted.");
    await world.must("auth", "edit", "a", "--context-group", "g", "--yes");

    // The client looks at a changed settings.json after a second or so; until then it asks, and is told no.
    const file = join(world.instance("a"), "projects", world.cwd.replace(/[^A-Za-z0-9]/g, "-"), "memory", "MEMORY.md");
    for (let attempt = 1; attempt <= 10 && !existsSync(file); attempt += 1) {
      world.api.play({ tools: [{ name: "Write", input: { file_path: file, content: "- walruses like clams\n" } }] });
      world.api.play({ text: `Done ${attempt}.` });
      const screen = await underA.say(`attempt ${attempt}`, (seen) => seen.includes(`Done ${attempt}.`) || seen.includes("Do you want"));
      if (!screen.includes("Do you want")) break;
      underA.terminal.press("Escape");
      await underA.terminal.until((seen) => !seen.includes("Do you want"));
      world.api.skip();
    }
    expect(toolResults(world.api.last()).at(-1)).toMatchObject({ failed: false });
    expect(readFileSync(file, "utf8")).toBe("- walruses like clams\n");
  });
});
