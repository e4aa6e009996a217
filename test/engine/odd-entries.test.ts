import { describe, expect, test } from "bun:test";
import { Buffer } from "node:buffer";
import * as fs from "node:fs";
import { join } from "node:path";
import * as ccs from "../../shared/index.ts";
import { chain, S, T } from "./support/sessions.ts";
import { differences, snapshot } from "./support/snapshot.ts";
import { put, standard, text, World } from "./support/world.ts";

/** Sets a time no clock of milliseconds or seconds can hold. */
function touch(path: string | Buffer, microseconds = 1_700_000_000_123_456n): void {
  const [seconds, fraction] = [microseconds / 1_000_000n, microseconds % 1_000_000n];
  const name = Buffer.isBuffer(path) ? path : Buffer.from(path);
  const set = Bun.spawnSync(["xargs", "-0", "touch", "-h", "-d", `@${seconds}.${String(fraction).padStart(6, "0")}`], {
    stdin: Buffer.concat([name, Buffer.from([0])]),
  });
  if (set.exitCode !== 0) throw new Error(set.stderr.toString());
}

function fifo(path: string): void {
  const made = Bun.spawnSync(["mkfifo", path]);
  if (made.exitCode !== 0) throw new Error(made.stderr.toString());
}

/** A project with one of everything a filesystem can hold. */
function oddProject(root: string): void {
  put(join(root, `${S}.jsonl`), chain(S, ["a"]), 0o600);
  put(join(root, "executable"), "#!/bin/sh\n", 0o755);
  put(join(root, "read-only"), "r", 0o444);
  put(join(root, ".dot"), "d");
  put(join(root, "empty file"), "");
  put(join(root, "line\nbreak"), "n");
  put(join(root, "tab\tand \\ and 'quotes\""), "q");
  put(join(root, "-dash"), "-");
  put(join(root, "e\u0301 and \u00e9"), "forms");
  put(join(root, "x".repeat(255)), "long");
  put(join(root, "日".repeat(85)), "long in bytes");
  fs.writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x66, 0xff, 0xfe, 0x2e, 0x6d, 0x64])]), "bytes");
  const directory = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xc3, 0x28])]);
  fs.mkdirSync(directory);
  fs.writeFileSync(Buffer.concat([directory, Buffer.from("/in")]), "in a directory of bytes");
  fs.symlinkSync("/nowhere/at/all", join(root, "dangling link"));
  fs.symlinkSync("executable", join(root, "relative link"));
  fs.symlinkSync(Buffer.from([0xff, 0x2f, 0xfe]), join(root, "link to bytes"));
  fs.mkdirSync(join(root, "empty", "emptier"), { recursive: true });
  fs.mkdirSync(join(root, "sticky"));
  fs.chmodSync(join(root, "sticky"), 0o1750);
  fifo(join(root, "fifo"));
  const all = Bun.spawnSync(["find", root, "-depth", "-print0"]).stdout;
  let n = 0n;
  let from = 0;
  for (let end = all.indexOf(0); end !== -1; end = all.indexOf(0, from)) {
    touch(Buffer.from(all.subarray(from, end)), 1_700_000_000_123_456n + n * 1_000_001n);
    n += 1n;
    from = end + 1;
  }
}

