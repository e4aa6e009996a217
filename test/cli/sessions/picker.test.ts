import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ended, makePerson, type Person } from "../../support/person.ts";
import { makeTellingClient, openIn, signIn, talk } from "./support/talk.ts";

let person: Person;
let client: Readonly<Record<string, string>>;
let app: string;
let audit: string;
beforeEach(async () => {
  person = makePerson();
  client = makeTellingClient(person);
  for (const account of ["spare", "work"]) {
    await person.must("auth", "create", account, "--context-group", "team", "--no-login");
    signIn(person, account, `uuid-${account}`);
  }
  await person.must("auth", "create", "solo", "--no-login");
  app = talk(person, "work", {
    cwd: join(person.home, "app"),
    said: ["write the release notes", "They are written; the walrus is mentioned.", "thanks"],
    at: "2026-10-05T12:00:00.000Z",
    accountUuid: "uuid-work",
  });
  audit = talk(person, "solo", {
    cwd: join(person.home, "audit"),
    said: ["look for leaks", "There are none."],
    at: "2026-10-04T12:00:00.000Z",
  });
});
afterEach(() => person.close());

const LISTED = /Sessions: [\s\S]*Esc leave/;

/** Opens the picker as a person does, in a terminal of 80 by 24. */
function picker(...args: readonly string[]) {
  return person.terminal(["sessions", ...args], { env: client, columns: 80, rows: 24 });
}

