import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import * as ccs from "../../shared/index.ts";
import { signIn, typedInto } from "./support/logins.ts";
import { answer, chain, ownerLine, S, session, T, turn, U } from "./support/sessions.ts";
import { differences, held, lost, shape, snapshot } from "./support/snapshot.ts";
import { deeper, ISOLATED, names, put, refusal, standard, text, World } from "./support/world.ts";

const V = session(4);
const W = session(5);

/** Sessions that stand in an account's own directory, whatever the project. */
function ownSessions(world: World, account: string): string[] {
  return names(world.own(account))
    .flatMap((project) => names(world.own(account, project)))
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => name.slice(0, 36))
    .sort();
}

/** Work brought S, home brought T; U, V and W appeared in the group: U under home's login, V under work's, W under none. */
function mixed(world: World): void {
  world.accounts("work", "home");
  signIn(world, "work", "login-work");
  signIn(world, "home", "login-home");
  put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
  put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["a"]));
  world.join("work");
  world.join("home");
  put(world.shared("team", "-p", `${U}.jsonl`), ownerLine(U, "login-home") + chain(U, ["a"]));
  put(world.shared("team", "-q", `${V}.jsonl`), turn("a", null, V) + ownerLine(V, "login-work") + answer("b", "a", V));
  put(world.shared("team", "-q", `${W}.jsonl`), chain(W, ["a"]));
  for (const id of [S, T, U, V, W]) put(world.shared("team", "-p", id, "tool-results", "1.txt"), `of ${id}`);
}

describe("what an account takes along", () => {
  test("mine: what it brought and what its login began, with their attachments; everything else stays and is counted", () => {
    using world = new World();
    mixed(world);
    typedInto(world, "work", T, W, S);
    const before = snapshot(world.shared("team"));
    const preview = world.preview("work", ISOLATED);
    expect(preview.sentences.join("\n")).toContain("takes a copy of 2 sessions along; 3 stay in team; you continued 2 of these");
    const report = ccs.applyChange(world.home, preview, { approved: true });
    expect(ownSessions(world, "work")).toEqual([S, V]);
    expect(names(world.own("work", "-p"))).toEqual([S, `${S}.jsonl`, V]);
    expect(text(world.own("work", "-p", S, "tool-results", "1.txt"))).toBe(`of ${S}`);
    expect(report.summary).toMatchObject({ sessionsOut: 2, sessionsStay: 3, sessionsContinued: 2 });
    expect(differences(before, snapshot(world.shared("team")))).toEqual([]);
  });

  test("the copies are real: what is written into one is not written into the other", () => {
    using world = new World();
    mixed(world);
    world.leave("work");
    fs.appendFileSync(world.own("work", "-p", `${S}.jsonl`), turn("mine", "a", S));
    expect(text(world.shared("team", "-p", `${S}.jsonl`))).toBe(chain(S, ["a"]));
  });

  test("all: everything, and still nothing is withdrawn", () => {
    using world = new World();
    mixed(world);
    const before = snapshot(world.shared("team"));
    const report = world.leave("work", { take: "all" });
    expect(ownSessions(world, "work")).toEqual([S, T, U, V, W]);
    expect(report.summary).toMatchObject({ sessionsOut: 5, sessionsStay: 0 });
    expect(differences(before, snapshot(world.shared("team")))).toEqual([]);
  });

  test("none: nothing, and the account's directory is there and empty", () => {
    using world = new World();
    mixed(world);
    const report = world.leave("work", { take: "none" });
    expect(report.summary).toMatchObject({ sessionsOut: 0, sessionsStay: 5 });
    expect(ownSessions(world, "work")).toEqual([]);
    expect(fs.lstatSync(world.own("work")).isDirectory()).toBe(true);
  });

  test("a session named one by one comes along whatever else is said", () => {
    using world = new World();
    mixed(world);
    world.leave("work", { take: "none", takeSessions: [W, T] });
    expect(ownSessions(world, "work")).toEqual([T, W]);
    world.leave("home", { takeSessions: [S] });
    expect(ownSessions(world, "home")).toEqual([S, T, U]);
  });

  test("a session the group does not have cannot be named: refused, nothing changes", () => {
    using world = new World();
    mixed(world);
    const before = shape(world.root);
    expect(refusal(() => world.leave("work", { takeSessions: [session(99)] })).code).toBe("not-found");
    expect(shape(world.root)).toEqual(before);
  });

  test("the choices offered beforehand are what is then taken", () => {
    using world = new World();
    mixed(world);
    typedInto(world, "work", W);
    expect(ccs.takeChoices(world.home, "work")).toEqual({ mine: 2, all: 5, continued: 1 });
    expect(ccs.takeChoices(world.home, "home")).toEqual({ mine: 2, all: 5, continued: 0 });
  });

  test("what was decided when the change began stays decided when it is finished later", () => {
    using world = new World();
    mixed(world);
    expect(world.interrupt("work", ISOLATED, 2)).toBe(true);
    put(world.shared("team", "-p", `${session(77)}.jsonl`), ownerLine(session(77), "login-work"));
    world.mend("work");
    expect(ownSessions(world, "work")).toEqual([S, V]);
  });

  test("the files of a session in deeper continuity come along, those of others do not", () => {
    using world = new World();
    world.accounts("work", "home");
    for (const [account, id] of [
      ["work", S],
      ["home", T],
    ] as const) {
      put(world.own(account, "-p", `${id}.jsonl`), chain(id, ["a"]));
      for (const artifact of ["session-env", "file-history", "todos", "tasks"])
        put(world.instance(account, artifact, id, "x"), `${artifact} of ${account}`);
      put(world.instance(account, "todos", `${id}-agent-${id}.json`), account);
      world.change(account, deeper("team"));
    }
    world.change("work", standard("team"));
    for (const artifact of ["session-env", "file-history", "tasks"]) {
      expect(names(world.instance("work", artifact))).toEqual([S]);
      expect(text(world.instance("work", artifact, S, "x"))).toBe(`${artifact} of work`);
      expect(names(world.deep("team", artifact))).toEqual([S, T]);
    }
    expect(names(world.instance("work", "todos"))).toEqual([S, `${S}-agent-${S}.json`]);
    expect(fs.lstatSync(world.own("work")).isSymbolicLink()).toBe(true);
    world.leave("home");
    for (const artifact of ["session-env", "file-history", "tasks"]) expect(names(world.instance("home", artifact))).toEqual([T]);
    expect(ownSessions(world, "home")).toEqual([T]);
  });

  test("to another group goes what would have come along on leaving, and nothing else", () => {
    using world = new World();
    mixed(world);
    const before = snapshot(world.shared("team"));
    world.change("work", standard("other"));
    expect(names(world.shared("other", "-p"))).toEqual([S, `${S}.jsonl`, V]);
    expect(names(world.shared("other", "-q"))).toEqual([`${V}.jsonl`]);
    expect(differences(before, snapshot(world.shared("team")))).toEqual([]);
    expect(fs.readlinkSync(world.own("work"))).toBe(world.shared("other"));
  });
});

