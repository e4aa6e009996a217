import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import * as ccs from "../../shared/index.ts";
import { runClient } from "./support/client.ts";
import { chain, S, T } from "./support/sessions.ts";
import { differences, held, lost, snapshot } from "./support/snapshot.ts";
import { ISOLATED, names, put, standard, text, World } from "./support/world.ts";

/** What a face asks for all the time: it has to get an answer, or an error that says something. */
function everyQuestion(world: World): void {
  const { home } = world;
  const questions = [
    () => ccs.listAccounts(home, 0),
    () => ccs.listGroups(home),
    () => ccs.runDoctor(home, { env: {}, now: 0 }),
    ...["work", "home"].flatMap((account) => [
      () => ccs.showAccount(home, account, 0),
      () => ccs.takeChoices(home, account),
      () => world.preview(account, standard("team")),
      () => world.preview(account, standard("other")),
      () => world.preview(account, ISOLATED),
    ]),
    ...names(home.groups).map((group) => () => ccs.showGroup(home, group)),
  ];
  for (const ask of questions) {
    try {
      ask();
    } catch (error) {
      if (!(error instanceof ccs.CcsError)) throw error;
    }
  }
}

/** Work is in the group, home is on its own. */
function two(world: World): void {
  world.accounts("work", "home");
  put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
  put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["a"]));
  world.join("work");
}

const ODD: [what: string, make: (world: World) => void][] = [
  ["a file where a group's directory is", (w) => put(join(w.home.groups, "odd"), "x")],
  ["a link to a file where a group's directory is", (w) => fs.symlinkSync(put(join(w.root, "x"), "x"), join(w.home.groups, "odd"))],
  ["a dangling link where a group's directory is", (w) => fs.symlinkSync("/nowhere", join(w.home.groups, "odd"))],
  ["a link to itself where a group's directory is", (w) => fs.symlinkSync("odd", join(w.home.groups, "odd"))],
  ["a FIFO where a group's directory is", (w) => void Bun.spawnSync(["mkfifo", join(w.home.groups, "odd")])],
  [
    "a file in place of the group's projects",
    (w) => {
      fs.rmSync(w.shared("team"), { recursive: true });
      put(w.shared("team"), "x");
    },
  ],
  ["a file among the instances", (w) => put(join(w.home.instances, "odd"), "x")],
  [
    "an instance that is a file",
    (w) => {
      fs.rmSync(w.instance("home"), { recursive: true });
      put(w.instance("home"), "x");
    },
  ],
  ["an instance that is gone", (w) => fs.rmSync(w.instance("home"), { recursive: true })],
  [
    "an instance that is a dangling link",
    (w) => {
      fs.rmSync(w.instance("home"), { recursive: true });
      fs.symlinkSync("/nowhere", w.instance("home"));
    },
  ],
  ["settings.json that is a directory", (w) => put(w.instance("home", "settings.json", "x"), "x")],
  ["sessions that is a file", (w) => put(w.instance("home", "sessions"), "x")],
  ["a directory where a transcript is", (w) => put(w.shared("team", "-p", `${T}.jsonl`, "x"), "x")],
  ["a file in place of set-aside", (w) => put(w.home.setAside, "x")],
  [
    "a file in place of staging",
    (w) => {
      fs.rmSync(w.home.staging, { recursive: true, force: true });
      put(w.home.staging, "x");
    },
  ],
  [
    "records that hold no sense",
    (w) => {
      for (const name of names(w.home.records)) if (name.endsWith(".jsonl")) fs.writeFileSync(join(w.home.records, name), "\u0000\u0000{");
      for (const name of names(join(w.home.records, "groups"))) fs.writeFileSync(join(w.home.records, "groups", name), "\u0000\u0000{");
    },
  ],
  ["a record of accounts that holds no sense", (w) => fs.writeFileSync(join(w.home.records, "accounts.json"), "")],
  [
    "records of set-aside that hold no sense",
    (w) => put(join(w.home.setAside, "20260101T000000000Z-home-0000", "index.jsonl"), "nonsense\n{}\n[]\nnull\n"),
  ],
];

describe("with something odd around", () => {
  for (const [what, make] of ODD) {
    test(`${what}: every question has an answer or an error that says something, and nothing changes`, () => {
      using world = new World();
      two(world);
      make(world);
      const before = snapshot(world.root);
      everyQuestion(world);
      expect(differences(before, snapshot(world.root))).toEqual([]);
    });

    test(`${what}: changing is done whole, or refused in words; nothing is gone`, () => {
      using world = new World();
      two(world);
      make(world);
      const before = held(snapshot(world.root));
      for (const change of [() => world.join("home"), () => world.leave("work"), () => world.mend("home"), () => world.leave("home")]) {
        try {
          change();
        } catch (error) {
          if (!(error instanceof ccs.CcsError)) throw error;
          expect(error.message).not.toBe("");
        }
        expect(lost(before, held(snapshot(world.root)))).toEqual([]);
      }
    });
  }

  // Needs the superuser: it takes on another user here.
  test.skipIf(process.geteuid?.() !== 0)("a permission that is missing is an error with the path, not a crash", () => {
    for (const part of [
      "shared/context-groups/team",
      "shared/context-groups/team/projects",
      "instances/home",
      "instances/home/projects",
      "state",
      "state/records",
      "set-aside",
    ]) {
      using world = new World();
      two(world);
      put(join(world.home.setAside, "x"), "x");
      Bun.spawnSync(["chown", "-R", "65534:65534", world.root]);
      fs.chmodSync(join(world.home.root, part), 0o000);
      process.seteuid?.(65_534);
      try {
        everyQuestion(world);
      } finally {
        process.seteuid?.(0);
      }
      expect(fs.statSync(join(world.home.root, part)).mode & 0o777).toBe(0);
    }
  });
});

describe("while a client of the account runs and replaces files whole", () => {
  test("a newer memory written while the older one is linked already: both stay in the group", () => {
    for (let after = 1; ; after++) {
      using world = new World();
      world.accounts("work", "home");
      put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["a"]));
      world.join("home");
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
      put(world.own("work", "-p", "memory", "MEMORY.md"), "older");
      using _client = runClient(world.home, "work", S);
      if (!world.interrupt("work", standard("team"), after)) break;
      const temporary = put(world.own("work", "-p", "memory", "MEMORY.md.tmp"), "newer");
      fs.renameSync(temporary, world.own("work", "-p", "memory", "MEMORY.md"));
      world.mend("work");
      const memory = names(world.shared("team", "-p", "memory"));
      expect([after, memory.includes("MEMORY.md")]).toEqual([after, true]);
      const held = memory.map((name) => text(world.shared("team", "-p", "memory", name))).sort();
      expect([after, held]).toEqual([after, memory.length === 1 ? ["newer"] : ["newer", "older"]]);
    }
  });
});
