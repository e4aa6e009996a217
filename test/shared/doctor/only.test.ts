import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, statSync } from "node:fs";
import { type CheckResult, fixDoctor, fixSentences } from "../../../shared/index.ts";
import { thrownBy } from "../../support/thrown.ts";
import { healthy, NOW, type Stand } from "./scratch.ts";

/** A half-written file that was left behind, and a login that others may read. */
function ailing() {
  const stand = healthy();
  const half = stand.put(`${stand.home.config}.ccs-new`, "half");
  const login = stand.at("work", ".credentials.json");
  chmodSync(login, 0o644);
  const mendable = (): CheckResult[] => stand.check().filter((c) => (c.fix?.describes.length ?? 0) > 0);
  const named = (name: string) => mendable().find((c) => c.name === name) as CheckResult;
  const now = () => ({ half: existsSync(half), open: (statSync(login).mode & 0o044) !== 0 });
  return { stand, mendable, named, now };
}

const options = (stand: Stand) => ({ env: stand.env, now: NOW });

describe("mending some of what doctor found", () => {
  test("an id stays the same at the next look, and tells one problem from another", () => {
    const { mendable } = ailing();
    const ids = () => mendable().map((c) => c.id);
    expect(ids()).toEqual(ids());
    expect(new Set(ids()).size).toBe(2);
  });

  test("mends what is named by its id, and leaves the rest", () => {
    const { stand, named, now } = ailing();
    const wanted = named("credentials");
    const { fixed } = fixDoctor(stand.home, { ...options(stand), only: [wanted.id] });
    expect(fixed).toEqual([...(wanted.fix?.describes ?? [])]);
    expect(now()).toEqual({ half: true, open: false });
  });

  test("an id of nothing mends nothing", () => {
    const { stand, now } = ailing();
    expect(fixDoctor(stand.home, { ...options(stand), only: ["links account nobody"] }).fixed).toEqual([]);
    expect(now()).toEqual({ half: true, open: true });
  });

  test("what was not approved is not done: all is refused as stale", () => {
    const { stand, named, now } = ailing();
    const error = thrownBy(() => fixDoctor(stand.home, { ...options(stand), approved: fixSentences([named("credentials")]) }));
    expect(error).toMatchObject({ code: "stale", untouched: "Nothing was changed." });
    expect(now()).toEqual({ half: true, open: true });
  });

  test("what was approved is done, also where a part of it is done already", () => {
    const { stand, mendable, named, now } = ailing();
    const approved = fixSentences(mendable());
    fixDoctor(stand.home, { ...options(stand), only: [named("leftovers").id] });
    fixDoctor(stand.home, { ...options(stand), approved });
    expect(now()).toEqual({ half: false, open: false });
  });
});
