import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ended, makePerson, type Person } from "../support/person.ts";

let person: Person;
beforeEach(async () => {
  person = makePerson();
  await person.must("auth", "create", "work");
});
afterEach(() => person.close());

function put(path: string, content: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));
}

const at = (account: string, ...names: string[]) => join(person.instance(account), ...names);
const json = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const instanceTree = (account: string) =>
  Object.fromEntries(Object.entries(person.tree()).filter(([path]) => path.startsWith(`ccs/instances/${account}/`)));

/** What somebody has set up in `work`. */
function setUp(): void {
  person.session("work", "mine");
  put(at("work", "CLAUDE.md"), "# how I like it\n");
  put(at("work", "STYLE.md"), "# in which style\n");
  put(at("work", "agents/one.md"), "an agent\n");
  put(at("work", "commands/do.md"), "a command\n");
  put(at("work", "plugins/known_marketplaces.json"), { m: { installLocation: at("work", "plugins/marketplaces/m") } });
  put(at("work", "plugins/marketplaces/m/README.md"), "plugins\n");
  symlinkSync(at("work", "plugins/marketplaces"), at("work", "plugins/all"));
  put(at("work", ".claude.json"), {
    ...json(at("work", ".claude.json")),
    hasCompletedOnboarding: true,
    machineID: "machine-of-work",
    mcpServers: { tiny: { type: "stdio", command: "node", args: ["/srv/tiny.js", "--verbose"], env: { TOKEN: "told-to-tiny" } } },
    projects: {
      "/home/person/app": { enabledMcpjsonServers: ["there"], hasTrustDialogAccepted: true, lastSessionId: "s", history: ["x"] },
    },
  });
}

describe("auth create --like", () => {
  test("sets an account up like another: settings, plugins, servers and trust go along, history, identity and login do not", async () => {
    setUp();
    put(at("work", "settings.json"), { model: "opus", apiKeyHelper: "/srv/key.sh", env: { NOTE: "mine" } });
    const before = instanceTree("work");
    const { stderr } = await person.must("auth", "create", "spare", "--like", "work", "--no-login");
    expect(stderr.replace(/\s+/g, " ")).toContain(
      "spare gets from work: settings.json, CLAUDE.md, agents, commands, plugins, STYLE.md. Nothing there is changed.",
    );
    expect(stderr.replace(/\s+/g, " ")).toContain(
      "Left out, as they may be secrets: env.NOTE in settings.json, apiKeyHelper in settings.json, mcpServers.tiny.env.TOKEN.",
    );
    expect(instanceTree("work")).toEqual(before);
    expect(json(at("spare", "settings.json"))).toEqual({ model: "opus", env: {} });
    expect(json(at("spare", ".claude.json"))).toEqual({
      mcpServers: { tiny: { type: "stdio", command: "node", args: ["/srv/tiny.js", "--verbose"], env: {} } },
      hasCompletedOnboarding: true,
      projects: { "/home/person/app": { enabledMcpjsonServers: ["there"], hasTrustDialogAccepted: true } },
    });
    expect(json(at("spare", "plugins/known_marketplaces.json")).m.installLocation).toBe(at("spare", "plugins/marketplaces/m"));
    expect(readlinkSync(at("spare", "plugins/all"))).toBe(at("spare", "plugins/marketplaces"));
    expect(readFileSync(at("spare", "CLAUDE.md"), "utf8")).toBe("# how I like it\n");
    expect(existsSync(at("spare", "projects"))).toBe(false);
    expect(existsSync(at("spare", ".credentials.json"))).toBe(false);
  });

  test("takes along what may be a secret with --with-secrets, and never a login", async () => {
    setUp();
    put(at("work", "settings.json"), { env: { NOTE: "mine", ANTHROPIC_AUTH_TOKEN: "a-login" } });
    await person.must("auth", "create", "spare", "--like", "work", "--no-login", "--with-secrets");
    expect(json(at("spare", "settings.json"))).toEqual({ env: { NOTE: "mine" } });
    expect(json(at("spare", ".claude.json")).mcpServers.tiny.env.TOKEN).toBe("told-to-tiny");
    expect(JSON.stringify(instanceTree("spare"))).not.toMatch(/a-login|oauthAccount|machine-of-work|sk-ant/);
  });

  test("joins the group it was made for; what ccs had put into the model's settings is not taken for the person's", async () => {
    setUp();
    put(at("work", "settings.json"), { model: "opus", permissions: { allow: ["Bash(make)"] } });
    await person.must("auth", "edit", "work", "--context-group", "team", "--yes");
    await person.must("statusline", "--on", "work", "--yes");
    await person.must("auth", "create", "spare", "--like", "work", "--context-group", "team", "--no-login");
    await person.must("auth", "create", "alone", "--like", "work", "--no-login");
    expect(json(at("alone", "settings.json"))).toEqual({ model: "opus", permissions: { allow: ["Bash(make)"] } });
    expect(json(at("spare", "settings.json")).permissions.allow).toEqual(json(at("work", "settings.json")).permissions.allow);
    expect(readlinkSync(at("spare", "projects"))).toBe(readlinkSync(at("work", "projects")));
    await person.must("auth", "edit", "spare", "--isolated", "--yes");
    expect(json(at("spare", "settings.json"))).toEqual({ model: "opus", permissions: { allow: ["Bash(make)"] } });
    expect((await person.ccs(["doctor", "--json"])).stdout).not.toContain(`"result": "error"`);
  });

  test("copies settings.json really where it is a link, and leaves a link to files kept elsewhere a link", async () => {
    put(join(person.home, "dotfiles/settings.json"), { model: "sonnet" });
    put(join(person.home, "dotfiles/agents/one.md"), "an agent\n");
    symlinkSync(join(person.home, "dotfiles/settings.json"), at("work", "settings.json"));
    symlinkSync(join(person.home, "dotfiles/agents"), at("work", "agents"));
    await person.must("auth", "create", "spare", "--like", "work", "--no-login");
    expect(lstatSync(at("spare", "settings.json")).isFile()).toBe(true);
    expect(json(at("spare", "settings.json"))).toEqual({ model: "sonnet" });
    expect(readlinkSync(at("spare", "agents"))).toBe(join(person.home, "dotfiles/agents"));
  });

  test("takes a directory for a model too, ~/.claude with what lies beside it", async () => {
    put(join(person.home, ".claude/CLAUDE.md"), "# from before\n");
    put(join(person.home, ".claude.json"), { mcpServers: { beside: { command: "node", args: ["x"] } } });
    await person.must("auth", "create", "spare", "--like", "~/.claude", "--no-login");
    expect(readFileSync(at("spare", "CLAUDE.md"), "utf8")).toBe("# from before\n");
    expect(Object.keys(json(at("spare", ".claude.json")).mcpServers)).toEqual(["beside"]);
  });

  test("refuses a model there is not, one whose settings no client reads, and a name that is taken; nothing is changed", async () => {
    put(at("work", "settings.json"), `{ "model": "opus", }`);
    const before = person.tree();
    for (const [code, said, ...words] of [
      [2, `Did you mean "work"?`, "spare", "--like", "wrok"],
      [2, "no such directory", "spare", "--like", "./nowhere"],
      [1, "is not strict JSON", "spare", "--like", "work"],
      [2, `an account "work" already`, "work", "--like", "work"],
      [2, "--with-secrets is about --like", "spare", "--with-secrets"],
    ] as const) {
      const { code: exit, stderr, stdout } = await person.ccs(["auth", "create", ...words, "--no-login"]);
      expect({ words, exit, stdout }).toEqual({ words, exit: code, stdout: "" });
      expect(stderr).toContain(said);
    }
    expect(person.tree()).toEqual(before);
  });

  test("takes everything away again where the login fails", async () => {
    setUp();
    const before = person.tree();
    const { code } = await person.ccs(["auth", "create", "spare", "--like", "work"], { env: person.loggingIn("fail") });
    expect(code).toBe(1);
    expect(instanceTree("spare")).toEqual({});
    expect(instanceTree("work")).toEqual(
      Object.fromEntries(Object.entries(before).filter(([path]) => path.startsWith("ccs/instances/work/"))),
    );
    expect((await person.ccs(["auth", "show", "spare"])).code).toBe(2);
  });
});

