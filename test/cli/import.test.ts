import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ended, makePerson, type Person } from "../support/person.ts";

let person: Person;
let source: string;
beforeEach(() => {
  person = makePerson();
  source = join(person.home, ".claude");
  writeSource();
});
afterEach(() => person.close());

const SESSION = "5e3f0000-0000-4000-8000-000000000000";
const APP = "projects/-home-person-app";
const DAYS = 400;

function put(path: string, content: unknown, mode = 0o600): void {
  const full = path.startsWith("/") ? path : join(source, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, typeof content === "string" ? content : JSON.stringify(content, null, 2), { mode });
}

/** What somebody who used Claude Code for a while has. */
function writeSource(): void {
  put(`${APP}/${SESSION}.jsonl`, `${JSON.stringify({ type: "user", uuid: "u", parentUuid: null, sessionId: SESSION })}\n`, 0o640);
  const then = (Date.now() - DAYS * 86_400_000 - 3_600_000) / 1000;
  utimesSync(join(source, APP, `${SESSION}.jsonl`), then, Math.floor(then) + 0.123456);
  put(`${APP}/memory/MEMORY.md`, "# what is remembered\n");
  put(`${APP}/with\na newline`, "odd\n");
  mkdirSync(join(source, "projects/-home-person-empty"), { mode: 0o750 });
  symlinkSync("../nowhere", join(source, APP, "dangling"));
  put(`file-history/${SESSION}/0123@v1`, "before\n", 0o400);
  put("history.jsonl", `${JSON.stringify({ display: "hi", sessionId: SESSION })}\n`);
  put("settings.json", {
    model: "opus",
    env: { NOTE: "mine", MAX_THINKING_TOKENS: "64000", ANTHROPIC_API_KEY: "sk-ant-api03-of-the-person" },
    statusLine: { type: "command", command: "~/.claude/hooks/line.sh" },
  });
  put("CLAUDE.md", "# how I like it\n@STYLE.md\n");
  put("STYLE.md", "# in which style\n");
  put("agents/one.md", "an agent\n");
  put("hooks/line.sh", "#!/bin/sh\n", 0o755);
  put(".agents-of-mine/skill/SKILL.md", "elsewhere\n");
  put(join(person.home, "dotfiles/skill/SKILL.md"), "a skill\n");
  mkdirSync(join(source, "skills"));
  symlinkSync("../../dotfiles/skill", join(source, "skills/mine"));
  put("plugins/installed_plugins.json", { version: 2, plugins: { "p@m": [{ installPath: join(source, "plugins/cache/m/p/1.0.0") }] } });
  put("plugins/cache/m/p/1.0.0/commands/hi.md", "say hi\n");
  put("plugins/data/p/token", "told-to-a-plugin\n");
  put(".credentials.json", { claudeAiOauth: { accessToken: "token-of-the-person" } });
  put("backups/.claude.json.backup.1", { oauthAccount: { emailAddress: "person@example.invalid" } });
  put(join(person.home, ".claude.json"), {
    oauthAccount: { emailAddress: "person@example.invalid" },
    userID: "id-of-the-person",
    hasCompletedOnboarding: true,
    mcpServers: {
      tiny: { type: "stdio", command: "node", args: ["/srv/tiny.js"], env: { TINY_TOKEN: "told-to-tiny", LEVEL: "3" } },
      web: { type: "http", url: "https://mcp.example.invalid/?api_key=told-to-web" },
    },
    projects: { "/home/person/app": { hasTrustDialogAccepted: true, lastCost: 12, allowedTools: [] } },
  });
}

const at = (...names: string[]) => join(person.instance("claude"), ...names);
const json = (path: string) => JSON.parse(readFileSync(path, "utf8"));
/** Everything of the person outside of `CCS_DIR`. */
const outside = () => Object.fromEntries(Object.entries(person.tree()).filter(([path]) => !path.startsWith("ccs/")));
const inside = () => JSON.stringify(Object.entries(person.tree()).filter(([path]) => path.startsWith("ccs/")));
/** Microseconds. */
const mtime = (path: string) => lstatSync(path, { bigint: true }).mtimeNs / 1000n;

