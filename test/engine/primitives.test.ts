import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import * as disk from "../../shared/context/disk.ts";
import { differences, snapshot } from "./support/snapshot.ts";
import { names, put, text, World } from "./support/world.ts";

/**
 * Does something that has to find the disk other than it thought, and to leave it as it is. When something was last put
 * into the directory around it says nothing: a file may have been made beside it and taken away again.
 */
function refusesAndLeaves(world: World, act: () => void): void {
  const before = snapshot(world.root);
  expect(act).toThrow(disk.Moved);
  expect(differences(before, snapshot(world.root)).filter((line) => !line.startsWith(": directory"))).toEqual([]);
}

/** A file, a directory with something in it, a link and a FIFO: whatever may stand under a name. */
const TAKEN: [what: string, make: (path: string) => void][] = [
  ["a file", (path) => void put(path, "taken")],
  ["a directory with something in it", (path) => void put(join(path, "in"), "taken")],
  ["a link", (path) => fs.symlinkSync("/nowhere", path)],
  ["a FIFO", (path) => void Bun.spawnSync(["mkfifo", path])],
];

describe("an operation never overwrites", () => {
  for (const [what, make] of TAKEN) {
    test(`${what} under the name it was to take: nothing happens, and the planner looks again`, () => {
      using world = new World();
      const at = (name: string) => join(world.root, name);
      put(at("file"), "file");
      put(join(at("directory"), "in"), "directory");
      make(at("taken"));
      refusesAndLeaves(world, () => disk.linkFile(at("file"), at("taken")));
      refusesAndLeaves(world, () => disk.makeLink(at("taken"), "/elsewhere"));
      refusesAndLeaves(world, () => disk.moveDirectory(at("directory"), at("taken")));
      refusesAndLeaves(world, () => disk.putAway(at("file"), at("taken")));
      const facts = disk.look(at("file"));
      if (facts === null) throw new Error("the file is gone");
      if (what !== "a FIFO") refusesAndLeaves(world, () => disk.copyFile(at("file"), at("taken"), facts));
      if (what === "a file") refusesAndLeaves(world, () => disk.createFile(at("taken"), Buffer.from("other"), 0o600));
      if (what !== "a directory with something in it") refusesAndLeaves(world, () => disk.makeDirectory(at("taken")));
    });
  }

  test("a directory takes the place of an empty one, and only of an empty one", () => {
    using world = new World();
    put(join(world.root, "from", "in"), "x");
    fs.mkdirSync(join(world.root, "to"));
    disk.moveDirectory(join(world.root, "from"), join(world.root, "to"));
    expect(text(join(world.root, "to", "in"))).toBe("x");
  });

  test("what is to be moved as a directory and is none stays", () => {
    using world = new World();
    fs.symlinkSync(world.root, join(world.root, "link"));
    put(join(world.root, "file"), "x");
    for (const from of ["link", "file", "nothing"])
      refusesAndLeaves(world, () => disk.moveDirectory(join(world.root, from), join(world.root, "to")));
  });

  test("a directory that is not empty is not removed", () => {
    using world = new World();
    put(join(world.root, "full", ".hidden"), "");
    expect(disk.removeEmptyDirectory(join(world.root, "full"))).toBe(false);
    expect(names(join(world.root, "full"))).toEqual([".hidden"]);
    expect(disk.removeEmptyDirectory(join(world.root, "nothing"))).toBe(true);
  });
});

describe("a name is unlinked only where its file lives on under the other", () => {
  test("not another file of the same bytes, not a name alone, not what is gone under the other name", () => {
    using world = new World();
    const at = (name: string) => join(world.root, name);
    put(at("one"), "same");
    put(at("two"), "same");
    refusesAndLeaves(world, () => disk.drop(at("one"), at("two")));
    refusesAndLeaves(world, () => disk.drop(at("one"), at("one")));
    refusesAndLeaves(world, () => disk.drop(at("one"), at("nothing")));
    fs.linkSync(at("one"), at("three"));
    disk.drop(at("one"), at("three"));
    expect(names(world.root)).toEqual(["three", "two"]);
    disk.drop(at("one"), at("three"));
    expect(text(at("three"))).toBe("same");
  });

  test("a link of the same target is not the same link", () => {
    using world = new World();
    for (const name of ["one", "two"]) fs.symlinkSync("/nowhere", join(world.root, name));
    refusesAndLeaves(world, () => disk.drop(join(world.root, "one"), join(world.root, "two")));
  });
});

