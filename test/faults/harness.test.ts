import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { changes, readLog, spot } from "./support/calls.ts";
import { APP, LIB, SESSION, writeFixture } from "./support/fixture.ts";
import { whatIsGone } from "./support/gone.ts";
import { lawless } from "./support/laws.ts";
import { differences, normalise } from "./support/normal.ts";
import { lost } from "./support/reference.ts";
import { snapshot } from "./support/snapshot.ts";
import { copyOf, freeze, placeForTrees, rootIn, type Template } from "./support/template.ts";
import { setTime } from "./support/tree.ts";

const WORK = `instances/work/projects/${APP}`;
const HOME = `instances/home/projects/${APP}`;
const STRICT = { dropped: false };

/** A tree nobody has run anything on, and a copy to do damage to. */
let template: Template;
let root: string;

beforeEach(() => {
  const base = placeForTrees();
  writeFixture(rootIn(base, "t"), { size: "full" });
  template = freeze(base);
  root = copyOf(template, "0");
});

afterEach(() => fs.rmSync(template.base, { recursive: true, force: true }));

function move(from: string, to: string): void {
  fs.mkdirSync(dirname(join(root, to)), { recursive: true });
  fs.renameSync(join(root, from), join(root, to));
}

const gone = (allowed = STRICT) => whatIsGone(template.before, snapshot(root), allowed);

describe("what is gone is seen", () => {
  test("nothing, in a copy", () => {
    expect(gone()).toEqual([]);
    expect(differences(normalise(template.before, template.origin), normalise(snapshot(root), template.origin), () => false)).toEqual([]);
    expect(snapshot(root).size).toBeGreaterThan(150);
  });

  test("a file", () => {
    fs.unlinkSync(join(root, WORK, `${SESSION.unowned}.jsonl`));
    expect(gone()).toEqual([expect.stringContaining("no such name is left")]);
  });

  test("a file whose bytes stand elsewhere under another name", () => {
    move(`${WORK}/run.sh`, `${WORK}/gone.sh`);
    expect(gone()).toEqual([expect.stringContaining("run.sh: no such name is left")]);
  });

  test("bytes, where both sides held others under the name", () => {
    fs.unlinkSync(join(root, WORK, "notes.txt"));
    expect(gone()).toEqual([expect.stringContaining("notes.txt: its content is gone")]);
  });

  test("one byte in the middle of a transcript", () => {
    const path = join(root, HOME, `${SESSION.onlyHome}.jsonl`);
    const bytes = fs.readFileSync(path);
    bytes[40] = 0;
    fs.writeFileSync(path, bytes);
    expect(gone()).not.toEqual([]);
  });

  test("a mode", () => {
    fs.chmodSync(join(root, WORK, "run.sh"), 0o700);
    expect(gone()).toEqual([expect.stringContaining("mode 755 is gone")]);
  });

  test("a directory's mode", () => {
    fs.chmodSync(join(root, "instances/work/projects", LIB), 0o700);
    expect(gone()).toEqual([expect.stringContaining("mode 750 is gone")]);
  });

  test("a microsecond", () => {
    const path = `${WORK}/run.sh`;
    setTime(root, path, (template.before.get(path)?.mtime ?? 0) + 1);
    expect(gone()).toEqual([expect.stringContaining("its time is gone")]);
  });

  test("a link's target, and a link's time", () => {
    fs.unlinkSync(join(root, WORK, "dangling"));
    fs.symlinkSync("nowhere", join(root, WORK, "dangling"));
    fs.lutimesSync(join(root, WORK, "pointer"), 1, 1);
    expect(gone()).toEqual([expect.stringContaining("its target is gone"), expect.stringContaining("its time is gone")]);
  });

  test("a FIFO that became a file", () => {
    fs.unlinkSync(join(root, WORK, "pipe"));
    fs.writeFileSync(join(root, WORK, "pipe"), "");
    expect(gone()).toEqual([expect.stringContaining("pipe: no such name is left")]);
  });

  test("an empty directory, and the time of another", () => {
    fs.rmdirSync(join(root, WORK, "empty"));
    const other = `instances/work/session-env/${SESSION.onlyWork}`;
    setTime(root, other, 1);
    expect(gone().sort()).toEqual([
      expect.stringContaining("empty: no such name is left"),
      expect.stringContaining("time of an empty directory is gone"),
    ]);
  });

  test("anything about a login", () => {
    setTime(root, "instances/work/.credentials.json", 1);
    fs.chmodSync(join(root, "instances/home"), 0o755);
    expect(gone()).toHaveLength(2);
  });

  test("a change where none may be", () => {
    const step = { name: "", words: [], untouched: "instances/home" };
    setTime(root, `${HOME}/notes.txt`, 1);
    expect(lost(template, step, snapshot(root), false)).toHaveLength(2);
  });
});

