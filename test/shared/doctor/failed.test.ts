import { expect, test } from "bun:test";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { failingUnlink } from "./failures.ts";
import { healthy } from "./scratch.ts";

test("a fix that failed is an error with the reason, also where what is left is found elsewhere", () => {
  const stand = healthy();
  const first = stand.put(`${stand.home.config}.ccs-new`, "half");
  const second = stand.put(stand.at("work", "settings.json.ccs-new"), "half");
  using _ = failingUnlink((path) => path === second);
  const { left } = stand.fix();
  expect(existsSync(first)).toBe(false);
  const said = left.filter((c) => c.name === "leftovers");
  expect(said).toMatchObject([
    { result: "info", where: second },
    { result: "error", where: first },
  ]);
  expect(said[1]?.message).toContain("mending it failed: removing what was left behind failed: i/o error (EIO)");
});

test("a fix that failed is an error, also where nothing is left to be found", () => {
  const stand = healthy();
  const path = stand.put(`${stand.home.config}.ccs-new`, "half");
  let failures = 0;
  using _ = failingUnlink((unlinked) => unlinked === join(stand.home.lock, "holder") && failures++ === 0);
  const { left } = stand.fix();
  expect(existsSync(path)).toBe(false);
  const said = left.filter((c) => c.name === "leftovers");
  expect(said).toMatchObject([{ result: "error", subject: null, where: path }]);
  expect(said[0]?.message).toContain("mending it failed: removing what was left behind is done, but the lock could not be given back");
});

test("a lock this very process could not give back does not stand in the way of the next fix", () => {
  const stand = healthy();
  stand.put(`${stand.home.config}.ccs-new`, "half");
  const staged = join(stand.home.staging, "20260101T000000Z-work-0000");
  mkdirSync(staged, { recursive: true });
  let failures = 0;
  using _ = failingUnlink((path) => path === join(stand.home.lock, "holder") && failures++ === 0);
  const { left } = stand.fix();
  expect(failures).toBeGreaterThan(1);
  expect(existsSync(staged)).toBe(false);
  expect(left.filter((c) => c.result === "error").map((c) => c.name)).toEqual(["leftovers"]);
  expect(left.filter((c) => c.name === "lock").map((c) => c.result)).toEqual(["ok"]);
});
