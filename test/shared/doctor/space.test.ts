import { expect, test } from "bun:test";
import { truncateSync } from "node:fs";
import { runDoctor } from "../../../shared/index.ts";
import { healthy, NOW, session } from "./scratch.ts";

const MIB = 2 ** 20;

test("how much is free is asked of the system", () => {
  const stand = healthy();
  const { checks } = runDoctor(stand.home, { env: stand.env, now: NOW });
  expect(checks.find((c) => c.name === "space")?.message).toMatch(/^(?:only )?[\d.]+ .*B are free/);
});

test("less than a gibibyte is a warning, whatever there is to copy", () => {
  const stand = healthy();
  stand.surroundings = { space: () => ({ free: 1023 * MIB, used: 0 }) };
  expect(stand.said("space")).toMatchObject([{ result: "warning", subject: null, where: stand.home.root }]);
  stand.surroundings = { space: () => ({ free: 1024 * MIB, used: 0 }) };
  expect(stand.said("space").map((c) => c.result)).toEqual(["ok"]);
});

test("less than what leaving a group may copy is a warning of that group", () => {
  const stand = healthy();
  const file = stand.put(stand.at("work", "projects", "-p", `${session("a")}.jsonl`), "x");
  using _ = sparse(file, 2048 * MIB);
  stand.surroundings = { space: () => ({ free: 2047 * MIB, used: 2 ** 40 }) };
  expect(stand.said("space")).toMatchObject([{ result: "warning", subject: "team", about: "group" }]);
  stand.surroundings = { space: () => ({ free: 2048 * MIB, used: 2 ** 40 }) };
  expect(stand.said("space").map((c) => c.result)).toEqual(["ok"]);
});

test("where it is not told how much is free, that is said", () => {
  const stand = healthy();
  stand.surroundings = { space: () => null };
  expect(stand.said("space")).toMatchObject([{ result: "ok", message: "how much space is free is not told here" }]);
});

/** A file of a size that takes no room. */
function sparse(file: string, bytes: number): Disposable {
  truncateSync(file, bytes);
  return { [Symbol.dispose]: () => truncateSync(file, 0) };
}
