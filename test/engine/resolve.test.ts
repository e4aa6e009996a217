import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import * as ccs from "../../shared/index.ts";
import { type Held, held, lost, shape, snapshot } from "./support/snapshot.ts";
import { names, put, refusal, standard, text, World } from "./support/world.ts";

/** What stands twice in the group: a text, a link, a file and a directory. */
function scene(world: World): Held {
  world.accounts("work", "home");
  for (const account of ["home", "work"] as const) {
    put(world.own(account, "-p", "memory", "MEMORY.md"), `# of ${account}\n`, account === "work" ? 0o640 : 0o600);
    fs.symlinkSync(`/to/${account}`, world.own(account, "-p", "link"));
  }
  put(world.own("home", "-p", "kind"), "a file");
  put(world.own("work", "-p", "kind", "inside"), "in a directory");
  world.join("home");
  world.join("work");
  return held(snapshot(world.root));
}

const group = (...inside: string[]) => ["-p", ...inside] as const;
const find = (world: World, name: string) => {
  const found = ccs.listConflicts(world.home, "team").find(({ conflict }) => conflict.path.endsWith(`/${name}`));
  if (found === undefined) throw new Error(`nothing waits that is called ${name}`);
  return found;
};
const waiting = (world: World) => ccs.listConflicts(world.home, "team").map(({ conflict }) => conflict.path);
const findings = (world: World) => ccs.runDoctor(world.home, { env: {}, now: Date.now() }).checks.filter((c) => c.name === "conflicts");

describe("a choice between two files of a group", () => {
  test("keeping this sets the one that arrived aside, and doctor has nothing left to say", () => {
    using world = new World();
    const before = scene(world);
    expect(waiting(world)).toHaveLength(3);
    expect(findings(world)[0]).toMatchObject({ result: "warning", fix: { command: "ccs group resolve team" } });
    for (const name of ["MEMORY.md", "link", "kind"]) {
      const aside = ccs.resolveConflict(world.home, find(world, name), "this");
      expect(aside).toStartWith(world.home.setAside);
      expect(fs.existsSync(aside as string) || fs.lstatSync(aside as string).isSymbolicLink()).toBe(true);
    }
    expect(waiting(world)).toEqual([]);
    expect(findings(world)[0]?.result).toBe("ok");
    expect(text(world.shared("team", ...group("memory", "MEMORY.md")))).toBe("# of home\n");
    expect(names(world.shared("team", "-p"))).toEqual(["kind", "link", "memory"]);
    expect(lost(before, held(snapshot(world.root)))).toEqual([]);
  });

  test("keeping that gives it the name, with its own mode and time; what stood there is set aside", () => {
    using world = new World();
    const before = scene(world);
    const times = (path: string) => fs.lstatSync(path, { bigint: true }).mtimeNs / 1000n;
    const came = Object.fromEntries(["MEMORY.md", "link", "kind"].map((name) => [name, times(find(world, name).that.path)] as const));
    for (const name of ["MEMORY.md", "link", "kind"]) ccs.resolveConflict(world.home, find(world, name), "that");
    expect(waiting(world)).toEqual([]);
    const memory = world.shared("team", ...group("memory", "MEMORY.md"));
    expect(text(memory)).toBe("# of work\n");
    expect(fs.statSync(memory).mode & 0o777).toBe(0o640);
    expect(fs.statSync(memory).nlink).toBe(1);
    expect(fs.readlinkSync(world.shared("team", ...group("link")))).toBe("/to/work");
    expect(text(world.shared("team", ...group("kind", "inside")))).toBe("in a directory");
    expect([memory, world.shared("team", ...group("link")), world.shared("team", ...group("kind"))].map(times)).toEqual(
      Object.values(came),
    );
    expect(names(world.shared("team", "-p"))).toEqual(["kind", "link", "memory"]);
    expect(names(world.home.staging)).toEqual([]);
    expect(lost(before, held(snapshot(world.root))).filter((line) => !line.includes(".from-work"))).toEqual([]);
  });

  test("keeping both leaves both and asks no more, until such a file arrives again", () => {
    using world = new World();
    scene(world);
    const before = shape(world.home.groups);
    const { that } = find(world, "MEMORY.md");
    ccs.resolveConflict(world.home, find(world, "MEMORY.md"), "both");
    expect(shape(world.home.groups)).toEqual(before);
    expect(waiting(world)).toHaveLength(2);
    world.leave("work");
    fs.rmSync(that.path);
    put(world.own("work", "-p", "memory", "MEMORY.md"), "# other by now\n");
    world.join("work");
    expect(waiting(world)).toHaveLength(3);
  });

  test("is stale where one of the two was written meanwhile, and refused where keeping this would keep nothing", () => {
    using world = new World();
    scene(world);
    const seen = find(world, "MEMORY.md");
    fs.appendFileSync(seen.this.path, "more\n");
    const before = shape(world.root);
    expect(refusal(() => ccs.resolveConflict(world.home, seen, "this")).code).toBe("stale");
    expect(shape(world.root)).toEqual(before);
    fs.rmSync(seen.this.path);
    expect(refusal(() => ccs.resolveConflict(world.home, find(world, "MEMORY.md"), "this")).code).toBe("refused");
    ccs.resolveConflict(world.home, find(world, "MEMORY.md"), "that");
    expect(text(seen.this.path)).toBe("# of work\n");
  });

  test("waits still where CCS_DIR has another place by now, and what was answered is not asked again", () => {
    using world = new World();
    scene(world);
    ccs.resolveConflict(world.home, find(world, "link"), "both");
    const root = `${world.home.root}-moved`;
    fs.renameSync(world.home.root, root);
    const home = ccs.homeOf({ CCS_DIR: root }, world.root, world.root);
    const found = ccs.listConflicts(home, "team");
    expect(found.map(({ conflict }) => conflict.path.split("/").at(-1)).sort()).toEqual(["MEMORY.md", "kind"]);
    const memory = found.find(({ conflict }) => conflict.path.endsWith("MEMORY.md")) as ccs.ConflictReport;
    expect(memory.this.text).toBe("# of home\n");
    ccs.resolveConflict(home, memory, "both");
    expect(ccs.listConflicts(home, "team")).toHaveLength(1);
  });

  test("what is set aside by it is kept by doctor --fix, and comes back to nobody", () => {
    using world = new World();
    scene(world);
    const aside = ccs.resolveConflict(world.home, find(world, "MEMORY.md"), "that") as string;
    fs.appendFileSync(aside, "written into since\n");
    ccs.fixDoctor(world.home, { env: {}, now: Date.now() });
    expect(text(aside)).toBe("# of home\nwritten into since\n");
    expect(text(world.shared("team", ...group("memory", "MEMORY.md")))).toBe("# of work\n");
  });
});

