import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readSetAside } from "../../shared/context/set-aside.ts";
import * as ccs from "../../shared/index.ts";
import { chain, S, T } from "./support/sessions.ts";
import { type Held, held, lost, shape, snapshot } from "./support/snapshot.ts";
import { deeper, ISOLATED, names, put, refusal, standard, text, World } from "./support/world.ts";

const CREDENTIALS = '{"claudeAiOauth":{"accessToken":"token-of-work","scopes":["user:inference"]}}\n';
const STATE = `{
  "hasCompletedOnboarding": true,
  "oauthAccount": { "accountUuid": "u", "emailAddress": "work@example.invalid" },
  "primaryApiKey": "key-of-work",
  "mcpServers": { "files": { "command": "serve" } }
}
`;

/** `work` with a login and a session, `home` with one more in the group. */
function scene(world: World, shared = false): Held {
  world.accounts("work", "home");
  put(world.own("home", "-p", `${S}.jsonl`), chain(S, ["a"]));
  world.change("home", deeper("team"));
  put(world.own("work", "-p", `${T}.jsonl`), chain(T, ["x"]));
  put(world.own("work", "-p", "memory", "M.md"), "m");
  put(world.instance("work", ".credentials.json"), CREDENTIALS, 0o600);
  put(world.instance("work", ".claude.json"), STATE, 0o600);
  put(world.instance("work", "backups", ".claude.json.backup.1"), STATE);
  put(world.instance("work", "backups", "notes.txt"), "a person's");
  put(world.instance("work", "sessions", "99999999.ab.key"), "secret");
  put(world.instance("work", "CLAUDE.md"), "of work");
  fs.mkdirSync(world.instance("work", "empty"));
  if (shared) world.change("work", deeper("team"));
  world.editConfig((all) => `# mine\n${all.replace("  work:", "  work:   # pays for itself")}default: work\nother:\n  port: 1\n`);
  return held(snapshot(world.root));
}

/** What is on disk apart from times and what names the moment. */
function outcome(world: World): Record<string, string> {
  const dated = /\d{8}T\d{9}Z(-[0-9a-z]+-[0-9a-f]{4})?/g;
  return Object.fromEntries(
    Object.entries(shape(world.root))
      .filter(([path]) => !/^ccs\/(state|set-aside|staging)(\/|$)/.test(path))
      .map(([path, seen]) => [
        path.replaceAll(dated, "DATED"),
        seen
          .replaceAll(world.root, "ROOT")
          .replaceAll(dated, "DATED")
          .replaceAll(/created: ".*?"/g, "created"),
      ]),
  );
}

/** Everything of a snapshot that a removed login held is meant to be gone. */
function lostButLogin(before: Held, after: Held): string[] {
  return lost(before, after).filter(
    (line) => !/token-of-work|key-of-work|files: secret|names: (work$|\.credentials|\.claude\.json\.backup|99999999)/.test(line),
  );
}

const dates = (world: World) => names(world.home.removed);
const purge = (world: World) => ccs.purge(world.home, "work", ccs.purgeable(world.home, "work"));