describe("ccs sessions on a terminal", () => {
  test("lists every session, newest first, the chosen one in full, within 80 by 24", async () => {
    const terminal = picker();
    const screen = await terminal.until(LISTED);
    const lines = screen.split("\n");
    expect(lines.length).toBeLessThanOrEqual(24);
    for (const line of lines) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(80);
    expect(screen).toContain("2 of 2");
    expect(lines[1]).toMatch(/^❯ .*work +~\/app +write the release notes/);
    expect(lines[2]).toMatch(/^ {2}.*solo +~\/audit +look for leaks/);
    expect(screen).toContain("in team; work made it; seen by spare and work. 2 turns");
  });

  test("typing narrows: by a project's letters, by words of a prompt, by what was said in answer", async () => {
    const terminal = picker();
    await terminal.until("2 of 2");
    terminal.type("adt");
    expect(await terminal.until("1 of 2")).toContain("look for leaks");
    terminal.press("BSpace", "BSpace", "BSpace");
    await terminal.until("2 of 2");
    terminal.type("walrus");
    const screen = await terminal.until("1 of 2");
    expect(screen).toContain("Sessions: walrus");
    expect(screen).toContain("write the release notes");
    terminal.press("C-u");
    await terminal.until("2 of 2");
    terminal.type("nobody said this");
    expect(await terminal.until("0 of 2")).toContain("Nothing fits.");
  });

  test("begins with the text that was given", async () => {
    const terminal = picker("walrus");
    const screen = await terminal.until("1 of 2");
    expect(screen).toContain("Sessions: walrus");
    expect(screen).not.toContain("look for leaks");
  });

  test("Enter on a session that one account sees starts the client there, as that account, with a terminal as it was", async () => {
    const terminal = picker();
    await terminal.until("2 of 2");
    terminal.press("Down");
    await terminal.until(/❯ .*look for leaks/);
    terminal.press("Enter");
    const { screen, code } = await ended(terminal);
    expect(code).toBe(7);
    const there = join(person.home, "audit");
    expect(screen.replace(/\n/g, "")).toContain(
      `[client: --resume ${audit} | as solo | in ${there} | PWD=${there} | from ${person.instance("solo")}]`,
    );
    expect(screen).toContain("[cooked]");
    // 04000 is O_NONBLOCK, which a client does not expect.
    for (const [, flags] of screen.matchAll(/\[fd \d flags:(\d+)\]/g)) expect(Number.parseInt(flags ?? "", 8) & 0o4000).toBe(0);
    expect(screen.match(/\[fd /g)).toHaveLength(3);
  });

  test("Enter on a session of a group asks under which account, the owner first, and the other can be chosen", async () => {
    const terminal = picker();
    await terminal.until("2 of 2");
    terminal.press("Enter");
    const asked = await terminal.until("Go on with it as");
    expect(asked).toMatch(/❯ work \(made it\) +work@example\.invalid[\s\S]*\n {2}spare +spare@example\.invalid/);
    terminal.press("Down", "Enter");
    const { screen, code } = await ended(terminal);
    expect(code).toBe(7);
    expect(screen.replace(/\n/g, "")).toContain(`--resume ${app} | as spare | in ${join(person.home, "app")}`);
  });

  test("a session that a running client has open is marked, and going on with it asks first", async () => {
    using open = openIn(person, "spare", app);
    const terminal = picker();
    expect(await terminal.until("2 of 2")).toMatch(/❯ open now +work/);
    terminal.press("Enter");
    const asked = await terminal.until("hide each other's turns");
    expect(asked).toContain(`spare (process ${open.pid})`);
    terminal.press("Enter");
    await terminal.until("2 of 2");
    terminal.press("Enter");
    await terminal.until("hide each other's turns");
    terminal.type("y");
    await terminal.until("Go on with it as");
    terminal.press("Enter");
    const { screen } = await ended(terminal);
    expect(screen.replace(/\n/g, "")).toContain(`--resume ${app} | as work`);
  });

  test("where the directory of a session is gone it says so, and asks whether to go on here", async () => {
    const gone = join(person.home, "gone");
    const id = talk(person, "solo", {
      cwd: gone,
      gone: true,
      said: ["in a place that is no more", "Yes."],
      at: "2026-10-06T12:00:00.000Z",
    });
    const terminal = picker();
    await terminal.until("3 of 3");
    terminal.press("Enter");
    const asked = await terminal.until("Its directory is gone");
    expect(asked).toContain(gone);
    terminal.type("n");
    await terminal.until("3 of 3");
    terminal.press("Enter");
    await terminal.until("Its directory is gone");
    terminal.type("y");
    const { screen } = await ended(terminal);
    expect(screen.replace(/\n/g, "")).toContain(`--resume ${id} | as solo | in ${person.root} `);
  });

  test("a session of a group without members cannot be gone on with, and it says what to do", async () => {
    for (const account of ["spare", "work"]) await person.must("auth", "edit", account, "--isolated", "--take", "none", "--yes");
    const terminal = picker("--group", "team");
    await terminal.until("1 of 1");
    terminal.press("Enter");
    await terminal.until("No account sees this history");
    terminal.press("Escape");
    expect((await ended(terminal)).code).toBe(0);
  });

  for (const [what, key, code] of [
    ["Esc leaves and exits with 0", "Escape", 0],
    ["Ctrl-C leaves and exits with 130", "C-c", 130],
  ] as const) {
    test(`${what}; the terminal shows what it showed before`, async () => {
      const terminal = picker();
      await terminal.until("2 of 2");
      terminal.press(key);
      const done = await ended(terminal);
      expect(done.code).toBe(code);
      expect(done.screen).not.toContain("Sessions:");
    });
  }

  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    test(`${signal} ends it as it ends any program, with the terminal set back`, async () => {
      const terminal = picker();
      await terminal.until("2 of 2");
      process.kill(childOf(terminal.pid), signal);
      const { screen, code } = await ended(terminal);
      expect(code).toBe(signal === "SIGTERM" ? 143 : 129);
      expect(screen).not.toContain("Sessions:");
    });
  }

  test("NO_COLOR takes the colours, and the chosen line still can be told", async () => {
    const plain = person.terminal(["sessions"], { env: { ...client, NO_COLOR: "1" }, columns: 80, rows: 24 });
    await plain.until("2 of 2");
    expect(plain.styled()).not.toMatch(/\x1b\[[0-9;]*[1-9]/);
    expect(plain.screen()).toMatch(/^❯ /m);
    const painted = picker();
    await painted.until("2 of 2");
    expect(painted.styled()).toMatch(/\x1b\[[0-9;]*36m/);
  });

  test("a terminal that is made smaller is drawn anew", async () => {
    const terminal = picker();
    await terminal.until("2 of 2");
    terminal.resize(60, 9);
    const screen = await terminal.until((shown) => shown.split("\n").length <= 9 && shown.includes("2 of 2"));
    for (const line of screen.split("\n")) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(60);
    terminal.press("Escape");
    expect((await ended(terminal)).code).toBe(0);
  });

  test("text that would move the cursor is shown without its control characters", async () => {
    talk(person, "solo", { said: ["\x1b[2Jgone\x07 \u0085away", "Yes."], at: "2026-10-07T12:00:00.000Z" });
    const terminal = picker();
    const screen = await terminal.until("3 of 3");
    expect(screen).toContain("?[2Jgone?");
  });

  test("what is pasted narrows the list, and a line break in it chooses nothing", async () => {
    const terminal = picker();
    await terminal.until("2 of 2");
    terminal.paste("look for\nleaks\n");
    const screen = await terminal.until("1 of 2");
    expect(screen).toContain("Sessions: look for leaks");
  });
});

/** The one child of a process: what the shell in the terminal started. */
function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim());
}
