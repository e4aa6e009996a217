import { expect, test } from "bun:test";
import { unlinkSync } from "node:fs";
import { healthy, NOW } from "./scratch.ts";

test("an account nobody is logged in with is a warning with the command", () => {
  const stand = healthy();
  unlinkSync(stand.at("work", ".credentials.json"));
  expect(stand.said("login")).toMatchObject([
    { result: "warning", subject: "work", message: "nobody is logged in", fix: { describes: [], command: "ccs auth login work" } },
  ]);
});

test("a login that has ended, and one that cannot be read, are warnings", () => {
  const stand = healthy();
  stand.put(stand.at("work", ".credentials.json"), {
    claudeAiOauth: { accessToken: "t", refreshTokenExpiresAt: NOW - 1, scopes: ["user:inference"] },
  });
  stand.put(stand.at("spare", ".credentials.json"), "{ torn");
  const said = stand.said("login");
  expect(said.map((c) => [c.result, c.subject])).toEqual([
    ["warning", "work"],
    ["warning", "spare"],
  ]);
  expect(said[0]?.message).toBe("the login has ended");
  expect(said[1]?.message).toContain(".credentials.json");
});

test("two accounts with one login are a warning that names both", () => {
  const stand = healthy();
  stand.login("spare", "work");
  const said = stand.said("login");
  expect(said.map((c) => c.result)).toEqual(["warning"]);
  expect(said[0]?.message).toContain("work, spare are logged in as one and the same (work@example.test)");
});