test("one that was killed before it stood in its place is finished by its first launch, its group joined", async () => {
  await person.must("auth", "edit", "work", "--context-group", "team", "--yes");
  await person.must("auth", "create", "spare", "--no-login");
  const staged = join(person.ccsDir, "staging/20260101T000000000Z-spare-0000/instance");
  mkdirSync(dirname(staged), { recursive: true });
  renameSync(person.instance("spare"), staged);
  put(join(person.ccsDir, "state/intents/spare.making"), {
    ...{ version: 1, do: "making", account: "spare", accountId: crypto.randomUUID(), began: "2026-01-01T00:00:00.000Z" },
    ...{ configWritten: true, to: null, aside: "20260101T000000000Z-spare-0000", take: "none", keepLogin: false },
    ...{ entry: { keys: {}, others: [], text: "" }, policy: { mode: "shared", group: "team", continuity: "standard" } },
  });
  expect((await person.ccs(["spare", "-p", "x"])).stderr).toContain("stand-in: cannot do: -p x");
  expect(JSON.parse((await person.must("auth", "show", "spare", "--json")).stdout).account).toMatchObject({ context: "shared (team)" });
  expect(readdirSync(join(person.ccsDir, "staging"))).toEqual([]);
});

describe("on a terminal", () => {
  test("is asked once where there are other accounts; Enter alone takes none", async () => {
    setUp();
    const terminal = person.terminal(["auth", "create", "spare", "--no-login"]);
    expect(await terminal.until(/Set spare up like/)).toContain("work");
    terminal.press("Enter");
    expect((await ended(terminal)).code).toBe(0);
    expect(existsSync(at("spare", "CLAUDE.md"))).toBe(false);
  });

  test("the chosen account is the model, and what may be secrets is asked about", async () => {
    setUp();
    const terminal = person.terminal(["auth", "create", "spare"]);
    await terminal.until(/Set spare up like/);
    terminal.press("Down");
    await terminal.until(/[●❯] work/);
    terminal.press("Enter");
    expect(await terminal.until(/❯ Copy them too\?/)).toContain("mcpServers.tiny.env.TOKEN");
    terminal.type("y");
    expect((await ended(terminal)).code).toBe(0);
    expect(json(at("spare", ".claude.json"))).toMatchObject({
      mcpServers: { tiny: { env: { TOKEN: "told-to-tiny" } } },
      oauthAccount: { emailAddress: "person@example.invalid" },
    });
  });

  test("nothing is asked where there is no other account", async () => {
    const other = makePerson();
    try {
      const terminal = other.terminal(["auth", "create", "first", "--no-login"]);
      const { screen, code } = await ended(terminal);
      expect(code).toBe(0);
      expect(screen).not.toContain("Set first up like");
    } finally {
      await other.close();
    }
  });
});