describe("what only moved is not gone", () => {
  test("into the group, beside another of its name, into set-aside and staging", () => {
    const group = `shared/context-groups/team/projects/${APP}`;
    move(`${WORK}/run.sh`, `${group}/run.sh`);
    move(`${WORK}/notes.txt`, `${group}/notes.from-work.txt`);
    move(`${WORK}/other`, `${group}/other.from-work`);
    move(`${WORK}/${SESSION.diverged}.jsonl`, `set-aside/20260101T000000000Z-work-abcd/projects/${APP}/${SESSION.diverged}.jsonl~2`);
    move(`${WORK}/empty-file`, `staging/20260101T000000000Z-work-abcd/projects.in.0/${APP}/empty-file`);
    expect(gone()).toEqual([]);
  });

  test("a transcript that was appended to; but not any other file, and not if its time went back", () => {
    fs.appendFileSync(join(root, HOME, `${SESSION.onlyHome}.jsonl`), "{}\n");
    expect(gone()).toEqual([]);
    fs.appendFileSync(join(root, HOME, "notes.txt"), "more\n");
    expect(gone()).toHaveLength(1);
    setTime(root, `${HOME}/${SESSION.onlyHome}.jsonl`, 1);
    expect(gone()).toHaveLength(2);
  });

  test("of two with the same bytes, the older one's time; not the newer one's", () => {
    fs.unlinkSync(join(root, HOME, `${SESSION.equal}.jsonl`));
    expect(gone()).toEqual([]);
    fs.unlinkSync(join(root, HOME, `${SESSION.equalOlder}.jsonl`));
    expect(gone()).toHaveLength(1);
  });

  test("set aside and found again in the group, once doctor has dropped it", () => {
    move(`${HOME}/${SESSION.shorter}.jsonl`, `shared/context-groups/team/projects/${APP}/${SESSION.shorter}.jsonl`);
    fs.unlinkSync(join(root, WORK, `${SESSION.shorter}.jsonl`));
    expect(gone()).toHaveLength(1);
    expect(gone({ dropped: true })).toEqual([]);
  });
});