test("imports ~/.claude, with what lies beside it, and leaves it as it is: history, links, modes and times arrive", async () => {
  const before = outside();
  const { stdout } = await person.must("auth", "import", "--yes", "--no-login");
  expect(stdout).toEndWith("claude is imported. Log in: ccs auth login claude\n");
  expect(outside()).toEqual(before);
  for (const path of [
    `${APP}/${SESSION}.jsonl`,
    `${APP}/memory/MEMORY.md`,
    `${APP}/with\na newline`,
    `file-history/${SESSION}/0123@v1`,
    APP,
  ]) {
    expect(lstatSync(at(path)).mode).toBe(lstatSync(join(source, path)).mode);
    expect(mtime(at(path))).toBe(mtime(join(source, path)));
    if (path !== APP) expect(readFileSync(at(path))).toEqual(readFileSync(join(source, path)));
  }
  expect(lstatSync(at("projects/-home-person-empty")).mode & 0o777).toBe(0o750);
  expect(readlinkSync(at(APP, "dangling"))).toBe("../nowhere");
  expect(mtime(at(APP, "dangling"))).toBe(mtime(join(source, APP, "dangling")));
  expect(readFileSync(at("CLAUDE.md"), "utf8")).toBe("# how I like it\n@STYLE.md\n");
  expect(readFileSync(at("STYLE.md"), "utf8")).toBe("# in which style\n");
  expect(readFileSync(at("skills/mine/SKILL.md"), "utf8")).toBe("a skill\n");
  expect(json(at("plugins/installed_plugins.json")).plugins["p@m"][0].installPath).toBe(at("plugins/cache/m/p/1.0.0"));
  expect(lstatSync(person.instance("claude")).mode & 0o777).toBe(0o700);
  expect(JSON.parse((await person.must("auth", "show", "claude", "--json")).stdout).account).toMatchObject({
    context: "isolated",
    identity: { loggedIn: false, email: null },
  });
  expect(
    JSON.parse((await person.ccs(["doctor", "--json"])).stdout).checks.filter((c: { result: string }) => c.result === "error"),
  ).toEqual([]);
});

test("copies never a login, and what may be a secret only where that was asked for", async () => {
  await person.must("auth", "import", "--yes", "--no-login");
  expect(inside()).not.toMatch(/of-the-person|person@example|told-to/);
  expect(json(at(".claude.json"))).toEqual({
    mcpServers: { tiny: { type: "stdio", command: "node", args: ["/srv/tiny.js"], env: { LEVEL: "3" } } },
    hasCompletedOnboarding: true,
    projects: { "/home/person/app": { hasTrustDialogAccepted: true } },
  });
  expect(json(at("settings.json")).env).toEqual({ MAX_THINKING_TOKENS: "64000" });
  const { stdout } = await person.must("auth", "import", "--yes", "--no-login", "--name", "whole", "--with-secrets");
  expect(stdout).toContain("Copied, though they may be secrets: env.NOTE in settings.json, plugins/data,");
  expect(stdout).toContain("Left out, as it is a login: env.ANTHROPIC_API_KEY in settings.json.");
  expect(inside()).toMatch(/told-to-tiny.*told-to-a-plugin|told-to-a-plugin.*told-to-tiny/);
  expect(inside()).toContain("told-to-web");
  expect(inside()).not.toMatch(/of-the-person|person@example/);
});

test("keeps what is imported from being swept: retention rises above its age, and a longer one comes along", async () => {
  const { stdout } = await person.must("auth", "import", "--yes", "--no-login");
  expect(stdout).toContain(`The oldest of it is ${DAYS} days old, and Claude Code would delete what is older than 30`);
  expect(json(at("settings.json"))).toMatchObject({ model: "opus", cleanupPeriodDays: DAYS + 365 });
  put("settings.json", { cleanupPeriodDays: 5000 });
  await person.must("auth", "import", "--yes", "--no-login", "--name", "longer");
  expect(json(join(person.instance("longer"), "settings.json"))).toEqual({ cleanupPeriodDays: 5000 });
});

test("imports another directory, with the .claude.json inside it, under the name it suggests", async () => {
  const other = join(person.home, ".claude-work");
  put(join(other, APP, `${SESSION}.jsonl`), "{}\n");
  put(join(other, ".claude.json"), { mcpServers: { inside: { command: "node", args: ["x"] } } });
  await person.must("auth", "import", "~/.claude-work", "--yes", "--no-login");
  expect(Object.keys(json(join(person.instance("work"), ".claude.json")).mcpServers)).toEqual(["inside"]);
  expect(existsSync(join(person.instance("work"), "settings.json"))).toBe(false);
});

