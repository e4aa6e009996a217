import { expect, test } from "bun:test";
import { findAccount } from "../../../shared/config/index.ts";

test("an account is found by its exact name before any that is close", () => {
  expect(findAccount(["WORK", "work"], "work")).toBe("work");
  expect(findAccount(["work", "WORK"], "WORK")).toBe("WORK");
});

test("an account is found ignoring case and Unicode form, and comes back as it is written", () => {
  expect(findAccount(["home", "Work"], "wORK")).toBe("Work");
  expect(findAccount(["Cafe\u0301"], "CAFÉ")).toBe("Cafe\u0301");
});

test("what is only part of a name is no account", () => {
  expect(findAccount(["work"], "wor")).toBeUndefined();
  expect(findAccount(["work"], "work2")).toBeUndefined();
  expect(findAccount([], "work")).toBeUndefined();
});
