import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as ccs from "../../shared/index.ts";
import { chain, S, T } from "./support/sessions.ts";
import { differences, held, lost, shape, snapshot } from "./support/snapshot.ts";
import { blocker, deeper, FAST, ISOLATED, names, put, refusal, standard, text, World } from "./support/world.ts";

/** Makes a link where a group (or something in or above it) has to be. */
function linkAt(path: string, target: string): void {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.mkdirSync(target, { recursive: true });
  fs.symlinkSync(target, path);
}

/** Nothing outside our own bookkeeping is other than it was. */
function sameButForState(world: World, before: Record<string, string>): void {
  const plain = (all: Record<string, string>) =>
    Object.fromEntries(Object.entries(all).filter(([path]) => !/^ccs\/(state|staging)(\/|$)/.test(path)));
  expect(plain(shape(world.root))).toEqual(plain(before));
}

describe("a group directory that is itself a link", () => {
  for (const [what, at] of [
    ["the group", ["team"]],
    ["its projects", ["team", "projects"]],
    ["all groups", []],
  ] as const) {
    test(`${what}, to another place on the same filesystem: joins, merges and leaves work`, () => {
      using world = new World();
      world.accounts("work", "home");
      linkAt(join(world.home.groups, ...at), join(world.root, "nas"));
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a", "b"]));
      put(world.own("home", "-p", `${S}.jsonl`), chain(S, ["a"]));
      put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["x"]));
      world.join("work");
      expect(names(world.shared("team", "-p"))).toEqual([`${S}.jsonl`]);
      world.join("home");
      expect(names(world.shared("team", "-p"))).toEqual([`${S}.jsonl`, `${T}.jsonl`]);
      world.leave("home");
      expect(names(world.own("home", "-p"))).toEqual([`${S}.jsonl`, `${T}.jsonl`]);
      expect(fs.lstatSync(join(world.home.groups, ...at)).isSymbolicLink()).toBe(true);
      expect(world.unfinished()).toEqual([]);
    });
  }

  test("its permission rules name the real path", () => {
    using world = new World();
    world.accounts("work");
    linkAt(ccs.groupOf(world.home, "team"), join(world.root, "nas", "team"));
    world.join("work");
    expect(text(world.instance("work", "settings.json"))).toContain(`Edit(/${join(world.root, "nas", "team")}/projects/*/memory/**)`);
  });

  for (const [what, path] of [
    ["the account's instance", ["instances", "work"]],
    ["the account's own projects", ["instances", "work", "projects"]],
    ["another account's instance", ["instances", "home"]],
    ["a directory inside another account's projects", ["instances", "home", "projects", "-p"]],
    ["all instances", ["instances"]],
    ["all of CCS_DIR", []],
  ] as const) {
    for (const [where, at] of [
      ["the group", ["team"]],
      ["its projects", ["team", "projects"]],
    ] as const) {
      test(`${where} onto ${what}: refused, nothing changed`, () => {
        using world = new World();
        world.accounts("work", "home");
        put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
        put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["a"]));
        linkAt(join(world.home.groups, ...at), join(world.home.root, ...path));
        const before = shape(world.root);
        const preview = world.preview("work", standard("team"));
        expect(blocker(preview).code).toBe("refused");
        expect(refusal(() => ccs.applyChange(world.home, preview, { approved: true })).code).toBe("refused");
        sameButForState(world, before);
      });
    }
  }

  for (const [what, path] of [
    ["an account's own projects", ["instances", "work", "projects"]],
    ["another account's instance", ["instances", "home"]],
  ] as const) {
    test(`all groups onto ${what}, before the group is made: refused, nothing changed`, () => {
      using world = new World();
      world.accounts("work", "home");
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
      linkAt(world.home.groups, join(world.home.root, ...path));
      const before = shape(world.root);
      const preview = world.preview("work", standard("team"));
      expect(blocker(preview).code).toBe("refused");
      sameButForState(world, before);
    });
  }

  test("the group's projects onto an instance under deeper continuity's other directories: refused too", () => {
    using world = new World();
    world.accounts("work");
    put(world.instance("work", "file-history", S, "a@v1"), "v1");
    linkAt(world.deep("team", "file-history"), world.instance("work", "file-history"));
    const before = shape(world.root);
    expect(blocker(world.preview("work", deeper("team"))).code).toBe("refused");
    sameButForState(world, before);
  });

  test("an account's projects inside the group's: refused, nothing changed", () => {
    using world = new World();
    world.accounts("work");
    put(join(ccs.groupOf(world.home, "team"), "projects", "inner", "projects", "x"), "x");
    fs.rmdirSync(world.instance("work"));
    fs.symlinkSync(join(ccs.groupOf(world.home, "team"), "projects", "inner"), world.instance("work"));
    const before = shape(world.root);
    expect(blocker(world.preview("work", standard("team"))).code).toBe("refused");
    sameButForState(world, before);
  });

  test("that leads nowhere: refused, nothing changed", () => {
    using world = new World();
    world.accounts("work");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    fs.mkdirSync(world.home.groups, { recursive: true });
    fs.symlinkSync(join(world.root, "unmounted"), ccs.groupOf(world.home, "team"));
    const before = shape(world.root);
    expect(blocker(world.preview("work", standard("team")))).toMatchObject({ code: "refused", where: ccs.groupOf(world.home, "team") });
    sameButForState(world, before);
  });

  test("that leads to a file: refused, nothing changed", () => {
    using world = new World();
    world.accounts("work");
    fs.mkdirSync(world.home.groups, { recursive: true });
    fs.symlinkSync(put(join(world.root, "file"), "f"), ccs.groupOf(world.home, "team"));
    const before = shape(world.root);
    expect(blocker(world.preview("work", standard("team"))).code).toBe("refused");
    sameButForState(world, before);
  });
});