describe("whose a session is", () => {
  test("an owner line after the first answer proves nothing", () => {
    using world = new World();
    world.accounts("work", "home");
    signIn(world, "home", "login-home");
    world.join("work");
    world.join("home");
    put(world.shared("team", "-p", `${S}.jsonl`), turn("a", null, S) + answer("b", "a", S) + ownerLine(S, "login-home"));
    world.leave("home");
    expect(ownSessions(world, "home")).toEqual([]);
  });

  test("an owner line proves nothing where two accounts have that login", () => {
    using world = new World();
    world.accounts("work", "home", "third");
    signIn(world, "home", "the-login");
    signIn(world, "third", "the-login");
    world.join("work");
    world.join("home");
    put(world.shared("team", "-p", `${S}.jsonl`), ownerLine(S, "the-login") + chain(S, ["a"]));
    world.leave("home");
    expect(ownSessions(world, "home")).toEqual([]);
  });

  test("what an account brought is its own also where two have its login", () => {
    using world = new World();
    world.accounts("work", "home");
    signIn(world, "work", "the-login");
    signIn(world, "home", "the-login");
    put(world.own("home", "-p", `${S}.jsonl`), ownerLine(S, "the-login") + chain(S, ["a"]));
    world.join("work");
    world.join("home");
    world.leave("work");
    expect(ownSessions(world, "work")).toEqual([]);
    world.leave("home");
    expect(ownSessions(world, "home")).toEqual([S]);
  });

  test("what appeared while an account was alone in the group is its own, also after others have joined", () => {
    using world = new World();
    world.accounts("work", "home");
    world.join("work");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    world.join("home");
    put(world.own("home", "-p", `${T}.jsonl`), chain(T, ["a"]));
    world.leave("home");
    expect(ownSessions(world, "home")).toEqual([]);
    put(world.own("work", "-p", `${U}.jsonl`), chain(U, ["a"]));
    world.leave("work");
    expect(ownSessions(world, "work")).toEqual([S, U]);
  });

  test("what appeared while it was alone is its own also where the other came by an edited config.yaml", () => {
    using world = new World();
    world.accounts("work", "home");
    world.join("work");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    world.editConfig((config) =>
      config.replace(/(home:[\s\S]*?)context_mode: "isolated"/, '$1context_mode: "shared"\n    context_group: "team"'),
    );
    world.mend("home");
    expect(world.policy("home")).toEqual(standard("team"));
    world.leave("work");
    expect(ownSessions(world, "work")).toEqual([S]);
  });

  test("what appeared while two were members is not the other's because one was taken out of config.yaml", () => {
    for (const edit of [
      (config: string) => config.replace(/ {2}home:\n( {4}.*\n)+/, ""),
      (config: string) =>
        config.replace(
          /(home:[\s\S]*?)context_mode: "shared"\n {4}context_group: "team"\n {4}continuity_mode: "standard"/,
          '$1context_mode: "isolated"',
        ),
    ]) {
      using world = new World();
      world.accounts("work", "home");
      world.join("work");
      world.join("home");
      put(world.own("home", "-p", `${S}.jsonl`), chain(S, ["a"]));
      const before = world.editConfig((config) => config);
      expect(world.editConfig(edit)).not.toBe(before);
      world.leave("work");
      expect(ownSessions(world, "work")).toEqual([]);
    }
  });

  test("in a group that was there before ccs saw it, nothing is an account's own for being alone", () => {
    using world = new World();
    world.accounts("work");
    put(world.shared("team", "-p", `${S}.jsonl`), chain(S, ["a"]));
    world.join("work");
    put(world.own("work", "-p", `${T}.jsonl`), chain(T, ["a"]));
    const report = world.leave("work");
    expect(report.summary.sessionsStay).toBe(2);
    expect(ownSessions(world, "work")).toEqual([]);
  });

  test("a session both brought is both's own", () => {
    using world = new World();
    world.accounts("work", "home");
    for (const account of ["work", "home"]) put(world.own(account, "-p", `${S}.jsonl`), chain(S, ["a"]));
    world.join("work");
    world.join("home");
    world.leave("home");
    world.leave("work");
    expect(ownSessions(world, "work")).toEqual([S]);
    expect(ownSessions(world, "home")).toEqual([S]);
  });

  test("continuing somebody else's session does not make it one's own", () => {
    using world = new World();
    world.accounts("work", "home");
    signIn(world, "work", "login-work");
    signIn(world, "home", "login-home");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    world.join("work");
    world.join("home");
    fs.appendFileSync(world.own("home", "-p", `${S}.jsonl`), answer("b", "a", S) + ownerLine(S, "login-home") + turn("c", "b", S));
    typedInto(world, "home", S);
    const report = world.leave("home");
    expect(report.summary.sessionsContinued).toBe(1);
    expect(ownSessions(world, "home")).toEqual([]);
  });

  test("an account that was taken out of config.yaml and one made later under its name are two", () => {
    using world = new World();
    world.accounts("work", "home");
    world.join("work");
    put(world.own("home", "-p", `${S}.jsonl`), chain(S, ["a"]));
    put(world.own("home", "-p", "memory", "MEMORY.md"), "of the first");
    world.join("home");
    const was = text(world.home.config);
    expect(world.editConfig((config) => config.replace(/ {2}home:\n( {4}.*\n)+/, ""))).not.toBe(was);
    fs.rmSync(world.instance("home"), { recursive: true });
    world.create("home", standard("team"));
    expect(ccs.showGroup(world.home, "team").owners).toEqual([{ account: null, sessions: 1 }]);
    world.leave("home");
    expect(ownSessions(world, "home")).toEqual([]);
    expect(names(world.own("home"))).toEqual([]);
  });

  test("a group shows its sessions by owner", () => {
    using world = new World();
    mixed(world);
    expect(ccs.showGroup(world.home, "team").owners).toEqual([
      { account: "work", sessions: 2 },
      { account: "home", sessions: 2 },
      { account: null, sessions: 1 },
    ]);
  });
});

