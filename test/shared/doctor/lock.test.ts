import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { type Holder, takeLock } from "../../../shared/context/lock.ts";
import { CcsError } from "../../../shared/index.ts";
import { healthy, NOW, type Stand } from "./scratch.ts";

/** What this process would write as the holder. */
function me(stand: Stand): Holder {
  const lock = takeLock(stand.home, "testing");
  const holder = JSON.parse(readFileSync(join(stand.home.lock, "holder"), "utf8")) as Holder;
  lock.release();
  return holder;
}

function hold(stand: Stand, path: string, changes: Partial<Holder>): void {
  stand.put(join(path, "holder"), { ...me(stand), ...changes });
}

test("a lock somebody holds is told by the way, and nothing of theirs is called left over", () => {
  const stand = healthy();
  const lock = takeLock(stand.home, "changing something");
  mkdirSync(join(stand.home.staging, "theirs"), { recursive: true });
  stand.put(`${stand.home.config}.ccs-new`, "");
  expect(stand.said("lock")).toMatchObject([{ result: "info", where: stand.home.lock }]);
  expect(stand.said("lock")[0]?.message).toContain("changing something");
  expect(["leftovers", "staging", "set-aside"].flatMap((name) => stand.said(name).map((c) => c.result))).toEqual([
    "skipped",
    "skipped",
    "skipped",
  ]);
  lock.release();
  expect(stand.said("staging").map((c) => c.result)).toEqual(["warning"]);
});

test("a lock a dead process left is a warning, and cleared", () => {
  const stand = healthy();
  hold(stand, stand.home.lock, { boot: "another", token: "dead" });
  expect(stand.said("lock")).toMatchObject([{ result: "warning" }]);
  expect(stand.fix().fixed).toEqual(["The lock a dead process left behind is cleared."]);
  expect(existsSync(stand.home.lock)).toBe(false);
  expect(stand.problems()).toEqual([]);
});

test("a lock of another host is a warning with what to do, and mending answers busy", () => {
  const stand = healthy();
  hold(stand, stand.home.lock, { host: "elsewhere", token: "far" });
  expect(stand.said("lock")).toMatchObject([{ result: "warning", fix: { describes: [] } }]);
  expect(stand.said("lock")[0]?.fix?.command).toContain(stand.home.lock);
  rmSync(stand.at("work", "projects"));
  expect(() => stand.fix()).toThrow(CcsError);
  expect(existsSync(join(stand.home.lock, "holder"))).toBe(true);
});

test("claims of dead processes are told by the way and removed, those of living ones are not", () => {
  const stand = healthy();
  const claim = (name: string) => join(stand.home.state, name);
  hold(stand, claim("lock.new.dead"), { boot: "another" });
  hold(stand, claim("lock.clear.dead"), { boot: "another" });
  hold(stand, claim("lock.new.living"), {});
  mkdirSync(claim("lock.new.old"));
  utimesSync(claim("lock.new.old"), NOW / 1000 - 3600, NOW / 1000 - 3600);
  mkdirSync(claim("lock.new.young"));
  utimesSync(claim("lock.new.young"), NOW / 1000 - 30, NOW / 1000 - 30);
  expect(stand.said("leftovers")).toMatchObject([
    { result: "info", message: "3 working files of ccs were left behind by a process that was ended" },
  ]);
  expect(stand.fix().fixed).toEqual(["3 working files of ccs are removed."]);
  const left = ["lock.new.dead", "lock.clear.dead", "lock.new.old", "lock.new.living", "lock.new.young"].filter((name) =>
    existsSync(claim(name)),
  );
  expect(left).toEqual(["lock.new.living", "lock.new.young"]);
  expect(stand.said("leftovers").map((c) => c.result)).toEqual(["ok"]);
});
