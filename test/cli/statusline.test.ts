import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { limitWords } from "../../cli/quick/limits.ts";
import { editStatusLine } from "../../shared/accounts/status-line.ts";
import { BINARY } from "../support/binary.ts";
import { ended, makePerson, type Person } from "../support/person.ts";

let person: Person;
let settings: string;
beforeEach(async () => {
  person = makePerson();
  settings = join(person.instance("work"), "settings.json");
  await person.must("auth", "create", "work", "--context-group", "team", "--deeper-continuity", "--no-login");
  await person.must("auth", "create", "spare", "--no-login");
});
afterEach(() => person.close());

const NOW = Date.now();
/** What a client of 2.1.330 hands over, as far as it matters here. */
const PAYLOAD = {
  session_id: "11111111-1111-4111-8111-111111111111",
  cwd: "/home/me",
  model: { id: "x", display_name: "X" },
  version: "2.1.330",
  rate_limits: {
    five_hour: { used_percentage: 42.7, resets_at: NOW / 1000 + 3600 },
    seven_day: { used_percentage: 9, resets_at: NOW / 1000 + 7200 },
  },
};

async function line(payload: string, account = "work", env: Readonly<Record<string, string>> = {}) {
  const given = { CLAUDE_CONFIG_DIR: person.instance(account), CCS_ACCOUNT: account, ...env };
  return person.ccs(["statusline"], { env: given, stdin: payload });
}

describe("ccs statusline", () => {
  test("prints one line with the account, its policy, and how much of the limits is used", async () => {
    expect(await line(JSON.stringify(PAYLOAD))).toEqual({
      code: 0,
      stdout: "work · shared (team), deeper · 5h 42% · week 9%\n",
      stderr: "",
    });
    expect((await line(JSON.stringify({ ...PAYLOAD, rate_limits: undefined }), "spare")).stdout).toBe("spare · isolated\n");
  });

  test("prints a line whatever it is handed, and takes as much as there is", async () => {
    const long = JSON.stringify({ ...PAYLOAD, padding: "x".repeat(300_000) });
    for (const payload of ["", "{", "null", "[]", '{"rate_limits":7}', '{"rate_limits":{"five_hour":null}}']) {
      expect(await line(payload)).toEqual({ code: 0, stdout: "work · shared (team), deeper\n", stderr: "" });
    }
    expect((await line(long)).stdout).toBe("work · shared (team), deeper · 5h 42% · week 9%\n");
  });

  test("goes by the directory of the client, and not by a name that was left behind", async () => {
    expect((await line("{}", "work", { CCS_ACCOUNT: "spare" })).stdout).toStartWith("work ·");
    const link = join(person.root, "link");
    symlinkSync(person.ccsDir, link);
    expect((await line("{}", "work", { CLAUDE_CONFIG_DIR: join(link, "instances/work") })).stdout).toStartWith("work ·");
    expect((await line("{}", "work", { CLAUDE_CONFIG_DIR: join(person.home, ".claude") })).stdout).toBe("no account\n");
    expect((await line("{}", "work", { CLAUDE_CONFIG_DIR: "" })).stdout).toBe("no account\n");
  });

  test("still says the account where config.yaml is broken", async () => {
    writeFileSync(person.config, "accounts: [\n");
    expect(await line("{}")).toEqual({ code: 0, stdout: "work · config.yaml is not valid (ccs doctor)\n", stderr: "" });
    writeFileSync(person.config, "accounts: {work: {context_mode: Shared}}\n");
    expect((await line("{}")).stdout).toBe("work · config.yaml is not valid (ccs doctor)\n");
    expect((await line("{}", "spare")).stdout).toBe("spare · not in config.yaml\n");
  });

  test("says what it is for where a person runs it on a terminal", async () => {
    const { screen, code } = await ended(person.terminal(["statusline"]));
    expect(code).toBe(2);
    expect(screen).toContain("ccs statusline --on <account>");
  });
});

describe("the words about limits", () => {
  const now = Date.parse("2026-11-22T10:00:00Z");
  const at = (hours: number) => now / 1000 + hours * 3600;
  const said = (rate_limits: unknown) => limitWords({ rate_limits }, now).map((word) => word.replace(/\d\d:\d\d/, "HH:MM"));

  test("say until when, once it is nearly used up or used up", () => {
    expect(said({ five_hour: { used_percentage: 79.9, resets_at: at(2) } })).toEqual(["5h 79%"]);
    expect(said({ five_hour: { used_percentage: 80, resets_at: at(2) } })).toEqual(["5h 80% until HH:MM"]);
    expect(said({ five_hour: { used_percentage: 100, resets_at: at(2) }, spend_limit: { used_percentage: 130 } })).toEqual([
      "5h limit reached until HH:MM",
      "spend limit reached",
    ]);
  });

  test("leave out a window that has ended, or that says nothing", () => {
    expect(said({ five_hour: { used_percentage: 99, resets_at: at(-1) }, seven_day: { used_percentage: "9" } })).toEqual([]);
    expect(said({ five_hour: { used_percentage: Number.NaN }, other: { used_percentage: 5 } })).toEqual([]);
  });
});

