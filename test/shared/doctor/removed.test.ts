import { expect, test } from "bun:test";
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { applyMove, instanceOf, previewRemoval } from "../../../shared/index.ts";
import { healthy, type Stand } from "./scratch.ts";

function remove(stand: Stand, account: string, keepLogin = false): string {
  const { move } = applyMove(previewRemoval(stand.home, { account, take: "mine", keepLogin }), { approved: true });
  return join(stand.home.removed, move.aside ?? "");
}

test("a removed account is told by the way, with the command that brings it back", () => {
  const stand = healthy();
  expect(stand.said("removed").map((c) => [c.result, c.message])).toEqual([["ok", "no removed account is set aside"]]);
  const path = remove(stand, "spare");
  expect(stand.said("removed")).toMatchObject([
    {
      result: "info",
      message: "the account spare was removed; its directory is kept, without a login",
      where: path,
      fix: { describes: [], command: "ccs auth restore spare" },
    },
  ]);
});

test("of two removals of one name, the earlier is brought back by its dated name; a login that was kept is said", () => {
  const stand = healthy();
  const first = remove(stand, "spare", true);
  stand.account("spare");
  remove(stand, "spare");
  const said = stand.said("removed");
  expect(said.map((c) => c.fix?.command)).toEqual([
    `ccs auth restore ${first.slice(stand.home.removed.length + 1)}`,
    "ccs auth restore spare",
  ]);
  expect(said.map((c) => c.message.split(", ")[1])).toEqual(["with its login", "without a login"]);
});

test("a purge that was cut short is a warning with the command that ends it", () => {
  const stand = healthy();
  const path = remove(stand, "spare");
  renameSync(path, `${path}.purged`);
  mkdirSync(instanceOf(stand.home, ".other"));
  expect(stand.said("removed")).toMatchObject([{ result: "warning", fix: { command: "ccs auth remove spare --purge" } }]);
});
