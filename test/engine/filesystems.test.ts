import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import * as ccs from "../../shared/index.ts";
import { mount, whyNot } from "./support/filesystem.ts";
import { chain, S, T } from "./support/sessions.ts";
import { held, lost, shape, snapshot } from "./support/snapshot.ts";
import { ISOLATED, names, put, refusal, standard, text, World } from "./support/world.ts";

/** Makes the group's directory a link onto another filesystem. */
function groupOn(world: World, directory: string): void {
  fs.mkdirSync(join(directory, "team"), { recursive: true });
  fs.mkdirSync(world.home.groups, { recursive: true });
  fs.symlinkSync(join(directory, "team"), ccs.groupOf(world.home, "team"));
}

/** Everything but our own bookkeeping. */
function plain(...roots: string[]): Record<string, string> {
  const all: Record<string, string> = {};
  for (const root of roots)
    for (const [path, seen] of Object.entries(shape(root)))
      if (!/(^|\/)(state|staging|\.ccs)(\/|$)/.test(path)) all[`${root}/${path}`] = seen;
  return all;
}

for (const kind of ["fat", "exfat"] as const) {
  const why = whyNot(kind);
  // Both come without hard links and symbolic links; exfat also ignores case. Mounted through FUSE: the kernel at hand may have neither.
  describe.skipIf(why !== null)(`${kind}, a filesystem without links${why === null ? "" : ` (skipped: ${why})`}`, () => {
    test("isolated accounts can be made, used, changed to what they are, and undone on it", () => {
      using disk = mount(kind);
      using world = new World(disk.path);
      world.accounts("work", "home");
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
      expect(world.change("work", ISOLATED).operations).toBe(0);
      world.mend("work");
      expect(ccs.touchLastUsed(world.home, "work", new Date())).toBe(true);
      ccs.setDefault(world.home, "work");
      expect(ccs.listAccounts(world.home, 0).map((account) => [account.name, account.isDefault])).toEqual([
        ["work", true],
        ["home", false],
      ]);
      world.create("third", ISOLATED).undo();
      expect(names(world.home.instances)).toEqual(["home", "work"]);
      expect(world.unfinished()).toEqual([]);
      expect(text(world.own("work", "-p", `${S}.jsonl`))).toBe(chain(S, ["a"]));
    });

    test("an account is renamed, removed and brought back whole on it, or not at all where its driver loses what is renamed", () => {
      using disk = mount(kind);
      using world = new World(disk.path);
      world.accounts("work");
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
      const before = plain(world.home.instances);
      try {
        world.rename("work", "office");
        world.remove("office", { keepLogin: true });
        world.restore("office", "work");
      } catch (error) {
        if (!(error instanceof ccs.CcsError)) throw error;
        expect(error.message).toContain("loses what lies in a directory");
      }
      expect(plain(world.home.instances)).toEqual(before);
      expect(ccs.readConfig(world.home).accounts.has("work")).toBe(true);
      expect(world.unfinished()).toEqual([]);
      expect(names(world.home.staging)).toEqual([]);
    });

    test("an account whose instance lies on it cannot be shared, there are no symbolic links: refused before anything changes", () => {
      using disk = mount(kind);
      using world = new World(disk.path);
      world.accounts("work");
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
      const before = plain(world.root);
      const error = refusal(() => world.join("work"));
      expect(error.code).toBe("refused");
      expect(error.untouched).toBe("Nothing was changed.");
      expect(plain(world.root)).toEqual(before);
      expect(world.policy("work")).toEqual(ISOLATED);
      expect(world.unfinished()).toEqual([]);
      world.mend("work");
    });

    // fusefat loses what is in a directory when that is renamed to another parent: nothing can be moved on it.
    if (kind === "fat") return;

    test("a group on it: a join that has nothing to merge with works, its contents are all there", () => {
      using disk = mount(kind);
      using world = new World();
      world.accounts("work");
      groupOn(world, disk.path);
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
      put(world.own("work", "-p", "d", "x"), "x");
      world.join("work");
      expect(text(world.shared("team", "-p", `${S}.jsonl`))).toBe(chain(S, ["a"]));
      expect(text(world.own("work", "-p", "d", "x"))).toBe("x");
      expect(world.unfinished()).toEqual([]);
      world.leave("work");
      expect(names(world.own("work", "-p"))).toEqual([`${S}.jsonl`]);
      expect(world.unfinished()).toEqual([]);
    });

    test("a group on it: a join of another project works too, whole directories need no hard links", () => {
      using disk = mount(kind);
      using world = new World();
      world.accounts("work", "home");
      groupOn(world, disk.path);
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
      put(world.own("home", "-q", `${T}.jsonl`), chain(T, ["a"]));
      world.join("work");
      world.join("home");
      expect(names(world.shared("team"))).toEqual(["-p", "-q"]);
      expect(world.unfinished()).toEqual([]);
    });

    test("a group on it: a join that has to merge files is refused before anything changes", () => {
      using disk = mount(kind);
      using world = new World();
      world.accounts("work", "home");
      groupOn(world, disk.path);
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
      put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["a"]));
      world.join("work");
      const before = plain(world.root, disk.path);
      const error = refusal(() => world.join("home"));
      expect(error.code).toBe("refused");
      expect(error.message).toContain("hard links");
      expect(plain(world.root, disk.path)).toEqual(before);
      expect(world.policy("home")).toEqual(ISOLATED);
      expect(world.unfinished()).toEqual([]);
    });

    test("a group on it: links and FIFOs it cannot hold are kept, and the person is told", () => {
      using disk = mount(kind);
      using world = new World();
      world.accounts("work");
      groupOn(world, disk.path);
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
      fs.symlinkSync("/nowhere", world.own("work", "-p", "link"));
      const before = held(snapshot(world.root));
      try {
        world.join("work");
        expect(text(world.shared("team", "-p", `${S}.jsonl`))).toBe(chain(S, ["a"]));
      } catch (error) {
        if (!(error instanceof ccs.CcsError)) throw error;
        expect(error.code).toBe("refused");
        expect(world.policy("work")).toEqual(ISOLATED);
      }
      expect(lost(before, held(snapshot(world.root)))).toEqual([]);
      expect(world.unfinished()).toEqual([]);
    });
  });
}