test("says what it would copy, as sentences and as data, and changes nothing", async () => {
  const before = person.tree();
  const { stdout } = await person.must("auth", "import", "--dry-run");
  expect(stdout).toMatch(/Copied: projects \(\d+ B\).* free\./s);
  expect(stdout).toContain("Not known to ccs, and so not copied: .agents-of-mine, hooks.");
  expect(stdout.replace(/\s+/g, " ")).toContain(`settings.json: what is named there in ${source}, as hooks, is used there as before.`);
  const data = JSON.parse((await person.must("auth", "import", "--dry-run", "--json")).stdout);
  expect(data).toMatchObject({ version: 1, account: "claude", from: source, applicable: true, running: 0 });
  expect(data.free).toBeGreaterThan(data.bytes);
  expect(data.secrets).toContain("mcpServers.tiny.env.TINY_TOKEN");
  const unasked = await person.ccs(["auth", "import", "--no-login"]);
  expect({ code: unasked.code, stdout: unasked.stdout }).toEqual({ code: 2, stdout: "" });
  expect((await person.ccs(["auth", "import", "--yes", "--json"])).code).toBe(2);
  expect(person.tree()).toEqual(before);
  expect(JSON.parse((await person.must("auth", "import", "--yes", "--no-login", "--json")).stdout).imported).toMatchObject({
    account: "claude",
    instance: person.instance("claude"),
  });
});

test("refuses a name that is taken or none, what ccs keeps already, and what holds nothing; nothing is changed", async () => {
  await person.must("auth", "create", "work", "--no-login");
  await person.must("auth", "create", "gone", "--no-login");
  await person.must("auth", "remove", "gone", "--yes");
  mkdirSync(join(person.home, "nothing"));
  put(join(person.home, "odd/settings.json"), "{ // no\n}");
  const before = person.tree();
  const [removed = ""] = readdirSync(join(person.ccsDir, "removed"));
  for (const [code, said, ...words] of [
    [2, `an account "work" already`, "--name", "work"],
    [2, "is a command of ccs", "--name", "undo"],
    [2, "no such directory", "~/nowhere"],
    [1, "it is the account work already, as it stands", person.instance("work")],
    [1, "ccs auth restore gone", join(person.ccsDir, "removed", removed)],
    [1, "Accounts there are used as they stand: work", person.ccsDir],
    [1, "nothing of Claude Code in it", "~/nothing"],
    [1, "is not strict JSON", "~/odd"],
  ] as const) {
    const ended = await person.ccs(["auth", "import", ...words, "--yes", "--no-login"]);
    expect({ words, code: ended.code, stdout: ended.stdout }).toEqual({ words, code, stdout: "" });
    expect(ended.stderr.replace(/\s+/g, " ")).toContain(said);
  }
  expect(person.tree()).toEqual(before);
});

test("says so where Claude Code is running there", async () => {
  put(`sessions/${process.pid}.json`, { pid: process.pid, cwd: "/", status: "idle" });
  const { stdout } = await person.must("auth", "import", "--dry-run");
  expect(stdout.replace(/\s+/g, " ")).toContain(`Claude Code is running there (process ${process.pid} in /): what it writes from now on`);
});

test("a history that is a link comes along as the account's own, and one that ccs keeps already stays", async () => {
  const elsewhere = join(person.root, "big-disk");
  put(join(elsewhere, "-home-person-app", `${SESSION}.jsonl`), "{}\n");
  const linked = join(person.home, "linked");
  mkdirSync(linked);
  symlinkSync(elsewhere, join(linked, "projects"));
  put(join(person.home, "dotfiles/settings.json"), { model: "sonnet" });
  symlinkSync(join(person.home, "dotfiles/settings.json"), join(linked, "settings.json"));
  await person.must("auth", "create", "work", "--no-login", "--context-group", "team");
  symlinkSync(join(person.ccsDir, "shared/context-groups/team/projects"), join(linked, "tasks"));
  const { stdout } = await person.must("auth", "import", "~/linked", "--yes", "--no-login");
  expect(stdout.replace(/\s+/g, " ")).toContain("which ccs keeps already, and is not copied");
  const instance = person.instance("linked");
  expect(lstatSync(join(instance, "projects")).isDirectory()).toBe(true);
  expect(lstatSync(join(instance, "settings.json")).isFile()).toBe(true);
  expect(existsSync(join(instance, "projects/-home-person-app", `${SESSION}.jsonl`))).toBe(true);
  expect(existsSync(join(instance, "tasks"))).toBe(false);
});