describe("a rename", () => {
  test("takes the instance, the entry with its comment, the default and the permanent id along", () => {
    using world = new World();
    scene(world, true);
    const ids = JSON.parse(text(`${world.home.records}/accounts.json`)) as Record<string, string>;
    const inside = shape(world.instance("work"));
    const config = text(world.home.config);
    world.rename("work", "office");
    expect(text(world.home.config)).toBe(config.replace("  work:", "  office:").replace("default: work", "default: office"));
    expect(shape(world.instance("office"))).toEqual(inside);
    expect(fs.existsSync(world.instance("work"))).toBe(false);
    expect(JSON.parse(text(`${world.home.records}/accounts.json`))).toEqual({ home: ids["home"], office: ids["work"] });
    expect(world.unfinished()).toEqual([]);
    expect(ccs.showAccount(world.home, "office", 0).problems.filter((p) => p.health === "error")).toEqual([]);
  });

  test("leaves an account its sessions: leaving under the new name takes what was brought under the old one", () => {
    using world = new World();
    scene(world, true);
    world.rename("work", "office");
    world.leave("office");
    expect(names(world.own("office", "-p"))).toEqual([`${T}.jsonl`, "memory"]);
    world.undo("office");
    expect(world.policy("office")).toEqual(deeper("team"));
  });

  test("to another case of the same name is one", () => {
    using world = new World();
    scene(world);
    world.rename("work", "Work");
    expect(names(world.home.instances)).toEqual(["Work", "home"]);
    expect(ccs.readConfig(world.home).default).toBe("Work");
  });

  test("quotes a name that YAML would read as something else, and keeps flow style and its neighbours", () => {
    using world = new World();
    world.accounts("work", "home");
    world.editConfig(() => 'accounts: { work: { created: "2026-01-01T00:00:00.000Z" }, home: {} } # flow\n');
    world.rename("work", "2026");
    expect(text(world.home.config)).toBe('accounts: { "2026": { created: "2026-01-01T00:00:00.000Z" }, home: {} } # flow\n');
    expect([...ccs.readConfig(world.home).accounts.keys()]).toEqual(["2026", "home"]);
    expect(ccs.readConfig(world.home).problems).toEqual([]);
  });

  for (const [what, to, code] of [
    ["another account's in other letters", "HOME", "exists"],
    ["a command", "doctor", "usage"],
    ["a path", "../work", "usage"],
    ["its own", "work", "usage"],
  ] as const) {
    test(`to a name that is ${what} is refused, and nothing is changed`, () => {
      using world = new World();
      scene(world);
      const before = shape(world.root);
      expect(refusal(() => world.rename("work", to)).code).toBe(code);
      expect(shape(world.root)).toEqual(before);
    });
  }

  test("is refused where a directory of the name is left, where the instance is a link, and waits for a client", () => {
    using world = new World();
    scene(world);
    put(join(world.home.instances, "office", "projects", "x"), "somebody's");
    expect(refusal(() => world.rename("work", "office"))).toMatchObject({ code: "refused", where: world.instance("office") });
    put(world.instance("work", "sessions", `${process.pid}.json`), JSON.stringify({ pid: process.pid }));
    expect(refusal(() => world.rename("work", "free")).code).toBe("busy");
    fs.renameSync(world.instance("home"), join(world.root, "elsewhere"));
    fs.symlinkSync(join(world.root, "elsewhere"), world.instance("home"));
    expect(refusal(() => world.rename("home", "free")).message).toContain("a link somebody made");
    expect(world.unfinished()).toEqual([]);
    expect(ccs.readConfig(world.home).accounts.has("work")).toBe(true);
  });

  test("says what it means for the login on macOS, and which plugin files name the old directory", () => {
    using world = new World();
    scene(world);
    put(world.instance("work", "plugins", "installed.json"), JSON.stringify({ path: `${world.instance("work")}/plugins/x` }));
    const said = (platform: NodeJS.Platform) => ccs.previewRename(world.home, "work", "office", platform).sentences.join("\n");
    expect(said("darwin")).toContain("log in again after it, with ccs auth login office");
    expect(said("linux")).not.toContain("Keychain");
    expect(said("linux")).toContain("the paths in installed.json are written anew");
  });

  test("is refused as stale where something else came between the look and the yes", () => {
    using world = new World();
    scene(world);
    const seen = ccs.previewRename(world.home, "work", "office");
    ccs.setDefault(world.home, "home");
    expect(refusal(() => world.move(seen)).code).toBe("stale");
    expect(ccs.readConfig(world.home).accounts.has("work")).toBe(true);
    expect(world.unfinished()).toEqual([]);
  });

  test("lets what was set aside under the old name still find its account", () => {
    using world = new World();
    scene(world);
    put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["x", "y"]));
    world.change("work", standard("team"));
    world.leave("work", { take: "all" });
    expect(readSetAside(world.home).map(({ beside }) => beside)).toContain(world.own("work"));
    world.rename("work", "office");
    const beside = readSetAside(world.home).map((entry) => entry.beside);
    expect(beside).toContain(world.own("office"));
    expect(beside).not.toContain(world.own("work"));
    world.accounts("work");
    world.join("work", "new");
    world.leave("work");
    expect(readSetAside(world.home).map((entry) => entry.beside)).toContain(world.own("work"));
  });

  test("one that comes back under another name does not take along what is set aside of the account that has its own by now", () => {
    using world = new World();
    const aside = (group: string) => {
      world.join("work", group);
      world.leave("work");
      return readSetAside(world.home).at(-1)?.path as string;
    };
    const beside = (path: string) => readSetAside(world.home).find((entry) => entry.path === path)?.beside;
    world.accounts("work");
    const first = aside("team");
    world.remove("work");
    world.accounts("work");
    const second = aside("other");
    const [dated] = dates(world);
    world.rename("work", "newer");
    world.restore(dated as string, "older");
    expect([beside(first), beside(second)]).toEqual([world.own("older"), world.own("newer")]);
  });
});