const exfat = whyNot("exfat");
// Left out only where the filesystem cannot be mounted; the title then says why.
describe.skipIf(exfat !== null)(`exfat, a filesystem that ignores case${exfat === null ? "" : ` (skipped: ${exfat})`}`, () => {
  test("names that differ in case only are one name there: nothing is overwritten, the join is refused or keeps both", () => {
    using disk = mount("exfat");
    using world = new World();
    world.accounts("work", "home");
    groupOn(world, disk.path);
    put(world.own("work", "-Proj", `${S}.jsonl`), chain(S, ["a"]));
    put(world.own("home", "-proj", `${T}.jsonl`), chain(T, ["a"]));
    world.join("work");
    const everything = () =>
      held(new Map([...snapshot(world.root), ...[...snapshot(disk.path)].map(([path, seen]) => [`disk/${path}`, seen] as const)]));
    const before = everything();
    try {
      world.join("home");
    } catch (error) {
      if (!(error instanceof ccs.CcsError)) throw error;
      expect(error.code).toBe("refused");
      expect(world.policy("home")).toEqual(ISOLATED);
    }
    expect(lost(before, everything())).toEqual([]);
    expect(world.unfinished()).toEqual([]);
    expect(text(world.shared("team", "-Proj", `${S}.jsonl`))).toBe(chain(S, ["a"]));
  });

  test("two of an account's own names that differ in case only: neither overwrites the other", () => {
    using disk = mount("exfat");
    using world = new World();
    world.accounts("work");
    groupOn(world, disk.path);
    put(world.own("work", "-p", "Note.md"), "one");
    put(world.own("work", "-p", "note.md"), "two");
    const everything = () =>
      held(new Map([...snapshot(world.root), ...[...snapshot(disk.path)].map(([path, seen]) => [`disk/${path}`, seen] as const)]));
    const before = everything();
    try {
      world.change("work", standard("team"));
    } catch (error) {
      if (!(error instanceof ccs.CcsError)) throw error;
    }
    expect(lost(before, everything())).toEqual([]);
    expect(world.unfinished()).toEqual([]);
    expect(dirname(world.own("work"))).toBe(world.instance("work"));
  });
});