describe("ccs statusline --on and --off", () => {
  const parsed = () => JSON.parse(readFileSync(settings, "utf8"));

  test("put it in and take it out again, with every other byte as it was", async () => {
    const before = readFileSync(settings, "utf8");
    expect(JSON.parse(before).permissions.allow).not.toBeEmpty();
    await person.must("statusline", "--on", "work", "--yes");
    expect(parsed().statusLine).toEqual({ type: "command", command: `${BINARY.includes(" ") ? `'${BINARY}'` : BINARY} statusline` });
    expect((await person.must("statusline", "--on", "work", "--yes")).stdout).toContain("already");
    await person.must("statusline", "--off", "work");
    expect(readFileSync(settings, "utf8")).toBe(before);
    expect((await person.must("statusline", "--off", "work")).stdout).toContain("no status line");
    expect(lstatSync(settings).mode & 0o777).toBe(0o600);
  });

  test("write a command that prints the line when a shell runs it, by its name where PATH leads here", async () => {
    await person.must("statusline", "--on", "spare", "--yes");
    const file = join(person.instance("spare"), "settings.json");
    const run = async (PATH: string) => {
      const { command } = JSON.parse(readFileSync(file, "utf8")).statusLine;
      const env = { ...person.env, CLAUDE_CONFIG_DIR: person.instance("spare"), PATH };
      const child = Bun.spawn(["sh", "-c", command], { env, stdin: new TextEncoder().encode("{}"), stdout: "pipe" });
      return [command, await child.stdout.text()];
    };
    const path = person.env["PATH"] ?? "";
    expect((await run(path))[1]).toBe("spare · isolated\n");
    symlinkSync(BINARY, join(person.root, "ccs-bin"));
    await person.ccs(["statusline", "--on", "spare", "--yes"], { env: { PATH: `${dirname(BINARY)}:${path}` } });
    expect(await run(`${dirname(BINARY)}:${path}`)).toEqual(["ccs statusline", "spare · isolated\n"]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("never touch a status line of a person's own", async () => {
    for (const own of [{ type: "command", command: "~/my statusline" }, { type: "command", command: "myccs statusline" }, "odd", null]) {
      const text = `${JSON.stringify({ statusLine: own, x: 1 }, null, "\t")}\n`;
      writeFileSync(settings, text);
      for (const flags of [
        ["--on", "work", "--yes"],
        ["--off", "work"],
      ]) {
        const { code, stderr } = await person.ccs(["statusline", ...flags]);
        expect(code).toBe(1);
        expect(stderr).toContain("not of ccs");
        expect(readFileSync(settings, "utf8")).toBe(text);
      }
    }
  });

  test("write through no link, and into no file that does not parse", async () => {
    const theirs = join(person.root, "theirs.json");
    writeFileSync(theirs, "{}\n");
    const spare = join(person.instance("spare"), "settings.json");
    symlinkSync(theirs, spare);
    const linked = await person.ccs(["statusline", "--on", "spare", "--yes"]);
    expect(linked.code).toBe(1);
    expect(linked.stderr).toContain('add "statusLine"');
    expect(readFileSync(theirs, "utf8")).toBe("{}\n");
    writeFileSync(settings, '{"a": }');
    const broken = await person.ccs(["statusline", "--on", "work", "--yes"]);
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain("settings.json:1:");
    expect(readFileSync(settings, "utf8")).toBe('{"a": }');
    writeFileSync(settings, '{"a": 1,}');
    expect((await person.ccs(["statusline", "--on", "work", "--yes"])).stderr).toContain("not strict JSON");
    expect(readFileSync(settings, "utf8")).toBe('{"a": 1,}');
  });

  test("ask a person first, and add nothing on a no", async () => {
    const spare = join(person.instance("spare"), "settings.json");
    const no = person.terminal(["statusline", "--on", "spare"]);
    await no.until("Add it?");
    no.press("Enter");
    expect((await ended(no)).code).toBe(130);
    expect(existsSync(spare)).toBe(false);
    const yes = person.terminal(["statusline", "--on", "spare"]);
    expect(await yes.until("Add it?")).toContain("statusLine");
    yes.type("y");
    yes.press("Enter");
    expect((await ended(yes)).code).toBe(0);
    expect(readFileSync(spare, "utf8")).toContain(" statusline");
  });

  test("without a terminal or --yes add nothing, and refuse what makes no sense", async () => {
    const before = person.tree();
    expect((await person.ccs(["statusline", "--on", "work"])).code).toBe(2);
    expect((await person.ccs(["statusline", "--on", "work", "--off", "work"])).code).toBe(2);
    expect((await person.ccs(["statusline", "--yes"])).code).toBe(2);
    expect((await person.ccs(["statusline", "--on", "wrok", "--yes"])).stderr).toContain('Did you mean "work"?');
    expect(person.tree()).toEqual(before);
  });
});

describe("the text of a settings.json", () => {
  test("is the same again after the status line has come and gone", () => {
    const texts = [
      '{\n  "a": 1\n}\n',
      '{\n\t"a": [1,  2],\n\t"b": {"c": 1 }\n}',
      '{"a":1}',
      '{\r\n  "a": 1\r\n}\r\n',
      '\ufeff{\n  "a": 1\n}\n',
      "{}",
      '{\n    "permissions": {\n        "allow": [ "x" ]\n    }\n}\n',
    ];
    for (const text of texts) {
      const there = editStatusLine(text, "ccs statusline");
      expect(JSON.parse(there.replace("\ufeff", ""))).toEqual({
        ...JSON.parse(text.replace("\ufeff", "")),
        statusLine: { type: "command", command: "ccs statusline" },
      });
      expect(editStatusLine(there, null)).toBe(text);
    }
    expect(JSON.parse(editStatusLine(null, "ccs statusline"))).toEqual({ statusLine: { type: "command", command: "ccs statusline" } });
  });

  test("keeps what a person has put beside the command", () => {
    const text = '{"statusLine": {"type": "command", "padding": 2, "command": "/old/ccs statusline"}}\n';
    expect(editStatusLine(text, "ccs statusline")).toBe(text.replace("/old/ccs", "ccs"));
  });
});