describe("memory", () => {
  test("leaves only as the bytes the account brought", () => {
    using world = new World();
    world.accounts("work", "home");
    put(world.own("work", "-p", "memory", "MEMORY.md"), "work knows");
    put(world.own("work", "-r", "memory", "deep", "er.md"), "deeper");
    put(world.own("home", "-q", "memory", "MEMORY.md"), "home knows");
    world.join("work");
    world.join("home");
    fs.writeFileSync(world.shared("team", "-p", "memory", "MEMORY.md"), "changed by home");
    put(world.shared("team", "-p", "memory", "new.md"), "written by home");
    world.leave("work");
    expect(shape(world.own("work"))).toMatchObject({ "-p/memory/MEMORY.md": "file work knows", "-r/memory/deep/er.md": "file deeper" });
    expect(names(world.own("work"))).toEqual(["-p", "-r"]);
    expect(names(world.own("work", "-p", "memory"))).toEqual(["MEMORY.md"]);
    expect(text(world.shared("team", "-p", "memory", "MEMORY.md"))).toBe("changed by home");
  });

  test("of an account that brought none does not leave, whatever it takes along", () => {
    for (const take of ["mine", "all"] as const) {
      using world = new World();
      world.accounts("work", "home");
      put(world.own("work", "-p", "memory", "MEMORY.md"), "work knows");
      world.join("work");
      put(world.own("home", "-p", `${S}.jsonl`), chain(S, ["a"]));
      world.join("home");
      world.leave("home", { take });
      expect(names(world.own("home", "-p"))).toEqual([`${S}.jsonl`]);
    }
  });

  test("of the latest joining counts, also where two joinings fall into one second", () => {
    for (let round = 0; round < 8; round++) {
      using world = new World();
      world.accounts("work");
      put(world.own("work", "-p", "memory", "MEMORY.md"), "first");
      world.join("work");
      world.leave("work");
      fs.writeFileSync(world.own("work", "-p", "memory", "MEMORY.md"), "second");
      world.join("work");
      world.leave("work");
      expect([round, text(world.own("work", "-p", "memory", "MEMORY.md"))]).toEqual([round, "second"]);
    }
  });

  test("goes along to another group as the bytes the account brought", () => {
    using world = new World();
    world.accounts("work", "home");
    put(world.own("work", "-p", "memory", "MEMORY.md"), "work knows");
    world.join("work");
    world.join("home");
    fs.writeFileSync(world.own("home", "-p", "memory", "MEMORY.md"), "changed by home");
    world.change("work", standard("other"));
    expect(text(world.shared("other", "-p", "memory", "MEMORY.md"))).toBe("work knows");
    world.leave("work");
    expect(text(world.own("work", "-p", "memory", "MEMORY.md"))).toBe("work knows");
  });

  test("that the account threw away before it came back stays thrown away", () => {
    using world = new World();
    world.accounts("work");
    put(world.own("work", "-p", `${S}.jsonl`), chain(S, ["a"]));
    put(world.own("work", "-p", "memory", "MEMORY.md"), "forget this");
    world.join("work");
    world.leave("work");
    fs.rmSync(world.own("work", "-p", "memory"), { recursive: true });
    world.join("work");
    world.leave("work");
    expect(names(world.own("work", "-p"))).toEqual([`${S}.jsonl`]);
  });

  test("none taken along means no memory either", () => {
    using world = new World();
    world.accounts("work");
    put(world.own("work", "-p", "memory", "MEMORY.md"), "work knows");
    world.join("work");
    world.leave("work", { take: "none" });
    expect(names(world.own("work"))).toEqual([]);
  });
});

describe("leaving loses nothing", () => {
  test("what lies in the group and belongs to no session stays there", () => {
    using world = new World();
    world.accounts("work");
    put(world.own("work", "-p", "notes.md"), "notes");
    put(world.own("work", "-p", "agent-1.jsonl"), "agent");
    put(world.own("work", "loose"), "loose");
    const before = held(snapshot(world.root));
    world.join("work");
    world.leave("work");
    expect(lost(before, held(snapshot(world.root)))).toEqual([]);
    expect(text(world.shared("team", "-p", "notes.md"))).toBe("notes");
  });
});