describe("where instances stand elsewhere", () => {
  test("a rename works where all of them lie behind a link, on another filesystem", () => {
    using world = new World();
    const elsewhere = fs.mkdtempSync(join(tmpdir(), "ccs-instances-"));
    try {
      fs.mkdirSync(world.home.root);
      fs.symlinkSync(elsewhere, world.home.instances);
      world.accounts("work");
      put(world.own("work", "-p", `${T}.jsonl`), chain(T, ["x"]));
      world.rename("work", "office");
      expect(names(elsewhere)).toEqual(["office"]);
      expect(text(world.own("office", "-p", `${T}.jsonl`))).toBe(chain(T, ["x"]));
    } finally {
      fs.rmSync(elsewhere, { recursive: true, force: true });
    }
  });

  test("an instance another one leads into is neither renamed nor removed, and one set aside not purged", () => {
    using world = new World();
    scene(world);
    const there = world.instance("work");
    fs.symlinkSync(there, world.instance("twin"));
    world.editConfig((all) => all.replace("accounts:\n", "accounts:\n  twin: {}\n"));
    const before = shape(world.root);
    expect(refusal(() => world.rename("work", "office")).message).toContain("the instance of twin leads into the instance of work");
    expect(refusal(() => world.remove("work")).message).toContain("the instance of twin leads into");
    expect(shape(world.root)).toEqual(before);
    fs.rmSync(world.instance("twin"));
    world.remove("work");
    fs.symlinkSync(join(world.home.removed, dates(world)[0] as string), world.instance("twin"));
    expect(refusal(() => purge(world)).message).toContain("the instance of twin leads into it");
    expect(dates(world)).toHaveLength(1);
  });

  test("an instance a group leads into is neither renamed nor removed: its members would find nothing", () => {
    using world = new World();
    scene(world);
    world.join("home");
    fs.renameSync(ccs.groupOf(world.home, "team"), world.instance("work", "team"));
    fs.symlinkSync(world.instance("work", "team"), ccs.groupOf(world.home, "team"));
    const before = shape(world.root);
    expect(refusal(() => world.rename("work", "office")).message).toContain("the group team leads into the instance of work");
    expect(refusal(() => world.remove("work")).message).toContain("the group team leads into the instance of work");
    expect(shape(world.root)).toEqual(before);
  });
});

describe("a name that somebody left with a change unfinished", () => {
  test("is given to nobody else until that is finished: what was staged for the one is not the other's", () => {
    using world = new World();
    scene(world, true);
    expect(world.interrupt("work", ISOLATED, 2)).toBe(true);
    const intent = text(`${world.home.intents}/work.json`);
    world.remove("home", { keepLogin: true });
    world.accounts("spare");
    put(world.own("spare", "-p", "a.txt"), "of spare");
    // Of another version of ccs, so that nobody here finishes it; and its account is taken out by hand, directory and all.
    put(`${world.home.intents}/work.json`, intent.replace('"version": 1', '"version": 2'));
    world.editConfig((all) => all.replace(/ {2}work:.*?(?= {2}spare:)/s, "").replace("default: work", "default: spare"));
    if (fs.existsSync(world.instance("work"))) fs.renameSync(world.instance("work"), join(world.root, "away"));
    expect(refusal(() => world.rename("spare", "work"))).toMatchObject({ code: "busy", where: `${world.home.intents}/work.json` });
    expect(refusal(() => world.restore("home", "work"))).toMatchObject({ code: "busy" });
  });
});