const OTHER = tmpdir();
const twoFilesystems = fs.statSync(FAST).dev !== fs.statSync(OTHER).dev;

/** A directory on the other filesystem, removed afterwards. */
function elsewhere(): { readonly path: string } & Disposable {
  const path = fs.mkdtempSync(join(OTHER, "ccs-other-"));
  return { path, [Symbol.dispose]: () => fs.rmSync(path, { recursive: true, force: true }) };
}

// Needs two filesystems: the one worlds are made on and that of temporary files.
describe.skipIf(!twoFilesystems)("a group on another filesystem", () => {
  /** What of a group's path is the link, relative to the groups' directory. */
  for (const [what, at] of [
    ["the group", ["team"]],
    ["its projects", ["team", "projects"]],
    ["all groups", []],
  ] as const) {
    test(`${what} as the link: what joins is copied, and the source is kept`, () => {
      using world = new World();
      using other = elsewhere();
      world.accounts("work", "home");
      linkAt(join(world.home.groups, ...at), join(other.path, "g"));
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a", "b"]), 0o640);
      put(world.own("work", "-p", "d", "x"), "x");
      fs.symlinkSync("/nowhere", world.own("work", "-p", "link"));
      fs.utimesSync(world.own("work", "-p", "d", "x"), 1_700_000_000.123456, 1_700_000_000.123456);
      const before = held(snapshot(world.root));
      const wanted = snapshot(world.own("work"));
      world.join("work");
      expect(differences(wanted, snapshot(fs.realpathSync(world.shared("team"))), [""])).toEqual([]);
      expect(lost(before, held(snapshot(world.root)))).toEqual([]);
      expect(world.unfinished()).toEqual([]);
    });

    test(`${what} as the link: a second account merges, and leaves with its own`, () => {
      using world = new World();
      using other = elsewhere();
      world.accounts("work", "home");
      linkAt(join(world.home.groups, ...at), join(other.path, "g"));
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a", "w"]));
      put(world.own("work", "-p", "memory", "M.md"), "of work");
      put(world.own("home", "-p", `${S}.jsonl`), chain(S, ["a", "h"]));
      put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["x"]));
      put(world.own("home", "-p", "memory", "M.md"), "of home");
      world.join("work");
      const report = world.join("home");
      const fork = report.summary.forks[0]?.as ?? "none";
      expect(fs.readdirSync(world.shared("team", "-p")).sort()).toEqual([`${S}.jsonl`, `${T}.jsonl`, `${fork}.jsonl`, "memory"].sort());
      expect(fs.readdirSync(world.shared("team", "-p", "memory")).sort()).toEqual(["M.from-home.md", "M.md"]);
      world.leave("home");
      expect(fs.readdirSync(world.own("home", "-p")).sort()).toEqual([`${T}.jsonl`, `${fork}.jsonl`, "memory"].sort());
      expect(text(world.own("home", "-p", "memory", "M.md"))).toBe("of home");
      expect(world.unfinished()).toEqual([]);
    });
  }

  test("deeper continuity, all directories of it, there and back", () => {
    using world = new World();
    using other = elsewhere();
    world.accounts("work");
    linkAt(ccs.groupOf(world.home, "team"), join(other.path, "g"));
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    put(world.instance("work", "file-history", S, "a@v1"), "v1");
    put(world.instance("work", "tasks", S, "1.json"), "{}");
    put(world.instance("work", "shell-snapshots", "s.sh"), "s");
    world.change("work", deeper("team"));
    expect(text(world.deep("team", "file-history", S, "a@v1"))).toBe("v1");
    expect(text(world.deep("team", "shell-snapshots", "s.sh"))).toBe("s");
    world.change("work", standard("team"));
    expect(text(world.instance("work", "file-history", S, "a@v1"))).toBe("v1");
    world.leave("work");
    expect(text(world.own("work", "-p", `${S}.jsonl`))).toBe(chain(S, ["a"]));
    expect(text(world.instance("work", "tasks", S, "1.json"))).toBe("{}");
  });

  test("a FIFO cannot be copied: it stays in set-aside and the person is told", () => {
    using world = new World();
    using other = elsewhere();
    world.accounts("work");
    linkAt(ccs.groupOf(world.home, "team"), join(other.path, "g"));
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    expect(Bun.spawnSync(["mkfifo", world.own("work", "-p", "fifo")]).exitCode).toBe(0);
    const report = world.join("work");
    expect(report.sentences.join("\n")).toContain("fifo");
    expect([...snapshot(world.home.setAside).values()].filter((seen) => seen.kind === "other")).toHaveLength(1);
    expect(world.unfinished()).toEqual([]);
  });

  test("an instance that lies on another filesystem joins and leaves", () => {
    using world = new World();
    using other = elsewhere();
    world.accounts("work");
    fs.rmdirSync(world.instance("work"));
    fs.symlinkSync(join(other.path), world.instance("work"));
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    put(world.own("work", "-p", "memory", "M.md"), "m");
    world.join("work");
    expect(text(world.shared("team", "-p", `${S}.jsonl`))).toBe(chain(S, ["a"]));
    world.leave("work");
    expect(fs.lstatSync(join(other.path, "projects")).isDirectory()).toBe(true);
    expect(text(world.own("work", "-p", "memory", "M.md"))).toBe("m");
    expect(world.unfinished()).toEqual([]);
  });

  for (const [what, linked] of [
    ["the group's directory", (world: World, other: string) => linkAt(ccs.groupOf(world.home, "team"), join(other, "g"))],
    ["the group's projects", (world: World, other: string) => linkAt(world.shared("team"), join(other, "g", "p"))],
    [
      "the account's instance",
      (world: World, other: string) => {
        fs.rmdirSync(world.instance("home"));
        fs.symlinkSync(join(other, "i"), world.instance("home"));
        fs.mkdirSync(join(other, "i"));
      },
    ],
  ] as const) {
    for (const [change, to] of [
      ["join", standard("team")],
      ["leave", ISOLATED],
    ] as const) {
      test(`a ${change} that breaks off anywhere, with ${what} on the other filesystem, is finished by the next launch, and nothing is gone`, () => {
        for (let after = 1; ; after++) {
          using world = new World();
          using other = elsewhere();
          world.accounts("work", "home");
          linked(world, other.path);
          put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a", "w"]));
          put(world.own("home", "-p", `${S}.jsonl`), chain(S, ["a", "h"]));
          put(world.own("home", "-p", "memory", "M.md"), "m");
          put(world.own("home", "-q", "x"), "x");
          world.join("work");
          if (change === "leave") world.join("home");
          const all = () => {
            const here = held(snapshot(world.root));
            const there = held(new Map([...snapshot(other.path)].map(([path, seen]) => [`other/${path}`, seen])));
            return {
              ...here,
              files: here.files.union(there.files),
              lines: here.lines.union(there.lines),
              names: here.names.union(there.names),
              links: here.links.union(there.links),
            };
          };
          const before = all();
          if (!world.interrupt("home", to, after)) break;
          expect([after, lost(before, all())]).toEqual([after, []]);
          world.mend("home");
          expect([after, lost(before, all())]).toEqual([after, []]);
          expect([after, world.unfinished()]).toEqual([after, []]);
          const found = fs.readdirSync(world.shared("team", "-p")).filter((name) => name.endsWith(".jsonl"));
          expect([after, found.length]).toEqual([after, 2]);
          expect(text(world.shared("team", "-q", "x"))).toBe("x");
          expect(world.policy("home")).toEqual(to);
          expect([after, world.preview("home", to).plan.operations]).toEqual([after, []]);
          if (change === "leave")
            expect([after, names(world.own("home", "-p"))]).toEqual([after, [`${found.find((f) => f !== `${S}.jsonl`)}`, "memory"].sort()]);
        }
      });
    }
  }

  test("while a client of the account runs, joining answers busy and leaves everything", () => {
    using world = new World();
    using other = elsewhere();
    world.accounts("work");
    linkAt(ccs.groupOf(world.home, "team"), join(other.path, "g"));
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    put(world.instance("work", "sessions", `${process.pid}.json`), JSON.stringify({ pid: process.pid, cwd: "/home/me" }));
    const before = shape(world.root);
    const preview = world.preview("work", standard("team"));
    expect(blocker(preview)).toMatchObject({ code: "busy" });
    expect(blocker(preview).message).toContain(String(process.pid));
    expect(refusal(() => ccs.applyChange(world.home, preview, { approved: true })).exit).toBe(75);
    sameButForState(world, before);
    expect(world.policy("work")).toEqual(ISOLATED);
  });
});
