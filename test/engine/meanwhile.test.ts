import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import * as ccs from "../../shared/index.ts";
import { runClient } from "./support/client.ts";
import { chain, linesOf, S, T, turn, U } from "./support/sessions.ts";
import { held, lost, snapshot } from "./support/snapshot.ts";
import { deeper, FAST, ISOLATED, names, put, standard, text, World } from "./support/world.ts";

/**
 * Applies a change, and after so many operations lets somebody do something in the middle of it.
 * @returns whether there were that many
 */
function meanwhile(world: World, account: string, to: ccs.ContextPolicy, after: number, act: () => void): boolean {
  let done = 0;
  ccs.applyChange(world.home, world.preview(account, to), {
    approved: true,
    onProgress: () => {
      done += 1;
      if (done === after) act();
    },
  });
  return done >= after;
}

/** A line at the end of a session, written like a client writes it: by path, directories made where missing. */
function goOn(path: string, line: string): void {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.appendFileSync(path, line);
}

/** Where a file of an account's tree is by now, if it was moved aside: a writer that had opened it before still reaches it. */
function movedAside(world: World, name: string): string | null {
  const found = [...snapshot(world.home.staging).keys()].find((path) => basename(path) === name && path.includes(".in."));
  return found === undefined ? null : join(world.home.staging, found);
}