describe("the directories of an account", () => {
  const RULES = "directories:\n  /srv/app: work   # ours\n  /srv/site: home\n";

  test("go with it to its new name, in place", () => {
    using world = new World();
    scene(world, true);
    world.editConfig((all) => all + RULES);
    world.rename("work", "office");
    expect(text(world.home.config)).toContain(RULES.replace("/srv/app: work", "/srv/app: office"));
  });

  test("are nobody's in particular once it is removed", () => {
    using world = new World();
    scene(world);
    world.editConfig((all) => all + RULES);
    world.remove("work");
    expect(ccs.readConfig(world.home).directories.map((rule) => rule.account)).toEqual(["home"]);
  });
});

describe("a removal", () => {
  test("sets the instance aside under a dated name, without its login, and takes the account out", () => {
    using world = new World();
    const before = scene(world);
    const seen = world.remove("work");
    expect(seen.sentences.join("\n")).toContain(".credentials.json");
    expect(ccs.readConfig(world.home).accounts.has("work")).toBe(false);
    expect(ccs.readConfig(world.home).default).toBe(null);
    expect(text(world.home.config)).toContain("# mine\n");
    expect(text(world.home.config)).toContain("other:\n  port: 1\n");
    expect(fs.existsSync(world.instance("work"))).toBe(false);
    const [dated] = dates(world);
    expect(dated).toMatch(/^work\.\d{8}T\d{9}Z$/);
    const aside = join(world.home.removed, dated as string);
    expect(names(aside)).toEqual([".claude.json", "CLAUDE.md", "backups", "empty", "projects", "sessions"]);
    expect(names(join(aside, "backups"))).toEqual(["notes.txt"]);
    expect(JSON.parse(text(join(aside, ".claude.json")))).toEqual({
      hasCompletedOnboarding: true,
      mcpServers: { files: { command: "serve" } },
    });
    expect(JSON.stringify(shape(world.root))).not.toMatch(/token-of-work|key-of-work/);
    expect(lostButLogin(before, held(snapshot(world.root)))).toEqual([]);
  });

  test("keeps the login with --keep-login, to the byte", () => {
    using world = new World();
    scene(world);
    const inside = shape(world.instance("work"));
    world.remove("work", { keepLogin: true });
    expect(shape(join(world.home.removed, dates(world)[0] as string))).toEqual(inside);
  });

  test("of a shared account takes its links out first: its own sessions come along, the group keeps everything", () => {
    using world = new World();
    const before = scene(world, true);
    const group = shape(ccs.groupOf(world.home, "team"));
    world.remove("work");
    const aside = join(world.home.removed, dates(world)[0] as string);
    expect(fs.lstatSync(join(aside, "projects")).isDirectory()).toBe(true);
    expect(names(join(aside, "projects", "-p"))).toEqual([`${T}.jsonl`, "memory"]);
    expect(shape(ccs.groupOf(world.home, "team"))).toEqual(group);
    expect(lostButLogin(before, held(snapshot(world.root)))).toEqual([]);
  });

  test("of a shared account takes nothing with --take none, and everything with --take all", () => {
    for (const [take, wanted] of [
      ["none", []],
      ["all", [`${S}.jsonl`, `${T}.jsonl`]],
    ] as const) {
      using world = new World();
      scene(world, true);
      world.remove("work", { take });
      const sessions = names(join(world.home.removed, dates(world)[0] as string, "projects", "-p"));
      expect(sessions.filter((name) => name.endsWith(".jsonl"))).toEqual([...wanted]);
    }
  });

  test("never follows a link where a login should be: the link goes, what it leads to stays", () => {
    using world = new World();
    scene(world);
    const theirs = put(join(world.root, "dotfiles", "claude.json"), STATE);
    fs.rmSync(world.instance("work", ".claude.json"));
    fs.symlinkSync(theirs, world.instance("work", ".claude.json"));
    world.remove("work");
    expect(text(theirs)).toBe(STATE);
    expect(names(join(world.home.removed, dates(world)[0] as string))).not.toContain(".claude.json");
  });

  test("finds a login under a name that is not UTF-8", () => {
    using world = new World();
    scene(world);
    const odd = Buffer.concat([Buffer.from(`${world.instance("work", "backups")}/.claude.json.`), Buffer.from([0xff])]);
    fs.writeFileSync(odd, STATE);
    world.remove("work");
    expect(world.unfinished()).toEqual([]);
    expect(JSON.stringify(shape(world.root))).not.toContain("key-of-work");
  });

  test("waits for a client of the account, and changes nothing then", () => {
    using world = new World();
    scene(world);
    put(world.instance("work", "sessions", `${process.pid}.json`), JSON.stringify({ pid: process.pid }));
    const before = shape(world.root);
    expect(refusal(() => world.remove("work")).code).toBe("busy");
    expect(shape(world.root)).toEqual(before);
  });
});

