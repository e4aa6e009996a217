import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toolResults, words } from "./support/api.ts";
import { chat, picker } from "./support/chat.ts";
import { makeWorld, sessionOf, transcriptsIn, type World } from "./support/world.ts";

describe("after an account has left its group", () => {
  let world: World;
  let group: string;
  /** Sessions by the account that made them. */
  let made: { readonly a: string; readonly b: string };

  beforeEach(async () => {
    world = makeWorld();
    group = join(world.ccsDir, "shared/context-groups/g/projects");
    for (const account of ["a", "b"]) {
      await world.must("auth", "create", account, "--no-login", "--context-group", "g");
      world.logIn(account);
    }
    made = { a: await talk("a", "walrus"), b: await talk("b", "otter") };
    const memory = join(world.instance("b"), "projects", world.cwd.replace(/[^A-Za-z0-9]/g, "-"), "memory", "MEMORY.md");
    world.api.play({ tools: [{ name: "Write", input: { file_path: memory, content: "- otters hold hands\n" } }] }, { text: "Saved." });
    await world.must("b", "-p", "remember what otters do");
    expect(toolResults(world.api.last()).at(-1)).toMatchObject({ failed: false });

    await world.must("auth", "edit", "a", "--isolated", "--yes");
    expect(lstatSync(join(world.instance("a"), "projects")).isSymbolicLink()).toBe(false);
  });
  afterEach(() => world.close());

  /** An interactive session under an account, with one turn; answers its id. */
  async function talk(account: string, animal: string): Promise<string> {
    const projects = join(world.instance(account), "projects");
    const before = new Set(transcriptsIn(projects));
    const talking = await chat(world.terminal(account));
    world.api.play({ text: `The ${animal} is noted.` });
    await talking.say(`remember the ${animal}`, `The ${animal} is noted.`);
    await talking.leave();
    const fresh = transcriptsIn(projects).filter((path) => !before.has(path));
    expect(fresh).toHaveLength(1);
    return sessionOf(fresh[0] ?? "");
  }

  /** The `/resume` list: interactive sessions by the last thing a person said in them. */
  async function listedUnder(account: string): Promise<string> {
    const terminal = world.terminal(account, "--resume");
    const screen = await picker(terminal);
    await terminal.close();
    return screen;
  }

  test("it goes on with its own session, and finds none of the others'", async () => {
    await world.must("a", "--resume", made.a, "-p", "more of the walrus?");
    expect(words(world.api.last())).toContain("remember the walrus");
    expect(world.api.last().authorization).toBe("Bearer sk-ant-oat01-dummy-a");

    const asked = world.api.conversation().length;
    const refused = await world.ccs("a", "--resume", made.b, "-p", "which animal?");
    expect(refused.code).toBe(1);
    expect(refused.stdout + refused.stderr).toContain("No conversation found");
    expect(world.api.conversation()).toHaveLength(asked);

    const listed = await listedUnder("a");
    expect(listed).toContain("more of the walrus?");
    expect(listed).not.toContain("otter");
  });

  test("what the others' memory says is not sent with its requests", async () => {
    await world.must("a", "-p", "good day");
    const request = world.api.last();
    expect(request.system + words(request)).not.toContain("otters hold hands");
    await world.must("b", "-p", "good day");
    expect(world.api.last().system + words(world.api.last())).toContain("otters hold hands");
  });

  test("leaving withdraws nothing: the group keeps what the account made there", async () => {
    expect(await listedUnder("b")).toContain("remember the walrus");
    await world.must("b", "--resume", made.a, "-p", "which animal?");
    expect(words(world.api.last())).toContain("remember the walrus");
  });

  test("what either says from then on is the other's no more", async () => {
    const later = await talk("a", "seal");
    world.api.play({ text: "Also a gull." });
    await world.must("a", "--resume", made.a, "-p", "add a gull");
    world.api.play({ text: "Also a crab." });
    await world.must("b", "--resume", made.b, "-p", "add a crab");

    const listed = await listedUnder("b");
    expect(listed).toContain("add a crab");
    expect(listed).not.toContain("seal");
    const refused = await world.ccs("b", "--resume", later, "-p", "which animal?");
    expect(refused.code).toBe(1);
    await world.must("b", "--resume", made.a, "-p", "which animals?");
    expect(words(world.api.last())).not.toContain("add a gull");
    for (const transcript of transcriptsIn(group)) expect(readFileSync(transcript, "utf8").includes("gull")).toBe(false);
    for (const transcript of transcriptsIn(join(world.instance("a"), "projects"))) {
      expect(/otter|crab/.test(readFileSync(transcript, "utf8"))).toBe(false);
    }
  });

  test("while a client of the account runs, leaving answers 75 and changes nothing", async () => {
    const running = await chat(world.terminal("b"));
    world.api.play({ text: "The crab is noted." });
    await running.say("remember the crab", "The crab is noted.");
    const refused = await world.ccs("auth", "edit", "b", "--isolated", "--yes");
    expect(refused.code).toBe(75);
    expect(refused.stderr).toContain(String(running.terminal.pid));
    expect(lstatSync(join(world.instance("b"), "projects")).isSymbolicLink()).toBe(true);
    await running.leave();
    await world.must("auth", "edit", "b", "--isolated", "--yes");
    expect(lstatSync(join(world.instance("b"), "projects")).isSymbolicLink()).toBe(false);
  });
});