describe("while a change is applied", () => {
  for (const [what, there, own] of [
    ["nothing of it is in the group", null, ["a", "b"]],
    ["the same is in the group", ["a", "b"], ["a", "b"]],
    ["its beginning is in the group", ["a"], ["a", "b"]],
  ] as const) {
    for (const registered of [true, false]) {
      test(`joining: a client that ${registered ? "says it runs" : "says nothing"} goes on with a session, at any step, where ${what}: the line is there once`, () => {
        for (let after = 1; ; after++) {
          using world = new World();
          world.accounts("work", "home");
          put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["x"]));
          if (there !== null) put(world.own("home", "-p", `${S}.jsonl`), chain(S, there));
          world.join("home");
          put(world.own("work", "-p", `${S}.jsonl`), chain(S, own));
          put(world.own("work", "-p", "notes.md"), "n");
          using client = registered ? runClient(world.home, "work", S) : { [Symbol.dispose]: () => undefined };
          const before = held(snapshot(world.root));
          const live = turn("live", own.at(-1) as string, S);
          const more = meanwhile(world, "work", standard("team"), after, () => goOn(world.own("work", "-p", `${S}.jsonl`), live));
          expect([after, lost(before, held(snapshot(world.root)))]).toEqual([after, []]);
          if (!more) break;
          const everywhere = names(world.shared("team", "-p")).filter((name) => name.endsWith(".jsonl"));
          const found = everywhere
            .flatMap((name) => linesOf(text(world.shared("team", "-p", name))))
            .filter((line) => line.includes('"live"'));
          expect([after, found.length]).toEqual([after, 1]);
          if (!registered) continue;
          const session = linesOf(text(world.shared("team", "-p", `${S}.jsonl`)));
          expect([after, session.toSorted()]).toEqual([after, linesOf(chain(S, ["a", "b"]) + live).toSorted()]);
          expect(client).toBeDefined();
        }
      });
    }
  }

  test("joining: what is written into a file after it was compared is not set aside unseen", () => {
    let seen = 0;
    for (let after = 1; ; after++) {
      using world = new World();
      world.accounts("work", "home");
      for (const account of ["work", "home"]) {
        put(world.own(account, "-p", `${S}.jsonl`), chain(S, ["a"]));
        put(world.own(account, "-p", "notes.md"), "same");
      }
      world.join("home");
      let wrote = false;
      const more = meanwhile(world, "work", standard("team"), after, () => {
        const [transcript, notes] = [movedAside(world, `${S}.jsonl`), movedAside(world, "notes.md")];
        if (transcript === null || notes === null) return;
        fs.appendFileSync(transcript, turn("late", "a", S));
        fs.appendFileSync(notes, " and more");
        wrote = true;
      });
      if (!more) break;
      if (!wrote) continue;
      seen += 1;
      expect([after, text(world.shared("team", "-p", `${S}.jsonl`))]).toEqual([after, chain(S, ["a", "late"])]);
      expect([after, text(world.shared("team", "-p", "notes.from-work.md"))]).toEqual([after, "same and more"]);
    }
    expect(seen).toBeGreaterThan(0);
  });

  test("joining: another member goes on with the session that gives way to a longer one, at any step: its line is in it", () => {
    for (let after = 1; ; after++) {
      using world = new World();
      world.accounts("work", "home");
      put(world.own("home", "-p", `${S}.jsonl`), chain(S, ["a"]));
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a", "b"]));
      world.join("home");
      const line = turn("member", "a", S);
      const more = meanwhile(world, "work", standard("team"), after, () => goOn(world.own("home", "-p", `${S}.jsonl`), line));
      if (!more) break;
      const all = names(world.shared("team", "-p")).flatMap((name) => linesOf(text(world.shared("team", "-p", name))));
      for (const id of ["b", "member"]) expect([after, id, all.some((one) => one.includes(`"uuid":"${id}"`))]).toEqual([after, id, true]);
      expect([after, linesOf(text(world.shared("team", "-p", `${S}.jsonl`)))[0]]).toEqual([after, chain(S, ["a"]).trim()]);
    }
  });

  for (const [what, prepare, to] of [
    ["joining", () => undefined, standard("team")],
    ["leaving", (world: World) => void world.change("work", deeper("team")), ISOLATED],
    ["going to another group", (world: World) => void world.change("work", deeper("team")), deeper("other")],
  ] as const) {
    test(`${what}: names appear in the group and in the account's own directory at any step: none is overwritten, none is lost`, () => {
      for (let after = 1; ; after++) {
        using world = new World();
        world.accounts("work", "home");
        put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["x"]));
        world.change("home", deeper("team"));
        put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
        put(world.own("work", "-p", "memory", "M.md"), "m");
        put(world.own("work", "-q", "x"), "x");
        put(world.instance("work", "file-history", S, "f@v1"), "v1");
        prepare(world);
        const before = held(snapshot(world.root));
        const more = meanwhile(world, "work", to, after, () => {
          for (const [place, who] of [
            [world.shared("team"), "in the group"],
            [world.shared("other"), "in the other group"],
            [world.own("work"), "of the account"],
          ] as const) {
            if (!fs.existsSync(dirname(place))) continue;
            for (const path of [`-p/${U}.jsonl`, "-q/x", "-q/new", "-z/z"]) {
              const target = join(place, path);
              if (!fs.existsSync(target)) put(target, path.endsWith(".jsonl") ? chain(U, [who]) : `${path} ${who}`);
            }
          }
        });
        const now = held(snapshot(world.root));
        expect([after, lost(before, now)]).toEqual([after, []]);
        expect([after, world.unfinished()]).toEqual([after, []]);
        if (!more) break;
        expect([after, now.files.has("-z/z in the group") || now.files.has("-z/z of the account")]).toEqual([after, true]);
        expect([after, world.preview("work", to).plan.operations]).toEqual([after, []]);
      }
    });
  }

  test("joining: a name a link needs is taken at any step: both stay in the group", () => {
    for (let after = 1; ; after++) {
      using world = new World();
      world.accounts("work", "home");
      put(world.own("home", "-p", "x"), "x");
      world.join("home");
      put(world.own("work", "-p", "y"), "y");
      fs.symlinkSync("/nowhere", world.own("work", "-p", "name"));
      const more = meanwhile(world, "work", standard("team"), after, () => {
        const path = world.shared("team", "-p", "name");
        if (names(dirname(path)).includes("name")) return;
        put(path, "a file");
      });
      const found = names(world.shared("team", "-p")).filter((name) => name.startsWith("name"));
      const links = found.filter((name) => fs.lstatSync(world.shared("team", "-p", name)).isSymbolicLink());
      expect([after, links.map((name) => fs.readlinkSync(world.shared("team", "-p", name)))]).toEqual([after, ["/nowhere"]]);
      if (!more) break;
    }
  });

  test("joining: a file the plan counts on goes away at any step: the rest arrives", () => {
    for (let after = 1; ; after++) {
      using world = new World();
      world.accounts("work", "home");
      put(world.own("home", "-p", "notes.md"), "of home");
      world.join("home");
      put(world.own("work", "-p", "notes.md"), "of work");
      put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
      const more = meanwhile(world, "work", standard("team"), after, () => {
        fs.rmSync(world.own("work", "-p", "notes.md"), { force: true });
        fs.rmSync(movedAside(world, "notes.md") ?? join(world.root, "nothing"), { force: true });
      });
      expect([after, text(world.shared("team", "-p", `${S}.jsonl`))]).toEqual([after, chain(S, ["a"])]);
      expect([after, world.unfinished()]).toEqual([after, []]);
      if (!more) break;
    }
  });

  // Needs two filesystems: the one worlds are made on and that of temporary files.
  test.skipIf(fs.statSync(FAST).dev === fs.statSync(tmpdir()).dev)(
    "joining a group on another filesystem: what is written into a file while it is copied, at any step, arrives too",
    () => {
      let seen = 0;
      for (let after = 1; ; after++) {
        using world = new World();
        const other = fs.mkdtempSync(join(tmpdir(), "ccs-other-"));
        try {
          world.accounts("work", "home");
          fs.mkdirSync(world.home.groups, { recursive: true });
          fs.symlinkSync(other, ccs.groupOf(world.home, "team"));
          put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["x"]));
          world.join("home");
          put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
          put(world.own("work", "-q", "x"), "x");
          let wrote = false;
          const more = meanwhile(world, "work", standard("team"), after, () => {
            const file = movedAside(world, `${S}.jsonl`);
            if (file === null) return;
            fs.appendFileSync(file, turn("late", "a", S));
            wrote = true;
          });
          if (!more) break;
          if (!wrote) continue;
          const arrived = text(world.shared("team", "-p", `${S}.jsonl`)).includes('"late"');
          // From the moment its copy was seen to be equal, the source is set aside, and grown files in it are seen by doctor.
          const kept = [...snapshot(world.home.setAside).values()].some((one) => one.content.includes('"late"'));
          expect([after, arrived || kept]).toEqual([after, true]);
          if (arrived) seen += 1;
          expect([after, world.unfinished()]).toEqual([after, []]);
        } finally {
          fs.rmSync(other, { recursive: true });
        }
      }
      expect(seen).toBeGreaterThan(0);
    },
  );
});