describe("odd things inside projects arrive as they were: names, kinds, modes, links, times to the microsecond", () => {
  test("where the group has nothing", () => {
    using world = new World();
    world.accounts("work");
    oddProject(world.own("work", "-p"));
    const before = snapshot(world.own("work"));
    world.join("work");
    expect(differences(before, snapshot(world.shared("team")))).toEqual([]);
  });

  test("where the group has other projects", () => {
    using world = new World();
    world.accounts("work", "home");
    put(world.own("home", "-q", `${T}.jsonl`), chain(T, ["a"]));
    world.join("home");
    oddProject(world.own("work", "-p"));
    const before = snapshot(world.own("work", "-p"));
    world.join("work");
    expect(differences(before, snapshot(world.shared("team", "-p")))).toEqual([]);
  });

  test("where the group has the same project with other things in it", () => {
    using world = new World();
    world.accounts("work", "home");
    put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["a"]));
    world.join("home");
    oddProject(world.own("work", "-p"));
    const before = snapshot(world.own("work", "-p"));
    world.join("work");
    fs.unlinkSync(world.shared("team", "-p", `${T}.jsonl`));
    // The directory both have cannot keep two times.
    expect(differences(before, snapshot(world.shared("team", "-p")), [""])).toEqual([]);
  });

  test("where the group has the very same things already, nothing is doubled", () => {
    using world = new World();
    world.accounts("work", "home");
    oddProject(world.own("work", "-p"));
    oddProject(world.own("home", "-p"));
    fs.unlinkSync(world.own("home", "-p", "fifo"));
    world.join("work");
    const before = snapshot(world.shared("team"));
    world.join("home");
    expect([...snapshot(world.shared("team")).keys()].sort()).toEqual([...before.keys()].sort());
    world.leave("work", { take: "all" });
    world.join("work");
    expect([...snapshot(world.shared("team")).keys()].sort()).toEqual([...before.keys()].sort());
  });

  test("on the way out: what is taken along is as it was", () => {
    using world = new World();
    world.accounts("work");
    const inSession = world.own("work", "-p", S);
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]), 0o640);
    oddProject(inSession);
    fs.unlinkSync(join(inSession, "fifo"));
    touch(inSession);
    touch(world.own("work", "-p", `${S}.jsonl`));
    touch(world.own("work", "-p"));
    const before = snapshot(world.own("work"));
    world.join("work");
    world.leave("work");
    expect(differences(before, snapshot(world.own("work")))).toEqual([]);
    expect(differences(before, snapshot(world.shared("team")))).toEqual([]);
  });

  test("a FIFO inside a session that is taken along stays in the group, and the person is told", () => {
    using world = new World();
    world.accounts("work");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    fs.mkdirSync(world.own("work", "-p", S));
    fifo(world.own("work", "-p", S, "fifo"));
    world.join("work");
    const report = world.leave("work");
    expect(fs.lstatSync(world.shared("team", "-p", S, "fifo")).isFIFO()).toBe(true);
    expect(fs.existsSync(world.own("work", "-p", S, "fifo"))).toBe(false);
    expect(report.sentences.join("\n")).toContain("fifo");
  });

  test("links of the same name: the same target is one, another target is kept beside it", () => {
    using world = new World();
    world.accounts("work", "home");
    for (const [account, target] of [
      ["work", "/to/work"],
      ["home", "/to/home"],
    ] as const) {
      put(world.own(account, "-p", "x"), "x");
      fs.symlinkSync("/the/same", world.own(account, "-p", "same"));
      fs.symlinkSync(target, world.own(account, "-p", "other"));
    }
    world.join("work");
    world.join("home");
    expect(fs.readdirSync(world.shared("team", "-p")).sort()).toEqual(["other", "other.from-home", "same", "x"]);
    expect(fs.readlinkSync(world.shared("team", "-p", "other"))).toBe("/to/work");
    expect(fs.readlinkSync(world.shared("team", "-p", "other.from-home"))).toBe("/to/home");
  });

  test("a link, a file and a directory of one name are all kept, and no link is followed", () => {
    using world = new World();
    world.accounts("one", "two", "three");
    const outside = put(join(world.root, "outside", "precious"), "precious");
    put(world.own("one", "-p", "x"), "file");
    fs.mkdirSync(world.own("two", "-p"), { recursive: true });
    fs.symlinkSync(join(world.root, "outside"), world.own("two", "-p", "x"));
    put(world.own("three", "-p", "x", "in"), "directory");
    for (const account of ["one", "two", "three"]) world.join(account);
    expect(text(world.shared("team", "-p", "x"))).toBe("file");
    expect(fs.readlinkSync(world.shared("team", "-p", "x.from-two"))).toBe(join(world.root, "outside"));
    expect(text(world.shared("team", "-p", "x.from-three", "in"))).toBe("directory");
    expect(fs.readdirSync(join(world.root, "outside"))).toEqual(["precious"]);
    expect(text(outside)).toBe("precious");
  });

  test("a project that is a link is made anew as a link, and nothing behind it moves", () => {
    using world = new World();
    world.accounts("work", "home");
    const elsewhere = join(world.root, "elsewhere");
    put(join(elsewhere, `${S}.jsonl`), chain(S, ["a"]));
    fs.mkdirSync(world.own("work"), { recursive: true });
    fs.symlinkSync(elsewhere, world.own("work", "-p"));
    put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["a"]));
    world.join("home");
    world.join("work");
    expect(fs.readlinkSync(world.shared("team", "-p.from-work"))).toBe(elsewhere);
    expect(fs.readdirSync(elsewhere)).toEqual([`${S}.jsonl`]);
  });

  test("a transcript that is a link stays a link", () => {
    using world = new World();
    world.accounts("work", "home");
    const elsewhere = put(join(world.root, "elsewhere.jsonl"), chain(S, ["a", "b"]));
    fs.mkdirSync(world.own("work", "-p"), { recursive: true });
    fs.symlinkSync(elsewhere, world.own("work", "-p", `${S}.jsonl`));
    put(world.own("home", "-p", `${S}.jsonl`), chain(S, ["a"]));
    world.join("home");
    world.join("work");
    expect(text(world.shared("team", "-p", `${S}.jsonl`))).toBe(chain(S, ["a"]));
    expect(text(elsewhere)).toBe(chain(S, ["a", "b"]));
    expect([...snapshot(world.root).values()].filter((seen) => seen.kind === "link" && seen.content === elsewhere)).toHaveLength(1);
  });

  test("a set of names that are bytes and differ on both sides stays complete", () => {
    using world = new World();
    world.accounts("work", "home");
    const name = Buffer.from([0xff, 0x2e, 0x6d]);
    for (const account of ["work", "home"]) {
      put(world.own(account, "-p", "x"), "x");
      fs.writeFileSync(Buffer.concat([Buffer.from(`${world.own(account, "-p")}/`), name]), account);
    }
    world.join("work");
    world.join("home");
    const found = new Map(
      [...snapshot(world.shared("team", "-p"))].filter(([path]) => path.includes("\xff")).map(([p, s]) => [p, s.content]),
    );
    expect(found).toEqual(
      new Map([
        ["\xff.m", "work"],
        ["\xff.from-home.m", "home"],
      ]),
    );
  });

  test("a file with several names keeps them all, also where some of the names are taken", () => {
    using world = new World();
    world.accounts("work", "home");
    put(world.own("work", "-p", "b"), "of work");
    world.join("work");
    put(world.own("home", "-p", "a"), "of home");
    fs.linkSync(world.own("home", "-p", "a"), world.own("home", "-p", "b"));
    fs.linkSync(world.own("home", "-p", "a"), world.own("home", "-p", "c"));
    world.join("home");
    const found = [...snapshot(world.shared("team", "-p"))].filter(([path]) => path !== "").map(([path, seen]) => [path, seen.content]);
    expect(found.sort()).toEqual([
      ["a", "of home"],
      ["b", "of work"],
      ["b.from-home", "of home"],
      ["c", "of home"],
    ]);
  });

  test("times before 1970, at its first second and far ahead stay what they are", () => {
    using world = new World();
    world.accounts("work");
    const dates = {
      zero: "1970-01-01T00:00:00Z",
      before: "1969-12-31T23:59:53.5Z",
      long: "1901-12-14T00:00:00Z",
      ahead: "2200-01-01T00:00:00.000001Z",
    };
    for (const [name, date] of Object.entries(dates)) {
      const set = Bun.spawnSync(["touch", "-d", date, put(world.own("work", "-p", S, name), name)]);
      if (set.exitCode !== 0) throw new Error(set.stderr.toString());
    }
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    const before = snapshot(world.own("work", "-p", S));
    world.join("work");
    world.leave("work");
    expect(differences(before, snapshot(world.own("work", "-p", S)))).toEqual([]);
  });

  test("a link that leads to itself is a link like any other, also for what is shown of the account", () => {
    using world = new World();
    world.accounts("work");
    fs.mkdirSync(world.own("work", "-p"), { recursive: true });
    fs.symlinkSync("loop", world.own("work", "loop"));
    fs.symlinkSync("loop.jsonl", world.own("work", "-p", "loop.jsonl"));
    expect(ccs.listAccounts(world.home, 0)).toHaveLength(1);
    world.join("work");
    expect(fs.readlinkSync(world.shared("team", "loop"))).toBe("loop");
    expect(ccs.listAccounts(world.home, 0)).toHaveLength(1);
    expect(ccs.showGroup(world.home, "team").sessions).toBe(0);
    world.leave("work", { take: "all" });
    expect(world.unfinished()).toEqual([]);
  });

  test("a directory its owner made read-only is moved and comes back, for an ordinary user too", () => {
    using world = new World();
    fs.chmodSync(world.root, 0o777);
    const act = (): void => {
      world.accounts("work", "home");
      put(world.own("home", "-p", "x"), "x");
      world.join("home");
      put(world.own("work", "-p", "frozen", "in"), "in");
      put(world.own("work", "-q", "in"), "in");
      fs.chmodSync(world.own("work", "-p", "frozen"), 0o555);
      fs.chmodSync(world.own("work", "-q"), 0o555);
      world.change("work", standard("team"));
    };
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65_534);
    try {
      act();
    } finally {
      if (root) process.seteuid?.(0);
    }
    expect(text(world.shared("team", "-p", "frozen", "in"))).toBe("in");
    expect(text(world.shared("team", "-q", "in"))).toBe("in");
    expect(fs.statSync(world.shared("team", "-p", "frozen")).mode & 0o777).toBe(0o555);
    expect(fs.statSync(world.shared("team", "-q")).mode & 0o777).toBe(0o555);
    expect(world.unfinished()).toEqual([]);
  });
});
