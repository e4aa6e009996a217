import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BINARY } from "../support/binary.ts";
import { ended, makePerson, type Person } from "../support/person.ts";

let person: Person;
beforeEach(() => {
  person = makePerson();
});
afterEach(() => person.close());

const names = async () =>
  JSON.parse((await person.must("auth", "list", "--json")).stdout).accounts.map((account: { name: string }) => account.name);
const CONFIG = `# mine
accounts:
  first: {created: "2026-02-24T00:00:00.000Z", last_used: null}   # stays
other:
  key: [1,2]
`;
const withConfig = () => {
  mkdirSync(person.ccsDir);
  writeFileSync(person.config, CONFIG, { mode: 0o600 });
};

describe("auth create with a login", () => {
  test("says who is logged in, how to start it, and that the e-mail address goes along in shared history", async () => {
    const { screen, code } = await ended(person.terminal(["auth", "create", "work", "--share-context"]));
    expect(code).toBe(0);
    expect(screen).toContain("Login successful.");
    expect(screen).toContain("Logged in: person@example.invalid (Person's Organization, max 5x), until 2100-01-01.");
    expect(screen).toContain("e-mail address of the login that began it");
    expect(screen).toContain("Start it: ccs work");
    expect(await names()).toEqual(["work"]);
  });

  test("gives the code a person pastes to the client", async () => {
    const terminal = person.terminal(["auth", "create", "work"], { env: person.loggingIn("code") });
    await terminal.until("Paste code here");
    terminal.type("good-code#state");
    terminal.press("Enter");
    const { screen, code } = await ended(terminal);
    expect(code).toBe(0);
    expect(screen).toContain("Logged in: person@example.invalid");
    expect(screen).not.toContain("e-mail address of the login");
  });

  test("gives the client its standard input where that is no terminal", async () => {
    const { code, stdout } = await person.ccs(["auth", "create", "work"], { env: person.loggingIn("code"), stdin: "good-code#state\n" });
    expect(code).toBe(0);
    expect(stdout).toContain("Logged in: person@example.invalid");
    const wrong = await person.ccs(["auth", "create", "spare"], { env: person.loggingIn("code"), stdin: "bad-code\n" });
    expect(wrong.code).toBe(1);
    expect(await names()).toEqual(["work"]);
  });

  for (const [way, exit] of [
    ["fail", "exit code 1"],
    ["nothing", "exit code 0"],
  ] as const) {
    test(`takes away what it made, and only that, where the client's login ends with ${exit} and nobody is logged in`, async () => {
      withConfig();
      const { code, stdout, stderr } = await person.ccs(["auth", "create", "work", "--share-context"], { env: person.loggingIn(way) });
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toContain(exit);
      expect(stderr).toContain("The account work was taken away again");
      expect(stderr).toContain("ccs auth create work");
      expect(existsSync(person.instance("work"))).toBe(false);
      expect(readFileSync(person.config, "utf8")).toBe(CONFIG);
    });
  }

  for (const way of ["browser", "browser-130"] as const) {
    test(`takes away what it made and exits with 130 where a person presses Ctrl-C (${way})`, async () => {
      withConfig();
      const terminal = person.terminal(["auth", "create", "work"], { env: person.loggingIn(way) });
      await terminal.until("Set work up like");
      terminal.press("Enter");
      await terminal.until("Opening browser");
      terminal.press("C-c");
      const { screen, code } = await ended(terminal);
      expect(code).toBe(130);
      expect(screen).toMatch(/^ccs: the login of work was cancelled$/m);
      expect(screen).toContain("The account work was taken away again");
      expect(existsSync(person.instance("work"))).toBe(false);
      expect(readFileSync(person.config, "utf8")).toBe(CONFIG);
    });
  }

  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    test(`ends the client and takes away what it made on ${signal}`, async () => {
      withConfig();
      const env = { ...person.env, ...person.loggingIn("browser") };
      const child = Bun.spawn([BINARY, "auth", "create", "work"], { env, stdin: "pipe", stdout: "pipe", stderr: "pipe" });
      for await (const chunk of child.stdout) if (new TextDecoder().decode(chunk).includes("Opening browser")) break;
      child.kill(signal);
      expect(await child.exited).toBe(130);
      expect(await child.stderr.text()).toContain("The account work was taken away again");
      expect(existsSync(person.instance("work"))).toBe(false);
      expect(readFileSync(person.config, "utf8")).toBe(CONFIG);
    });
  }

  test("makes nothing where there is no client, says how to install one, and that the account can be made without", async () => {
    const { code, stdout, stderr } = await person.ccs(["auth", "create", "work"], { env: { CCS_CLAUDE_PATH: "", PATH: person.root } });
    expect({ code, stdout }).toEqual({ code: 127, stdout: "" });
    expect(stderr).toContain("npm install -g @anthropic-ai/claude-code");
    expect(stderr).toContain("ccs auth create work --no-login");
    expect(existsSync(person.ccsDir)).toBe(false);
    const { code: made } = await person.ccs(["auth", "create", "work", "--no-login"], { env: { CCS_CLAUDE_PATH: "", PATH: person.root } });
    expect(made).toBe(0);
  });

  test("takes away what it made where the client cannot be started at all", async () => {
    const broken = join(person.root, "broken-client");
    writeFileSync(broken, "#!/nonexistent/interpreter\n", { mode: 0o755 });
    const { code, stderr } = await person.ccs(["auth", "create", "work"], { env: { CCS_CLAUDE_PATH: broken } });
    expect(code).toBe(1);
    expect(stderr).toContain(broken);
    expect(stderr).toContain("The account work was taken away again");
    expect(existsSync(person.instance("work"))).toBe(false);
  });

  test("does not let another login in the environment speak for the account", async () => {
    const spy = join(person.root, "spy");
    writeFileSync(spy, `#!/bin/sh\nenv > "${join(person.root, "seen")}"\nexec "${person.env["CCS_CLAUDE_PATH"]}" "$@"\n`, { mode: 0o755 });
    const { code } = await person.ccs(["auth", "create", "work"], { env: { CCS_CLAUDE_PATH: spy, ANTHROPIC_API_KEY: "sk-ant-other" } });
    expect(code).toBe(0);
    const seen = readFileSync(join(person.root, "seen"), "utf8");
    expect(seen).not.toContain("ANTHROPIC_API_KEY");
    expect(seen).toContain(`CLAUDE_CONFIG_DIR=${person.instance("work")}\n`);
  });
});

describe("auth login", () => {
  test("logs an account in again, and says who it is", async () => {
    await person.must("auth", "create", "work", "--no-login");
    const { stdout } = await person.must("auth", "login", "work");
    expect(stdout).toContain("work is logged in: person@example.invalid");
  });

  test("keeps the account where the login is cancelled, and exits with 130", async () => {
    await person.must("auth", "create", "work", "--no-login");
    const terminal = person.terminal(["auth", "login", "work"], { env: person.loggingIn("browser") });
    await terminal.until("Opening browser");
    terminal.press("C-c");
    expect((await ended(terminal)).code).toBe(130);
    expect(await names()).toEqual(["work"]);
  });

  test("does not call an older login a success where the new one fails", async () => {
    await person.must("auth", "create", "work");
    const { code, stderr } = await person.ccs(["auth", "login", "work"], { env: person.loggingIn("fail") });
    expect(code).toBe(1);
    expect(stderr).toContain("exit code 1");
    expect(await names()).toEqual(["work"]);
  });

  test("starts no client for an account that is not there", async () => {
    const { code, stderr } = await person.ccs(["auth", "login", "nobody"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`there is no account "nobody"`);
    expect(existsSync(person.ccsDir)).toBe(false);
  });
});