describe("bringing back what was removed", () => {
  test("is a round trip: the same files, its entry, its permanent id; isolated, and undo shares it again", () => {
    using world = new World();
    scene(world, true);
    world.editConfig((all) => all.replace("# pays for itself", "# pays for itself\n    colour: blue\n    quota: 3"));
    const ids = text(`${world.home.records}/accounts.json`);
    world.remove("work", { keepLogin: true });
    const inside = shape(join(world.home.removed, dates(world)[0] as string));
    const seen = world.restore("work");
    expect(seen.sentences.join("\n")).toContain("ccs auth edit work --context-group team --deeper-continuity");
    expect(seen.sentences.join("\n")).toContain("quota: 3");
    expect(shape(world.instance("work"))).toEqual(inside);
    expect(world.policy("work")).toEqual(ISOLATED);
    expect(text(world.home.config)).toContain('colour: "blue"');
    expect(JSON.parse(text(`${world.home.records}/accounts.json`))).toEqual(JSON.parse(ids));
    expect(dates(world)).toEqual([]);
    world.undo("work");
    expect(world.policy("work")).toEqual(deeper("team"));
    world.leave("work");
    expect(names(world.own("work", "-p"))).toEqual([`${T}.jsonl`, "memory"]);
  });

  test("takes the last of several, or the one that is named by its date, under another name where its own is taken", () => {
    using world = new World();
    for (const content of ["first", "second"]) {
      world.accounts("work");
      put(world.instance("work", "CLAUDE.md"), content);
      world.remove("work");
    }
    world.accounts("work");
    const [first] = dates(world);
    expect(refusal(() => world.restore("work")).hint).toContain("--as");
    world.restore("work", "second");
    expect(text(world.instance("second", "CLAUDE.md"))).toBe("second");
    world.restore(first as string, "first");
    expect(text(world.instance("first", "CLAUDE.md"))).toBe("first");
    expect(new Set(Object.values(JSON.parse(text(`${world.home.records}/accounts.json`)))).size).toBe(3);
  });

  test("names the nearest that was removed, and is refused where a directory of the name is left", () => {
    using world = new World();
    world.accounts("work");
    put(world.instance("work", "CLAUDE.md"), "mine");
    world.remove("work");
    expect(refusal(() => world.restore("wrk"))).toMatchObject({ code: "not-found", hint: 'Did you mean "work"?' });
    put(world.instance("work", "x"), "somebody's");
    expect(refusal(() => world.restore("work")).code).toBe("refused");
    expect(dates(world)).toHaveLength(1);
  });
});