describe("broken off after any step", () => {
  for (const name of ["MEMORY.md", "link", "kind"]) {
    for (const [by, finish] of [
      ["the next launch", (world: World) => ccs.finishInterrupted(world.home)],
      ["doctor --fix", (world: World) => void ccs.fixDoctor(world.home, { env: {}, now: Date.now() })],
      ["the next change", (world: World) => void world.change("home", standard("other"))],
    ] as const) {
      test(`keeping that of ${name}: nothing is gone, and ${by} finishes it`, () => {
        let last = 0;
        for (let after = 1; ; after++) {
          using world = new World();
          const before = scene(world);
          const seen = find(world, name);
          let done = 0;
          const stop = new Error("broken off");
          try {
            ccs.resolveConflict(world.home, seen, "that", () => {
              done += 1;
              if (done >= after) throw stop;
            });
            break;
          } catch (error) {
            if (error !== stop) throw error;
          }
          expect([after, lost(before, held(snapshot(world.root))).filter((line) => !line.includes(".from-work"))]).toEqual([after, []]);
          expect([after, world.unfinished()]).toEqual([after, ["team.resolve"]]);
          finish(world);
          expect([after, world.unfinished(), names(world.home.staging)]).toEqual([after, [], []]);
          expect([after, waiting(world).some((path) => path.endsWith(name))]).toEqual([after, false]);
          expect([after, fs.lstatSync(seen.this.path).isDirectory()]).toEqual([after, name === "kind"]);
          if (name === "MEMORY.md") expect([after, text(seen.this.path)]).toEqual([after, "# of work\n"]);
          last = after;
        }
        expect(last).toBeGreaterThan(3);
      });
    }
  }

  test("keeping that, and a client wrote under the name before it was finished: it stays there, and the other one is kept", () => {
    const client = "# written by a client since\n";
    let last = 0;
    for (let after = 1; ; after++) {
      using world = new World();
      scene(world);
      const seen = find(world, "MEMORY.md");
      let done = 0;
      const stop = new Error("broken off");
      try {
        ccs.resolveConflict(world.home, seen, "that", () => {
          done += 1;
          if (done >= after) throw stop;
        });
        break;
      } catch (error) {
        if (error !== stop) throw error;
      }
      put(`${seen.this.path}.tmp`, client);
      fs.renameSync(`${seen.this.path}.tmp`, seen.this.path);
      const { left } = ccs.fixDoctor(world.home, { env: {}, now: Date.now() });
      expect([after, left.filter((check) => check.name === "intents" && check.result !== "ok")]).toEqual([after, []]);
      expect([after, world.unfinished(), names(world.home.staging)]).toEqual([after, [], []]);
      expect([after, text(seen.this.path)]).toEqual([after, client]);
      // The client replaced what stood there; the other is beside it still, or set aside where it had the name already.
      expect([after, JSON.stringify(shape(world.root)).includes("# of work")]).toEqual([after, true]);
      const beside = fs.existsSync(seen.that.path);
      expect([after, waiting(world).some((path) => path.endsWith("MEMORY.md"))]).toEqual([after, beside]);
      last = after;
    }
    expect(last).toBeGreaterThan(3);
  });

  test("keeping that is stale where a client writes under the name at this moment: both stay, to be chosen between again", () => {
    using world = new World();
    scene(world);
    const seen = find(world, "MEMORY.md");
    const error = refusal(() =>
      ccs.resolveConflict(world.home, seen, "that", (step) => {
        if (step === "set aside") put(seen.this.path, "# written at this moment\n");
      }),
    );
    expect(error).toMatchObject({ code: "stale", where: seen.this.path });
    expect(world.unfinished()).toEqual([]);
    expect(text(seen.this.path)).toBe("# written at this moment\n");
    expect(text(seen.that.path)).toBe("# of work\n");
    expect(JSON.stringify(shape(world.home.setAside))).toContain("# of home");
    expect(waiting(world)).toHaveLength(3);
  });

  test("keeping this: nothing is gone, and it can be asked for again", () => {
    for (let after = 1; ; after++) {
      using world = new World();
      const before = scene(world);
      let done = 0;
      const stop = new Error("broken off");
      try {
        ccs.resolveConflict(world.home, find(world, "MEMORY.md"), "this", () => {
          done += 1;
          if (done >= after) throw stop;
        });
        break;
      } catch (error) {
        if (error !== stop) throw error;
      }
      expect([after, lost(before, held(snapshot(world.root)))]).toEqual([after, []]);
      if (waiting(world).length === 3) ccs.resolveConflict(world.home, find(world, "MEMORY.md"), "this");
      expect(waiting(world)).toHaveLength(2);
      expect(lost(before, held(snapshot(world.root)))).toEqual([]);
    }
  });
});