describe("on a terminal", () => {
  test("asks about what may be secrets, shows what happens, asks, and logs in", async () => {
    const terminal = person.terminal(["auth", "import"], { rows: 50 });
    expect(await terminal.until(/❯ Copy them too\?/)).toContain("mcpServers.tiny.env.TINY_TOKEN");
    terminal.type("y");
    expect(await terminal.until(/❯ Import it as claude\?/)).toContain("Copied, though they may be secrets");
    terminal.type("y");
    const { code, screen } = await ended(terminal);
    expect(code).toBe(0);
    expect(screen).toContain("Start it: ccs claude");
    expect(json(at(".claude.json")).mcpServers.tiny.env.TINY_TOKEN).toBe("told-to-tiny");
    expect(JSON.parse((await person.must("auth", "show", "claude", "--json")).stdout).account.identity.loggedIn).toBe(true);
  });

  test("changes nothing on no", async () => {
    const before = person.tree();
    const terminal = person.terminal(["auth", "import", "--no-login"], { rows: 50 });
    await terminal.until(/❯ Copy them too\?/);
    terminal.type("n");
    expect(await terminal.until(/❯ Import it as claude\?/)).toContain("Left out, as they may be secrets");
    terminal.type("n");
    expect((await ended(terminal)).code).toBe(130);
    expect(person.tree()).toEqual(before);
  });

  test("keeps what was imported when the login fails, and says the command for it", async () => {
    const { code, stderr } = await person.ccs(["auth", "import", "--yes"], { env: person.loggingIn("fail") });
    expect(code).toBe(1);
    expect(stderr).toContain("What was imported stays.");
    expect(stderr).toContain("ccs auth login claude");
    expect(existsSync(at(APP, `${SESSION}.jsonl`))).toBe(true);
  });
});

describe("an instance that no account has, as in the older layout of @kaitranntt/ccs", () => {
  const created = "2025-03-04T05:06:07.000Z";
  beforeEach(async () => {
    await person.must("auth", "create", "office", "--context-group", "team", "--deeper-continuity");
    await person.must("auth", "create", "plain", "--no-login");
    const profile = { type: "account", created, last_used: null };
    put(join(person.ccsDir, "profiles.json"), { version: "2.0.0", profiles: { office: profile, plain: profile }, default: "office" });
    rmSync(person.config);
    put(join(person.instance("plain"), "settings.json"), {});
  });

  test("is named by auth list, by an import of something else, and by doctor, with the command that takes it over", async () => {
    const command = `ccs auth import ${person.instance("office")}`;
    expect((await person.must("auth", "list")).stderr).toContain(`Not in config.yaml yet: office, plain. Take over: ${command}`);
    expect((await person.must("auth", "import", "--dry-run")).stdout.replace(/\s+/g, " ")).toContain(`Take them over: ${command}`);
    expect((await person.ccs(["doctor"])).stdout).toContain(command);
    const { stderr } = await person.ccs(["auth", "import", person.ccsDir, "--yes"]);
    expect(stderr).toContain(command);
  });

  test("becomes an account as it stands: links, group, login and times stay", async () => {
    const before = person.tree();
    const { stdout } = await person.must("auth", "import", person.instance("office"), "--yes");
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "It is shared (team), deeper: its links say so. - It is logged in as person@example.invalid.",
    );
    expect(stdout).toEndWith("office is an account now. Start it: ccs office\n");
    const after = person.tree();
    for (const [path, content] of Object.entries(before))
      if (!path.startsWith("ccs/state/")) expect({ path, content: after[path] }).toEqual({ path, content });
    expect(JSON.parse((await person.must("auth", "show", "office", "--json")).stdout).account).toMatchObject({
      created,
      context: "shared (team), deeper",
      identity: { loggedIn: true },
      health: "ok",
    });
    expect((await person.must("auth", "import", person.instance("plain"), "--yes", "--no-login")).stdout).toContain(
      "Log in: ccs auth login plain",
    );
    expect((await person.must("auth", "list")).stderr).not.toContain("Not in config.yaml");
  });

  test("keeps its name, and is left alone on no", async () => {
    const before = person.tree();
    const renamed = await person.ccs(["auth", "import", person.instance("office"), "--name", "other", "--yes"]);
    expect({ code: renamed.code, stdout: renamed.stdout }).toEqual({ code: 2, stdout: "" });
    expect(renamed.stderr).toContain("ccs auth rename office other");
    const terminal = person.terminal(["auth", "import", person.instance("office")]);
    await terminal.until(/❯ Take office over\?/);
    terminal.type("n");
    expect((await ended(terminal)).code).toBe(130);
    expect(person.tree()).toEqual(before);
  });
});
