import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ApiRequest, toolResults, words } from "./support/api.ts";
import { chat } from "./support/chat.ts";
import { makeWorld, sessionOf, transcriptsIn, type World } from "./support/world.ts";

/** What the client asks before it lets a tool do something outside its own directories. */
const QUESTION = /Do you want to (proceed|create|make|overwrite)|Yes, and always allow/;

/** The directory of a project's memory as an account's client names it. */
function memoryOf(world: World, account: string): string {
  return join(world.instance(account), "projects", world.cwd.replace(/[^A-Za-z0-9]/g, "-"), "memory");
}

function lastResult(request: ApiRequest): { text: string; failed: boolean } {
  const last = toolResults(request).at(-1);
  if (last === undefined) throw new Error("no tool was used");
  return last;
}

for (const [what, ccsDir] of [
  ["in a plain directory", "ccs"],
  ["in a directory whose name holds spaces and glob characters", "my [ccs] (1) *?"],
] as const) {
  describe(`what lies behind the link is the client's own, ${what}`, () => {
    let world: World;

    beforeEach(async () => {
      world = makeWorld({ ccsDir });
      for (const account of ["a", "b"]) {
        await world.must("auth", "create", account, "--no-login", "--context-group", "g");
        world.logIn(account);
      }
    });
    afterEach(() => world.close());

    /** Memory as A's client writes it, asking nobody. */
    async function rememberUnderA(): Promise<void> {
      const file = join(memoryOf(world, "a"), "MEMORY.md");
      world.api.play({ tools: [{ name: "Write", input: { file_path: file, content: "- walruses like clams\n" } }] }, { text: "Saved." });
      await world.must("a", "-p", "remember that walruses like clams");
      expect(lastResult(world.api.last())).toMatchObject({ failed: false });
    }

    test("memory written under A is loaded under B", async () => {
      await rememberUnderA();
      await world.must("b", "-p", "good day");
      const request = world.api.last();
      expect(request.system + words(request)).toContain("walruses like clams");
    });

    test("B writes memory without being asked, by its own path and by the one A's conversation names", async () => {
      await rememberUnderA();
      for (const account of ["b", "a"]) {
        const file = join(memoryOf(world, account), `told-as-${account}.md`);
        world.api.play({ tools: [{ name: "Write", input: { file_path: file, content: "otters hold hands\n" } }] }, { text: "Saved." });
        await world.must("b", "-p", "remember that otters hold hands");
        expect(lastResult(world.api.last())).toMatchObject({ failed: false });
        expect(readFileSync(join(memoryOf(world, "a"), `told-as-${account}.md`), "utf8")).toBe("otters hold hands\n");
      }
    });

    test("anything else written there is still refused", async () => {
      const file = join(memoryOf(world, "b"), "..", "elsewhere.md");
      world.api.play({ tools: [{ name: "Write", input: { file_path: file, content: "no\n" } }] }, { text: "Refused, then." });
      await world.must("b", "-p", "write there");
      expect(lastResult(world.api.last())).toMatchObject({ failed: true });
      expect(existsSync(file)).toBe(false);
    });

    test("a tool result kept under A is read under B without being asked", async () => {
      world.api.play({ tools: [{ name: "Bash", input: { command: "seq 1 20000", description: "count" } }] }, { text: "Counted." });
      await world.must("a", "-p", "--allowedTools", "Bash", "--", "count");
      const kept = /Full output saved to: (.*)/.exec(lastResult(world.api.last()).text)?.[1] ?? "";
      expect(kept).toStartWith(join(world.instance("a"), "projects"));

      const session = sessionOf(transcriptsIn(join(world.instance("b"), "projects"))[0] ?? "");
      world.api.play({ tools: [{ name: "Read", input: { file_path: kept, offset: 15000, limit: 2 } }] }, { text: "Read it." });
      await world.must("b", "--resume", session, "-p", "what comes after 15000?");
      expect(lastResult(world.api.last())).toMatchObject({ failed: false });
      expect(lastResult(world.api.last()).text).toContain("15001");
    });

    test("in a terminal no question comes up for memory and tool results, and one does for anything else", async () => {
      await rememberUnderA();
      const kept = join(memoryOf(world, "a"), "..", "kept", "tool-results", "x.txt");
      await Bun.write(kept, "the big result\n");
      const underB = await chat(world.terminal("b", "--permission-mode", "default"));
      const own = join(memoryOf(world, "b"), "typed.md");
      world.api.play(
        { tools: [{ name: "Write", input: { file_path: own, content: "seals bark\n" } }] },
        { tools: [{ name: "Read", input: { file_path: kept } }] },
        { text: "All done." },
      );
      const screen = await underB.say("remember that seals bark", (seen) => seen.includes("All done.") || QUESTION.test(seen));
      expect(screen).not.toMatch(QUESTION);
      expect(toolResults(world.api.last()).map((result) => result.failed)).toEqual([false, false]);

      const elsewhere = join(memoryOf(world, "b"), "..", "elsewhere.md");
      world.api.play({ tools: [{ name: "Write", input: { file_path: elsewhere, content: "no\n" } }] });
      await underB.say("write elsewhere", QUESTION);
      expect(existsSync(elsewhere)).toBe(false);
    });
  });
}