describe("a purge", () => {
  test("leaves what was set aside after a person had looked, and what was brought back", () => {
    using world = new World();
    for (const content of ["first", "second"]) {
      world.accounts("work");
      put(world.instance("work", "CLAUDE.md"), content);
      world.remove("work");
    }
    const [first, second] = dates(world);
    const seen = ccs.purgeable(world.home, "work");
    world.restore(first as string, "first");
    world.accounts("work");
    put(world.instance("work", "CLAUDE.md"), "third");
    world.remove("work", { keepLogin: true });
    expect(ccs.purge(world.home, "work", seen).map(({ dated }) => dated)).toEqual([second as string]);
    expect(text(world.instance("first", "CLAUDE.md"))).toBe("first");
    expect(text(join(world.home.removed, dates(world)[0] as string, "CLAUDE.md"))).toBe("third");
  });

  test("is refused where what it would remove is on its way back under another name", () => {
    using world = new World();
    scene(world);
    world.remove("work");
    expect(world.interruptMove(ccs.previewRestore(world.home, "work", "office"), 2)).toBe(true);
    put(world.instance("office", "x"), "somebody's");
    expect(refusal(() => purge(world))).toMatchObject({ code: "busy" });
    fs.rmSync(world.instance("office"), { recursive: true });
    expect(purge(world)).toEqual([]);
    expect(text(world.instance("office", "CLAUDE.md"))).toBe("of work");
  });

  test("removes what was set aside of the account and nothing else, and follows no link", () => {
    using world = new World();
    scene(world, true);
    put(world.instance("work", "read-only", "file"), "x");
    fs.symlinkSync(ccs.groupOf(world.home, "team"), world.instance("work", "the-group"));
    fs.symlinkSync(world.instance("home", "CLAUDE.md"), world.instance("work", "read-only", "link"));
    fs.chmodSync(world.instance("work", "read-only"), 0o500);
    world.remove("work");
    world.accounts("third");
    put(world.instance("third", "CLAUDE.md"), "of third");
    world.remove("third");
    const before = shape(world.root);
    const third = dates(world).find((name) => name.startsWith("third")) as string;
    expect(ccs.purgeable(world.home, "work").found).toHaveLength(1);
    purge(world);
    expect(dates(world)).toEqual([third]);
    const left = Object.fromEntries(Object.entries(before).filter(([path]) => !path.startsWith("ccs/removed/work.")));
    expect(shape(world.root)).toEqual(left);
    expect(purge(world)).toEqual([]);
  });

  test("that was cut short is never brought back, and is finished by the next", () => {
    using world = new World();
    scene(world);
    world.remove("work");
    const [dated] = dates(world);
    fs.renameSync(join(world.home.removed, dated as string), join(world.home.removed, `${dated}.purged`));
    expect(refusal(() => world.restore("work")).code).toBe("not-found");
    expect(purge(world)).toHaveLength(1);
    expect(dates(world)).toEqual([]);
  });

  test("is refused where a group leads into it, or where it is no directory of ours", () => {
    using world = new World();
    scene(world);
    world.remove("work");
    const aside = join(world.home.removed, dates(world)[0] as string);
    fs.symlinkSync(join(aside, "projects"), join(world.home.groups, "led"));
    expect(refusal(() => purge(world)).message).toContain("the group led leads into it");
    fs.rmSync(join(world.home.groups, "led"));
    const real = join(world.root, "somewhere");
    fs.renameSync(world.home.removed, real);
    fs.symlinkSync(real, world.home.removed);
    expect(purge(world)).toHaveLength(1);
    expect(fs.existsSync(join(real, dirname("x")))).toBe(true);
  });
});

/** How many steps further each time: of leaving, each is broken off elsewhere. */
const BREAKS: [what: string, shared: boolean, preview: (world: World) => ccs.MovePreview, stride?: number][] = [
  ["a rename", true, (world) => ccs.previewRename(world.home, "work", "office")],
  ["a removal", false, (world) => ccs.previewRemoval(world.home, { account: "work", take: "mine", keepLogin: false })],
  [
    "a removal of a shared account",
    true,
    (world) => ccs.previewRemoval(world.home, { account: "work", take: "mine", keepLogin: false }),
    5,
  ],
  [
    "a return",
    true,
    (world) => {
      world.remove("work");
      return ccs.previewRestore(world.home, "work", null);
    },
  ],
];

