import { afterEach, beforeEach, expect, test } from "bun:test";
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { words } from "./support/api.ts";
import { makeWorld, sessionOf, transcriptsIn, type World } from "./support/world.ts";

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

/** A session of one turn under an account. @returns its id */
async function talk(account: string, animal: string): Promise<string> {
  const projects = join(world.instance(account), "projects");
  const before = new Set(transcriptsIn(projects));
  world.api.play({ text: `The ${animal} is noted.` });
  await world.must(account, "-p", `remember the ${animal}`);
  const fresh = transcriptsIn(projects).filter((path) => !before.has(path));
  expect(fresh).toHaveLength(1);
  return sessionOf(fresh[0] ?? "");
}

test("after ccs uninstall, the client goes on with each session under the printed line, with the login of that account", async () => {
  for (const account of ["a", "b"]) {
    await world.must("auth", "create", account, "--no-login", "--context-group", "g", "--deeper-continuity");
    world.logIn(account);
  }
  const made = { a: await talk("a", "walrus"), b: await talk("b", "otter") };
  const { stdout } = await world.must("uninstall", "--yes");

  for (const [account, animal] of [
    ["a", "walrus"],
    ["b", "otter"],
  ] as const) {
    expect(lstatSync(join(world.instance(account), "projects")).isDirectory()).toBe(true);
    const line = stdout.split("\n").find((line) => line.includes(`instances/${account}'`)) ?? "";
    expect(line.trim()).toBe(`CLAUDE_CONFIG_DIR='${world.instance(account)}' claude`);
    // The line as it was printed, typed into a shell where the client is on PATH under its own name.
    const typed = `claude() { "$CCS_CLAUDE_PATH" "$@"; }; ${line.trim()} --resume ${made[account]} -p "which animal?"`;
    world.api.play({ text: `The ${animal}.` });
    const ended = await world.run(["bash", "-c", typed]);
    expect({ code: ended.code, stdout: ended.stdout.trim() }).toEqual({ code: 0, stdout: `The ${animal}.` });
    expect(words(world.api.last())).toContain(`remember the ${animal}`);
    expect(world.api.last().authorization).toBe(`Bearer sk-ant-oat01-dummy-${account}`);
  }
});