describe("a person's file is edited only if it still is what was seen", () => {
  test("changed since, made since, or gone since: it stays as it is, and nothing lies beside it", () => {
    using world = new World();
    const path = put(join(world.root, "config.yaml"), "theirs");
    refusesAndLeaves(world, () => disk.editFile(path, "seen", "ours", 0o600));
    refusesAndLeaves(world, () => disk.editFile(path, null, "ours", 0o600));
    fs.unlinkSync(path);
    refusesAndLeaves(world, () => disk.editFile(path, "seen", "ours", 0o600));
    expect(names(world.root)).toEqual([]);
  });

  test("as it was seen: it is replaced whole, with the mode that was asked for", () => {
    using world = new World();
    const path = put(join(world.root, "config.yaml"), "seen", 0o644);
    disk.editFile(path, "seen", "ours", 0o600);
    expect(text(path)).toBe("ours");
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
    disk.editFile(join(world.root, "new.yaml"), null, "new", 0o640);
    expect(fs.statSync(join(world.root, "new.yaml")).mode & 0o777).toBe(0o640);
    expect(names(world.root)).toEqual(["config.yaml", "new.yaml"]);
  });

  test("what an earlier attempt left beside it does not matter", () => {
    using world = new World();
    const path = put(join(world.root, "config.yaml"), "seen");
    put(path + disk.EDITING, "half of an earlier att");
    disk.editFile(path, "seen", "ours", 0o600);
    expect(text(path)).toBe("ours");
    expect(names(world.root)).toEqual(["config.yaml"]);
  });
});

describe("what was cut short is carried on", () => {
  for (const mode of [0o644, 0o400]) {
    test(`a copy and a file of mode ${mode.toString(8)}, cut at any byte`, () => {
      using world = new World();
      const source = put(join(world.root, "source"), "0123456789", mode);
      fs.utimesSync(source, 1_700_000_000.123456, 1_700_000_000.123456);
      const facts = disk.look(source);
      if (facts === null) throw new Error("the source is gone");
      for (let cut = 0; cut <= 10; cut++) {
        const copy = put(join(world.root, `copy-${cut}`), "0123456789".slice(0, cut), mode);
        disk.copyFile(source, copy, facts);
        const file = put(join(world.root, `file-${cut}`), "0123456789".slice(0, cut), mode);
        disk.createFile(file, Buffer.from("0123456789"), mode);
        for (const path of [copy, file]) {
          expect(text(path)).toBe("0123456789");
          expect(fs.statSync(path).mode & 0o777).toBe(mode);
        }
        expect(disk.look(copy)?.mtime).toBeGreaterThanOrEqual(1_700_000_000_123_456_000n);
        expect(disk.look(copy)?.mtime).toBeLessThan(1_700_000_000_123_457_000n);
      }
    });
  }

  test("a record whose last line was cut gets a line of its own", () => {
    using world = new World();
    const path = put(join(world.root, "record"), "one\ntw");
    disk.appendRecord(path, "three\n");
    expect(text(path)).toBe("one\ntw\nthree\n");
  });
});

describe("bytes", () => {
  test("how many two files have in common is exact across blocks", () => {
    using world = new World();
    const block = 1 << 16;
    for (const size of [0, 1, block - 1, block, block + 1, 3 * block]) {
      const bytes = Buffer.alloc(size, 7);
      const a = put(join(world.root, "a"), bytes);
      expect(disk.commonLength(a, put(join(world.root, "b"), bytes))).toBe(size);
      expect(disk.commonLength(a, put(join(world.root, "b"), Buffer.concat([bytes, Buffer.from("x")])))).toBe(size);
      if (size === 0) continue;
      for (const at of [0, size >> 1, size - 1]) {
        const other = Buffer.from(bytes);
        other[at] = 8;
        expect(disk.commonLength(a, put(join(world.root, "b"), other))).toBe(at);
      }
    }
  });
});