describe("broken off after any step", () => {
  for (const [what, shared, preview, stride = 1] of BREAKS) {
    for (const [by, finish] of [
      ["the launch of another account", (world: World) => ccs.finishInterrupted(world.home)],
      ["doctor --fix", (world: World) => void ccs.fixDoctor(world.home, { env: {}, now: Date.now() })],
      ["a change of another account", (world: World) => void world.change("home", standard("third"))],
    ] as const) {
      test(`${what}: nothing is gone, and ${by} finishes it as if nothing had happened`, () => {
        using whole = new World();
        scene(whole, shared);
        whole.move(preview(whole));
        finish(whole);
        const wanted = outcome(whole);
        let last = 0;
        for (let after = 1; ; after += stride) {
          using world = new World();
          const before = scene(world, shared);
          if (!world.interruptMove(preview(world), after)) break;
          expect([after, lostButLogin(before, held(snapshot(world.root)))]).toEqual([after, []]);
          expect([after, world.unfinished().length > 0]).toEqual([after, true]);
          finish(world);
          expect([after, world.unfinished()]).toEqual([after, []]);
          expect([after, outcome(world)]).toEqual([after, wanted]);
          last = after;
        }
        expect(last).toBeGreaterThan(2);
      });
    }
  }

  test("a rename: an account half way is not changed and not made anew before it is there", () => {
    using world = new World();
    scene(world);
    expect(world.interruptMove(ccs.previewRename(world.home, "work", "office"), 2)).toBe(true);
    expect(ccs.readConfig(world.home).accounts.has("office")).toBe(true);
    expect(refusal(() => world.preview("office", standard("team")))).toMatchObject({ code: "busy", hint: "ccs doctor --fix" });
    expect(fs.existsSync(world.instance("office"))).toBe(false);
    world.mend("office");
    expect(text(world.instance("office", "CLAUDE.md"))).toBe("of work");
    world.join("office");
    expect(lost(held(snapshot(world.root)), held(snapshot(world.root)))).toEqual([]);
  });

  test("a rename that a person undid by hand before config.yaml was written is let go", () => {
    using world = new World();
    scene(world);
    expect(world.interruptMove(ccs.previewRename(world.home, "work", "office"), 1)).toBe(true);
    world.editConfig((all) => all.replace("  home:", "  office:\n    created: null\n  home:"));
    ccs.finishInterrupted(world.home);
    expect(world.unfinished()).toEqual([]);
    expect([...ccs.readConfig(world.home).accounts.keys()]).toEqual(["work", "office", "home"]);
    expect(text(world.instance("work", "CLAUDE.md"))).toBe("of work");
  });

  test("a move whose record cannot be read keeps its own account, and nobody else", () => {
    using world = new World();
    scene(world);
    expect(world.interruptMove(ccs.previewRename(world.home, "work", "office"), 1)).toBe(true);
    fs.writeFileSync(join(world.home.intents, "work.rename"), '{"version": 2}');
    expect(refusal(() => world.join("work"))).toMatchObject({ code: "refused", where: join(world.home.intents, "work.rename") });
    world.change("home", standard("other"));
    expect(world.undo("home").to).toEqual(deeper("team"));
    const found = ccs.runDoctor(world.home, { env: {}, now: Date.now() }).checks.find((c) => c.name === "intents");
    expect(found).toMatchObject({ result: "error", subject: "work" });
  });

  test("a rename whose place was taken meanwhile says so, keeps nobody else, and is finished once the place is free", () => {
    using world = new World();
    scene(world);
    expect(world.interruptMove(ccs.previewRename(world.home, "work", "office"), 2)).toBe(true);
    put(world.instance("office", "x"), "somebody's");
    expect(refusal(() => world.mend("office")).where).toBe(world.instance("office"));
    world.change("home", standard("other"));
    const error = ccs.runDoctor(world.home, { env: {}, now: Date.now() }).checks.find((c) => c.name === "intents");
    expect(error?.result).toBe("error");
    fs.renameSync(world.instance("office"), join(world.root, "away"));
    world.mend("office");
    expect(text(world.instance("office", "CLAUDE.md"))).toBe("of work");
    expect(world.unfinished()).toEqual([]);
  });
});

