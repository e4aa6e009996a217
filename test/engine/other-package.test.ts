import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { dirname, join, relative } from "node:path";
import * as ccs from "../../shared/index.ts";
import { signIn } from "./support/logins.ts";
import { chain, ownerLine, S, T } from "./support/sessions.ts";
import { differences, held, lost, snapshot } from "./support/snapshot.ts";
import { blocker, deeper, names, put, refusal, standard, text, World } from "./support/world.ts";

function link(path: string, target: string): void {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.symlinkSync(relative(dirname(path), target), path);
}

/** Two accounts in one group, deeper, laid out as version 7.79.1 of @kaitranntt/ccs lays them out: links are relative. */
function laidOut(world: World): void {
  const shared = (...inside: string[]) => join(world.home.shared, ...inside);
  put(join(world.root, ".claude", "settings.json"), '{\n  "model": "opus"\n}\n');
  link(shared("settings.json"), join(world.root, ".claude", "settings.json"));
  let config = "version: 13\naccounts:\n";
  for (const [account, id] of [
    ["work", S],
    ["home", T],
  ] as const) {
    config += `  ${account}:\n    created: "2026-02-24T00:00:00.000Z"\n    last_used: null\n    context_mode: shared\n    context_group: team\n    continuity_mode: deeper\n`;
    fs.mkdirSync(world.instance(account), { recursive: true, mode: 0o700 });
    fs.mkdirSync(world.shared("team"), { recursive: true });
    link(world.own(account), world.shared("team"));
    for (const artifact of ["session-env", "file-history", "shell-snapshots", "todos"]) {
      fs.mkdirSync(world.deep("team", artifact), { recursive: true });
      link(world.instance(account, artifact), world.deep("team", artifact));
    }
    link(world.instance(account, "settings.json"), shared("settings.json"));
    for (const name of ["agents", "commands", "skills"]) link(world.instance(account, name), shared(name));
    signIn(world, account, `login-${account}`);
    put(world.own(account, "-p", `${id}.jsonl`), ownerLine(id, `login-${account}`) + chain(id, ["a"]));
    put(world.deep("team", "file-history", id, "x@v1"), account);
  }
  put(shared("memory", "-p", "MEMORY.md"), "remembered");
  link(world.shared("team", "-p", "memory"), shared("memory", "-p"));
  put(world.home.config, `${config}cliproxy:\n  port: 8317 # theirs\n`, 0o600);
}

describe("accounts made by @kaitranntt/ccs", () => {
  test("are taken over in place: a launch needs nothing but the artifact that package does not know, and touches no settings", () => {
    using world = new World();
    laidOut(world);
    const before = snapshot(world.root);
    for (const account of ["work", "home"]) world.mend(account);
    const changed = differences(before, snapshot(world.root))
      .map((line) => line.slice(0, line.indexOf(": ")))
      .filter(
        (path) =>
          !/^ccs\/(state|staging|set-aside)(\/|$)/.test(path) &&
          !/^(ccs|ccs\/instances\/(work|home)|ccs\/shared\/context-groups\/team\/continuity)$/.test(path),
      );
    const artifacts = (account: string) =>
      ["projects", "session-env", "file-history", "shell-snapshots", "todos", "tasks"].map((name) => `ccs/instances/${account}/${name}`);
    expect(changed.filter((path) => !artifacts("work").includes(path) && !artifacts("home").includes(path))).toEqual([
      "ccs/shared/context-groups/team/continuity/tasks",
    ]);
    for (const account of ["work", "home"]) {
      expect(names(world.own(account, "-p"))).toEqual([`${S}.jsonl`, `${T}.jsonl`, "memory"]);
      expect(ccs.showAccount(world.home, account, 0).problems.filter((p) => p.health === "error")).toEqual([]);
      for (const path of artifacts(account)) expect(fs.statSync(join(world.root, path)).isDirectory()).toBe(true);
    }
    expect(text(world.own("home", "-p", "memory", "MEMORY.md"))).toBe("remembered");
  });

  test("relative links to the right place are right: nothing has to be mended in them", () => {
    using world = new World();
    laidOut(world);
    for (const account of ["work", "home"]) world.mend(account);
    expect(fs.readlinkSync(world.own("work"))).toBe(relative(world.instance("work"), world.shared("team")));
  });

  test("leave with their own sessions; the link of the shared memory stays where it is", () => {
    using world = new World();
    laidOut(world);
    const before = held(snapshot(world.root));
    world.leave("work");
    expect(names(world.own("work", "-p"))).toEqual([`${S}.jsonl`]);
    expect(names(world.instance("work", "file-history"))).toEqual([S]);
    expect(fs.lstatSync(world.shared("team", "-p", "memory")).isSymbolicLink()).toBe(true);
    expect(names(world.own("home", "-p"))).toEqual([`${S}.jsonl`, `${T}.jsonl`, "memory"]);
    expect(lost(before, held(snapshot(world.root)))).toEqual([]);
    expect(text(join(world.root, ".claude", "settings.json"))).toBe('{\n  "model": "opus"\n}\n');
  });

  test("that were isolated join with memory links inside their projects; what the links lead to stays where it is", () => {
    using world = new World();
    laidOut(world);
    put(join(world.home.shared, "memory", "-q", "MEMORY.md"), "of q");
    fs.mkdirSync(world.instance("third"), { recursive: true });
    world.editConfig((config) =>
      config.replace("cliproxy:", '  third:\n    created: "2026-02-24T00:00:00.000Z"\n    last_used: null\ncliproxy:'),
    );
    for (const project of ["-p", "-q"]) link(world.own("third", project, "memory"), join(world.home.shared, "memory", project));
    const before = held(snapshot(world.root));
    world.change("third", deeper("team"));
    expect(lost(before, held(snapshot(world.root)))).toEqual([]);
    expect(text(join(world.home.shared, "memory", "-q", "MEMORY.md"))).toBe("of q");
    expect(text(world.own("third", "-q", "memory", "MEMORY.md"))).toBe("of q");
    expect(text(world.home.config)).toContain("cliproxy:\n  port: 8317 # theirs\n");
  });

  test("joining another group says that settings.json is a link, and asks", () => {
    using world = new World();
    laidOut(world);
    world.leave("work");
    const preview = world.preview("work", standard("other"));
    expect(blocker(preview)).toMatchObject({ code: "refused", where: world.instance("work", "settings.json") });
    expect(refusal(() => ccs.applyChange(world.home, preview, { approved: true })).code).toBe("refused");
    world.change("work", standard("other"), { copySettings: true });
    expect(fs.lstatSync(world.instance("work", "settings.json")).isFile()).toBe(true);
    expect(text(join(world.root, ".claude", "settings.json"))).toBe('{\n  "model": "opus"\n}\n');
  });
});
