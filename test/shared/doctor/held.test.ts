import { expect, test } from "bun:test";
import { join } from "node:path";
import { type Budget, EVERYTHING, eachHeld } from "../../../shared/context/held.ts";
import type { SetAside } from "../../../shared/context/set-aside.ts";
import { Stand } from "./scratch.ts";

function held(stand: Stand, budget: Budget, why: SetAside["why"]): number {
  let names = 0;
  const entry = { change: "c", size: 0, sizeNow: 0, why, path: join(stand.root, "aside"), beside: join(stand.root, "beside") };
  eachHeld(stand.home, entry, budget, () => {
    names += 1;
  });
  return names;
}

test("beyond the budget sizes and the reason have to do, and everything is compared where it counts", () => {
  const stand = new Stand();
  stand.put("aside", "abc");
  stand.put("beside", "xyz and more");
  const none = () => ({ bytes: 0, files: 0 });
  expect(held(stand, none(), "same")).toBe(1);
  expect(held(stand, none(), "shorter")).toBe(1);
  expect(held(stand, none(), "forked")).toBe(0);
  expect(held(stand, { ...EVERYTHING }, "same")).toBe(0);
  stand.put("beside", "ab");
  expect(held(stand, none(), "same")).toBe(0);
});

test("the budget is used up by what was read", () => {
  const stand = new Stand();
  stand.put("aside", "abc");
  stand.put("beside", "abcdef");
  const budget = { bytes: 10, files: 5 };
  expect(held(stand, budget, "tail")).toBe(1);
  expect(budget).toEqual({ bytes: 7, files: 4 });
});