/** A move that is broken off once config.yaml says what it comes to, after each step from there on. */
function takenBack(
  what: string,
  preview: (world: World) => ccs.MovePreview,
  after: (world: World, before: Held, at: string, steps: number) => void,
): void {
  test(what, () => {
    let steps = 0;
    let all = 0;
    {
      using world = new World();
      scene(world, true);
      if (what.includes("a return")) world.remove("work", { keepLogin: true });
      ccs.applyMove(preview(world), { approved: true, onStep: () => (all += 1) });
    }
    for (let step = 1; ; step++) {
      using world = new World();
      scene(world, true);
      if (what.includes("a return")) world.remove("work", { keepLogin: true });
      const before = held(snapshot(world.root));
      const config = text(world.home.config);
      if (!world.interruptMove(preview(world), step)) break;
      const [intent] = world.unfinished().filter((name) => !name.endsWith(".json"));
      if (intent === undefined || JSON.parse(text(join(world.home.intents, intent))).configWritten !== true) continue;
      world.editConfig(() => config);
      const at = `broken off after step ${step}`;
      const said = ccs.runDoctor(world.home, { env: {}, now: Date.now() }).checks.find((check) => check.name === "intents");
      expect([at, said?.fix?.describes[0]]).toEqual([at, expect.stringMatching(/is taken back, as config\.yaml was\.$/)]);
      ccs.fixDoctor(world.home, { env: {}, now: Date.now() });
      expect([at, world.unfinished()]).toEqual([at, []]);
      after(world, before, at, all);
      steps += 1;
    }
    expect(steps).toBeGreaterThan(1);
  });
}

describe("a move that a person takes back in config.yaml before it is finished", () => {
  const ids = (world: World) => Object.keys(JSON.parse(text(`${world.home.records}/accounts.json`)) as object).sort();

  takenBack(
    "a rename: the account has its instance, its login and its id under the name it had",
    (world) => ccs.previewRename(world.home, "work", "office"),
    (world, before, at) => {
      expect([at, names(world.home.instances)]).toEqual([at, ["home", "work"]]);
      expect([at, text(world.instance("work", ".credentials.json"))]).toEqual([at, CREDENTIALS]);
      expect([at, ids(world)]).toEqual([at, ["home", "work"]]);
      expect([at, fs.existsSync(`${world.home.records}/renames.json`) ? text(`${world.home.records}/renames.json`) : ""]).not.toEqual([
        at,
        expect.stringContaining("office"),
      ]);
      expect([at, lost(before, held(snapshot(world.root)))]).toEqual([at, []]);
    },
  );

  takenBack(
    "a removal: the account has its instance again, with its login where that was not removed yet",
    (world) => ccs.previewRemoval(world.home, { account: "work", take: "mine", keepLogin: false }),
    (world, before, at, steps) => {
      expect([at, dates(world)]).toEqual([at, []]);
      expect([at, text(world.instance("work", "CLAUDE.md"))]).toEqual([at, "of work"]);
      const removed = Number(/\d+$/.exec(at)?.[0]) >= steps;
      expect([at, fs.existsSync(world.instance("work", ".credentials.json"))]).toEqual([at, !removed]);
      expect([at, ids(world)]).toEqual([at, ["home", "work"]]);
      expect([at, lostButLogin(before, held(snapshot(world.root))).filter((line) => !line.startsWith("names: "))]).toEqual([at, []]);
    },
  );

  takenBack(
    "a return: what was removed stays removed, or where it is already",
    (world) => ccs.previewRestore(world.home, "work", null),
    (world, _, at) => {
      const there = fs.existsSync(world.instance("work")) ? world.instance("work") : join(world.home.removed, dates(world)[0] ?? "");
      expect([at, text(join(there, ".credentials.json"))]).toEqual([at, CREDENTIALS]);
      expect([at, text(join(there, "projects", "-p", `${T}.jsonl`))]).toEqual([at, chain(T, ["x"])]);
      expect([at, ids(world)]).toEqual([at, there === world.instance("work") ? ["home", "work"] : ["home"]]);
    },
  );
});
