import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { toolResults, words } from "./support/api.ts";
import { logIn, loginOf } from "./support/login.ts";
import { makeWorld, sessionOf, transcriptsIn, type World } from "./support/world.ts";

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

const client = () => world.env["CCS_CLAUDE_PATH"] as string;

function put(path: string, content: string): string {
  const full = join(world.root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
}

/** Runs the client itself, in a configuration directory or (null) in its own. */
async function claude(instance: string | null, ...args: string[]): Promise<string> {
  const ended = await world.run([client(), ...args], instance === null ? {} : { CLAUDE_CONFIG_DIR: instance });
  if (ended.code !== 0) throw new Error(`claude ${args.join(" ")} exited ${ended.code}\n${ended.stdout}\n${ended.stderr}`);
  return ended.stdout;
}

/** An MCP server with one tool, which says what it was told in its environment. */
const SERVER = `
let rest = "";
process.stdin.on("data", (chunk) => {
  const lines = (rest + chunk).split("\\n");
  rest = lines.pop();
  for (const line of lines.filter(Boolean)) {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) continue;
    const results = {
      initialize: { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "tiny", version: "1" } },
      "tools/list": { tools: [{ name: "answer", description: "the answer", inputSchema: { type: "object", properties: {} } }] },
      "tools/call": { content: [{ type: "text", text: "forty-two, " + (process.env.TINY ?? "and nothing was told") }] },
    };
    process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result: results[method] ?? {} }) + "\\n");
  }
});
`;

/** What the server says when an account's client asks it. */
async function asked(account: string): Promise<unknown> {
  world.api.play({ tools: [{ name: "mcp__tiny__answer", input: {} }] }, { text: "Asked." });
  await world.must(account, "-p", "ask tiny", "--allowedTools", "mcp__tiny__answer");
  return toolResults(world.api.last()).at(-1);
}

describe("an account made like another", () => {
  beforeEach(async () => {
    await world.must("auth", "create", "a", "--no-login");
    world.logIn("a");
    await claude(world.instance("a"), "mcp", "add", "--scope", "user", "tiny", "-e", "TINY=told", "--", "node", put("server.js", SERVER));
    expect(await asked("a")).toEqual({ text: "forty-two, told", failed: false });
  });

  test("asks the MCP server of its model, with what that is told where it was taken along", async () => {
    await world.must("auth", "create", "b", "--like", "a", "--no-login");
    await world.must("auth", "create", "c", "--like", "a", "--no-login", "--with-secrets");
    for (const account of ["b", "c"]) world.logIn(account);
    expect(await asked("b")).toEqual({ text: "forty-two, and nothing was told", failed: false });
    expect(world.api.last().authorization).toBe("Bearer sk-ant-oat01-dummy-b");
    expect(await asked("c")).toEqual({ text: "forty-two, told", failed: false });
  });

  test("is somebody else: the client makes an identity of its own, and trusts what its model trusted", async () => {
    await world.must("auth", "create", "b", "--like", "a", "--no-login");
    world.logIn("b");
    await world.must("b", "-p", "good day");
    const [a, b] = ["a", "b"].map((account) => JSON.parse(readFileSync(join(world.instance(account), ".claude.json"), "utf8")));
    expect(b.userID).not.toBe(a.userID);
    expect(b.projects[world.cwd].hasTrustDialogAccepted).toBe(true);
  });

  test("has its model's plugins as its own: they work when those of the model are gone", async () => {
    put(
      "market/.claude-plugin/marketplace.json",
      JSON.stringify({ name: "m", owner: { name: "me" }, plugins: [{ name: "p", source: "./p" }] }),
    );
    put("market/p/.claude-plugin/plugin.json", JSON.stringify({ name: "p", version: "1.0.0" }));
    put("market/p/commands/hi.md", "say hello to the walrus\n");
    await claude(world.instance("a"), "plugin", "marketplace", "add", join(world.root, "market"));
    await claude(world.instance("a"), "plugin", "install", "p@m");
    await world.must("auth", "create", "b", "--like", "a", "--no-login");
    world.logIn("b");
    renameSync(join(world.instance("a"), "plugins"), join(world.root, "gone"));
    await world.must("b", "-p", "/p:hi");
    expect(words(world.api.last())).toContain("say hello to the walrus");
    expect(readFileSync(join(world.instance("b"), "plugins/installed_plugins.json"), "utf8")).not.toContain(world.instance("a"));
  });
});

test("what was begun in ~/.claude goes on under the account it was imported as, and is kept long enough", async () => {
  const home = world.env["HOME"] as string;
  const usual = join(home, ".claude");
  logIn(usual, loginOf("usual"), [world.cwd]);
  copyFileSync(join(usual, ".claude.json"), join(home, ".claude.json"));
  world.api.play({ text: "The walrus is noted." });
  await claude(null, "-p", "remember the walrus");
  const [transcript = ""] = transcriptsIn(join(usual, "projects"));
  const old = Date.now() / 1000 - 90 * 86_400;
  utimesSync(transcript, old, old);

  await world.must("auth", "import", "--name", "b", "--yes", "--no-login");
  expect(await claude(world.instance("b"), "mcp", "list")).toContain("No MCP servers");
  expect((await world.run([client(), "auth", "status", "--json"], { CLAUDE_CONFIG_DIR: world.instance("b") })).code).toBe(1);
  world.logIn("b");
  await world.must("b", "--resume", sessionOf(transcript), "-p", "which animal?");
  expect(words(world.api.last())).toContain("remember the walrus");
  expect(world.api.last().authorization).toBe("Bearer sk-ant-oat01-dummy-b");
  expect(JSON.parse(readFileSync(join(world.instance("b"), "settings.json"), "utf8")).cleanupPeriodDays).toBeGreaterThan(400);
  expect(readFileSync(transcript, "utf8")).not.toContain("which animal?");
});