describe("the tracer's log", () => {
  const lines = [
    '7 execve("/bin/ccs", ["ccs"], 0x7ffe /* 9 vars */) = 0',
    '7 openat(AT_FDCWD</>, "/t/ccs/a", O_RDONLY) = 3</t/ccs/a>',
    '8 openat(AT_FDCWD</>, "/t/ccs/b", O_WRONLY|O_CREAT|O_EXCL, 0600) = 4</t/ccs/b>',
    '7 openat(AT_FDCWD</>, "/t/ccs/c\\377\\nd", O_WRONLY|O_APPEND) = -1 EIO (Input/output error) (INJECTED)',
    '7 rename("/t/ccs/state/lock.new.12.11111111-1111-4111-8111-111111111111", "/t/ccs/state/lock" <unfinished ...>',
    "8 +++ killed by SIGKILL +++",
    "7 <... rename resumed>)             = ?",
    "7 +++ killed by SIGKILL +++",
  ];
  const log = readLog(lines.join("\n"), "/t/ccs");

  test("counts calls by name and thread, and tells those that change something", () => {
    expect(log.calls.map((call) => [call.thread, call.name, call.nth, changes(call)])).toEqual([
      ["7", "execve", 1, false],
      ["7", "openat", 1, false],
      ["8", "openat", 1, true],
      ["7", "openat", 2, true],
      ["7", "rename", 1, true],
    ]);
  });

  test("tells where a kill hit, and what was made to fail", () => {
    expect(log.killedIn?.name).toBe("rename");
    expect(log.calls.filter((call) => call.injected).map((call) => call.paths)).toEqual([["<CCS>/c\xff\nd"]]);
  });

  test("tells the same place of two runs by one name", () => {
    expect(log.calls.map(spot).at(-1)).toBe("rename <CCS>/state/lock.new.<process>.<id> <CCS>/state/lock");
  });

  test("shows what no run may do", () => {
    const breaking = [
      'unlink("/t/ccs/instances/work/projects/a/b.jsonl") = 0',
      'rename("/t/ccs/instances/work/projects", "/t/ccs/shared/context-groups/team/projects") = 0',
      'openat(AT_FDCWD</>, "/t/ccs/config.yaml", O_WRONLY|O_CREAT|O_TRUNC, 0600) = 3</t/ccs/config.yaml>',
    ];
    const allowed = [
      'unlink("/t/ccs/staging/x/projects.in.0/a/b.jsonl") = 0',
      'unlink("/t/ccs/instances/work/projects/a/c.jsonl") = -1 ENOENT (No such file or directory)',
      'rename("/t/ccs/config.yaml.ccs-new", "/t/ccs/config.yaml") = 0',
      'rename("/t/ccs/instances/work/projects", "/t/ccs/staging/x/projects.in.0") = 0',
    ];
    const callsOf = (them: string[]) => readLog(them.map((line) => `7 ${line}`).join("\n"), "/t/ccs").calls;
    expect(lawless(callsOf(breaking))).toHaveLength(3);
    expect(lawless(callsOf(allowed))).toEqual([]);
  });
});

describe("two trees are the same", () => {
  const same = () => differences(normalise(template.before, template.origin), normalise(snapshot(root), template.origin), () => false);

  test("not with a name more, a name less, other bytes, another mode, another time or a second name", () => {
    fs.writeFileSync(join(root, "more"), "");
    fs.unlinkSync(join(root, WORK, "run.sh"));
    setTime(root, `${WORK}/empty-file`, 1);
    fs.linkSync(join(root, HOME, "notes.txt"), join(root, HOME, "notes-too.txt"));
    const found = same();
    for (const path of ["more:", "run.sh:", "empty-file:", "notes.txt:", "notes-too.txt:"]) expect(found.join("\n")).toContain(path);
  });

  test("whatever ids a change and a fork were given by chance", () => {
    const ids = ["aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa", "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"];
    const trees = ids.map((id, n) => {
      const at = copyOf(template, String(n));
      fs.mkdirSync(join(at, "state/records"), { recursive: true });
      fs.writeFileSync(
        join(at, "state/records/forks.jsonl"),
        `${JSON.stringify({ account: "x", group: "team", session: SESSION.diverged, as: id })}\n`,
      );
      fs.mkdirSync(join(at, `set-aside/20260101T00000000${n}Z-work-abc${n}`), { recursive: true });
      fs.writeFileSync(join(at, `${id}.jsonl`), `{"sessionId":"${id}"}\n`);
      return normalise(snapshot(at), template.origin);
    });
    expect(differences(trees[0] as never, trees[1] as never, () => false)).toEqual([]);
    expect([...(trees[0]?.keys() ?? [])].join("\n")).toContain(`<fork 1 of ${SESSION.diverged} in team by x>.jsonl`);
  });
});
