import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compared, shortened } from "../../cli/render/diff.ts";
import { ended, makePerson, type Person } from "../support/person.ts";

let person: Person;
let group: string;
beforeEach(async () => {
  person = makePerson();
  group = join(person.ccsDir, "shared/context-groups/team/projects");
  for (const account of ["spare", "work"]) {
    await person.must("auth", "create", account, "--no-login");
    note(account, "-app", "notes.md", `first\nof ${account}\nlast\n`);
    note(account, "-app", "todo.md", `todo of ${account}\n`);
    note(account, "-lib", "todo.md", `lib of ${account}\n`);
    await person.must("auth", "edit", account, "--context-group", "team", "--yes");
  }
});
afterEach(() => person.close());

function note(account: string, project: string, name: string, text: string): void {
  const directory = join(person.instance(account), "projects", project);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), text);
}

const read = (...path: string[]) => readFileSync(join(group, ...path), "utf8");
const waiting = async () => JSON.parse((await person.must("group", "show", "team", "--json")).stdout).group.conflicts;
const KEEP = /❯ Keep \(1 of/;

describe("group resolve without a terminal", () => {
  test("shows what waits, side by side, changes nothing and exits with 2 where nobody said which to keep", async () => {
    const before = person.tree();
    const { code, stdout, stderr } = await person.ccs(["group", "resolve", "team"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("projects/-app/notes.md");
    expect(stderr).toContain("- of spare");
    expect(stderr).toContain("+ of work");
    expect(stderr).toContain("--keep both, this or that");
    expect(person.tree()).toEqual(before);
  });

  test("keeps this, that or both of the one that is named, and doctor's warning goes with the last", async () => {
    const doctor = async () =>
      JSON.parse((await person.ccs(["doctor", "--json"])).stdout).checks.find((c: { name: string }) => c.name === "conflicts");
    expect((await doctor()).fix.command).toBe("ccs group resolve team");
    const { stdout } = await person.must("group", "resolve", "team", "notes.md", "--keep", "that");
    expect(stdout).toMatch(/projects\/-app\/notes\.md: that is kept; the other is at .*set-aside/);
    expect(read("-app", "notes.md")).toBe("first\nof work\nlast\n");
    await person.must("group", "resolve", "team", "projects/-lib/todo.md", "--keep=this");
    expect(read("-lib", "todo.md")).toBe("lib of spare\n");
    await person.must("group", "resolve", "team", "todo.from-work.md", "--keep", "both");
    expect(read("-app", "todo.md") + read("-app", "todo.from-work.md")).toBe("todo of spare\ntodo of work\n");
    expect(await waiting()).toBe(0);
    expect((await doctor()).result).toBe("ok");
    expect((await person.must("group", "resolve", "team", "--keep", "this")).stdout).toBe("No file of team waits for you to choose.\n");
  });

  test("keeps the same of all where none is named, and says what it did as data with --json", async () => {
    const { resolved } = JSON.parse((await person.must("group", "resolve", "team", "--keep", "this", "--json")).stdout);
    expect(resolved).toHaveLength(3);
    for (const { keep, setAside } of resolved) {
      expect(keep).toBe("this");
      expect(readFileSync(setAside, "utf8")).toContain("of work");
    }
    expect(await waiting()).toBe(0);
  });

  test("says what waits as data with --dry-run --json, and changes nothing", async () => {
    const before = person.tree();
    const { conflicts } = JSON.parse((await person.must("group", "resolve", "team", "--dry-run", "--json")).stdout);
    expect(conflicts).toHaveLength(3);
    expect(conflicts[0]).toMatchObject({
      path: "projects/-app/notes.md",
      this: { path: join(group, "-app/notes.md"), kind: "file" },
      that: { path: join(group, "-app/notes.from-work.md"), kind: "file" },
    });
    expect((await person.must("group", "resolve", "team", "--dry-run")).stdout).toContain("+ of work");
    expect(person.tree()).toEqual(before);
  });

  test("refuses a name that is several files', that is none's, and a group that is not there", async () => {
    const before = person.tree();
    const several = await person.ccs(["group", "resolve", "team", "todo.md", "--keep", "this"]);
    expect(several.code).toBe(2);
    expect(several.stderr).toContain("projects/-lib/todo.md");
    const none = await person.ccs(["group", "resolve", "team", "nothing.md", "--keep", "this"]);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain("projects/-app/notes.md");
    const group = await person.ccs(["group", "resolve", "teem", "--keep", "this"]);
    expect(group.code).toBe(2);
    expect(group.stderr).toContain(`Did you mean "team"?`);
    expect(person.tree()).toEqual(before);
  });
});

describe("group resolve on a terminal", () => {
  test("asks one after the other, shows what differs, and does what is chosen", async () => {
    const terminal = person.terminal(["group", "resolve", "team"]);
    const first = await terminal.until(/❯ Keep \(1 of 3\)/);
    expect(first).toContain("- of spare");
    expect(first).toContain("+ of work");
    terminal.press("Down", "Enter");
    await terminal.until(/❯ Keep \(2 of 3\)/);
    terminal.press("Down", "Down", "Enter");
    await terminal.until(/❯ Keep \(3 of 3\)/);
    terminal.press("Enter");
    expect((await ended(terminal)).code).toBe(0);
    expect(read("-app", "notes.md")).toContain("of spare");
    expect(read("-app", "todo.md")).toBe("todo of work\n");
    expect(await waiting()).toBe(1);
  });

  test("keeps what was chosen and changes nothing else where a person presses C-c", async () => {
    const before = person.tree();
    const terminal = person.terminal(["group", "resolve", "team"]);
    await terminal.until(KEEP);
    terminal.press("C-c");
    expect((await ended(terminal)).code).toBe(130);
    expect(person.tree()).toEqual(before);
  });
});

describe("what differs of two texts", () => {
  const of = (here: string, there: string) =>
    compared(here, there)?.map(({ side, text }) => `${side === "both" ? " " : side === "this" ? "-" : "+"}${text}`);

  test("is told line by line, in order", () => {
    expect(of("a\nb\nc\n", "a\nx\nc\nd\n")).toEqual([" a", "-b", "+x", " c", "+d"]);
    expect(of("", "a\n")).toEqual(["+a"]);
    expect(of("a\n", "")).toEqual(["-a"]);
    expect(of("a\nb", "a\nb\n")).toEqual([" a", " b"]);
  });

  test("is not looked for in what is long, and is shown in part", () => {
    const long = Array.from({ length: 500 }, (_, n) => `line ${n}`).join("\n");
    expect(compared(long, "a")).toBe(null);
    const lines = compared("a\nb\nc\nd\ne\n", "a\nb\nX\nd\ne\n") ?? [];
    expect(shortened(lines, 14).shown.map(({ text }) => text)).toEqual(["b", "c", "X", "d"]);
    expect(shortened(lines, 2).more).toBe(2);
  });
});
