import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import * as ccs from "../../shared/index.ts";
import { chain, S, T } from "./support/sessions.ts";
import { shape } from "./support/snapshot.ts";
import { blocker, deeper, names, put, refusal, standard, text, World } from "./support/world.ts";

describe("something else where our link should be", () => {
  test("a plain file is kept in set-aside, and the link stands in its place", () => {
    using world = new World();
    world.accounts("work");
    put(world.own("work"), "a file named projects");
    const report = world.join("work");
    expect(fs.readlinkSync(world.own("work"))).toBe(world.shared("team"));
    const kept = Object.values(shape(world.home.setAside)).filter((seen) => seen === "file a file named projects");
    expect(kept).toHaveLength(1);
    expect(report.sentences.join("\n")).toContain("set aside");
  });

  test("a plain file that replaced the link is mended at the next launch, and kept", () => {
    using world = new World();
    world.accounts("work");
    world.join("work");
    fs.unlinkSync(world.own("work"));
    put(world.own("work"), "a file named projects");
    expect(ccs.showAccount(world.home, "work", 0).health).toBe("error");
    world.mend("work");
    expect(fs.readlinkSync(world.own("work"))).toBe(world.shared("team"));
    expect(Object.values(shape(world.home.setAside))).toContain("file a file named projects");
  });

  test("a real directory that replaced the link is merged into the group at the next launch", () => {
    using world = new World();
    world.accounts("work");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a", "b"]));
    world.join("work");
    fs.unlinkSync(world.own("work"));
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["c"], "b"));
    put(world.own("work", "-p", `${T}.jsonl`), chain(T, ["x"]));
    expect(ccs.showAccount(world.home, "work", 0).health).toBe("error");
    world.mend("work");
    expect(fs.lstatSync(world.own("work")).isSymbolicLink()).toBe(true);
    expect(text(world.shared("team", "-p", `${S}.jsonl`))).toBe(chain(S, ["a", "b", "c"]));
    expect(text(world.shared("team", "-p", `${T}.jsonl`))).toBe(chain(T, ["x"]));
    expect(ccs.showAccount(world.home, "work", 0).problems.filter((p) => p.health === "error")).toEqual([]);
  });

  test("a missing link is made anew", () => {
    using world = new World();
    world.accounts("work");
    world.change("work", deeper("team"));
    fs.unlinkSync(world.own("work"));
    fs.unlinkSync(world.instance("work", "file-history"));
    world.mend("work");
    expect(fs.readlinkSync(world.own("work"))).toBe(world.shared("team"));
    expect(fs.readlinkSync(world.instance("work", "file-history"))).toBe(world.deep("team", "file-history"));
  });

  test("a link of ours whose group directory is gone gets the directory again", () => {
    using world = new World();
    world.accounts("work");
    world.join("work");
    fs.rmSync(world.home.groups, { recursive: true });
    expect(ccs.showAccount(world.home, "work", 0).health).toBe("error");
    world.mend("work");
    expect(fs.statSync(world.own("work")).isDirectory()).toBe(true);
  });

  test("an account leaves a group whose directory is gone, with what there is", () => {
    using world = new World();
    world.accounts("work");
    world.join("work");
    fs.rmSync(world.home.groups, { recursive: true });
    world.leave("work");
    expect(fs.lstatSync(world.own("work")).isDirectory()).toBe(true);
    expect(world.unfinished()).toEqual([]);
  });

  for (const [kind, target] of [
    ["a person's own link", "somewhere"],
    ["a person's dangling link", "nowhere"],
  ] as const) {
    test(`${kind}: the join is refused and says so, nothing changes`, () => {
      using world = new World();
      world.accounts("work");
      put(join(world.root, "somewhere", "-p", `${S}.jsonl`), chain(S, ["a"]));
      fs.symlinkSync(join(world.root, target), world.own("work"));
      const before = shape(world.root);
      const preview = world.preview("work", standard("team"));
      expect(blocker(preview)).toMatchObject({ code: "refused", where: world.own("work") });
      const error = refusal(() => ccs.applyChange(world.home, preview, { approved: true }));
      expect(error.code).toBe("refused");
      expect(error.untouched).toBe("Nothing was changed.");
      expect(error.hint).toContain("mv ");
      fs.rmSync(world.home.state, { recursive: true, force: true });
      delete before["ccs/state"];
      for (const path of Object.keys(before)) if (path.startsWith("ccs/state/")) delete before[path];
      expect(shape(world.root)).toEqual(before);
    });

    test(`${kind} that replaced ours: a launch stops and says so, the link stays`, () => {
      using world = new World();
      world.accounts("work");
      world.join("work");
      fs.mkdirSync(join(world.root, "somewhere"));
      fs.unlinkSync(world.own("work"));
      fs.symlinkSync(join(world.root, target), world.own("work"));
      expect(refusal(() => world.mend("work")).code).toBe("refused");
      expect(fs.readlinkSync(world.own("work"))).toBe(join(world.root, target));
      expect(fs.readdirSync(join(world.root, "somewhere"))).toEqual([]);
    });
  }

  test("a person's own link in an isolated account is nobody's business", () => {
    using world = new World();
    world.accounts("work");
    fs.mkdirSync(join(world.root, "somewhere"));
    fs.symlinkSync(join(world.root, "somewhere"), world.own("work"));
    world.mend("work");
    expect(fs.readlinkSync(world.own("work"))).toBe(join(world.root, "somewhere"));
  });

  test("a link of a person's that only passes through our groups by its text is the person's", () => {
    using world = new World();
    world.accounts("work");
    fs.mkdirSync(join(world.root, "mine"));
    fs.mkdirSync(world.home.groups, { recursive: true });
    fs.symlinkSync(`${world.home.groups}/../../../mine`, world.own("work"));
    expect(blocker(world.preview("work", standard("team"))).code).toBe("refused");
  });

  test("a relative link of ours is ours", () => {
    using world = new World();
    world.accounts("work");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    world.join("work");
    fs.unlinkSync(world.own("work"));
    fs.symlinkSync("../../shared/context-groups/team/projects", world.own("work"));
    world.mend("work");
    expect(text(world.own("work", "-p", `${S}.jsonl`))).toBe(chain(S, ["a"]));
    world.leave("work");
    expect(fs.lstatSync(world.own("work")).isDirectory()).toBe(true);
    expect(text(world.own("work", "-p", `${S}.jsonl`))).toBe(chain(S, ["a"]));
  });

  test("links made before CCS_DIR was moved are still ours", () => {
    using world = new World();
    world.accounts("work");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    world.join("work");
    const moved = ccs.homeOf({ CCS_DIR: join(world.root, "moved") }, world.root, world.root);
    fs.renameSync(world.home.root, moved.root);
    ccs.mendForLaunch(moved, "work");
    expect(fs.readlinkSync(join(moved.instances, "work", "projects"))).toBe(join(moved.groups, "team", "projects"));
    expect(text(join(moved.instances, "work", "projects", "-p", `${S}.jsonl`))).toBe(chain(S, ["a"]));
  });

  test("what was set aside before CCS_DIR was moved is compared with what stands in its new place", () => {
    using world = new World();
    world.accounts("work", "home");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a", "b"]));
    put(world.own("home", "-p", `${S}.jsonl`), chain(S, ["a"]));
    world.join("work");
    world.join("home");
    world.join("home", "other");
    const moved = ccs.homeOf({ CCS_DIR: join(world.root, "moved") }, world.root, world.root);
    fs.renameSync(world.home.root, moved.root);
    for (let round = 0; round < 2; round++) ccs.fixDoctor(moved, { env: {}, now: Date.now() });
    expect(names(moved.setAside)).toEqual([]);
    expect(text(join(moved.groups, "team", "projects", "-p", `${S}.jsonl`))).toBe(chain(S, ["a", "b"]));
  });

  test("a FIFO is set aside like a file", () => {
    using world = new World();
    world.accounts("work");
    expect(Bun.spawnSync(["mkfifo", world.own("work")]).exitCode).toBe(0);
    world.join("work");
    expect(fs.lstatSync(world.own("work")).isSymbolicLink()).toBe(true);
    expect(Object.values(shape(world.home.setAside)).filter((seen) => seen.startsWith("other"))).toHaveLength(1);
  });

  test("something that came where an account's own directory has to go: leaving is refused or keeps it, nothing is lost", () => {
    using world = new World();
    world.accounts("work");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    world.join("work");
    expect(world.interrupt("work", { mode: "isolated" }, 1)).toBe(true);
    let stopped = 1;
    while (fs.existsSync(world.own("work")) && fs.lstatSync(world.own("work")).isSymbolicLink()) {
      stopped += 1;
      using again = new World();
      again.accounts("work");
      put(again.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
      again.join("work");
      expect(again.interrupt("work", { mode: "isolated" }, stopped)).toBe(true);
      if (fs.existsSync(again.own("work"))) continue;
      put(again.own("work"), "a file came");
      refusal(() => again.mend("work"));
      expect(text(again.own("work"))).toBe("a file came");
      fs.unlinkSync(again.own("work"));
      again.mend("work");
      expect(names(again.own("work", "-p"))).toEqual([`${S}.jsonl`]);
      expect(again.unfinished()).toEqual([]);
      return;
    }
    throw new Error("the change was never seen between taking the link away and putting the directory in its place");
  });
});
