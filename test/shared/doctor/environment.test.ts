import { expect, test } from "bun:test";
import { healthy } from "./scratch.ts";

test("a variable that names another login is told by the way, with what takes it out of the shell", () => {
  const stand = healthy();
  stand.env = { ...stand.env, ANTHROPIC_API_KEY: "sk-secret", CLAUDE_CODE_OAUTH_TOKEN: "" };
  const said = stand.said("environment");
  expect(said).toMatchObject([{ result: "info", fix: { describes: [], command: "unset ANTHROPIC_API_KEY CLAUDE_CODE_OAUTH_TOKEN" } }]);
  expect(said[0]?.message).toContain("ccs takes them out for its clients");
  expect(JSON.stringify(said)).not.toContain("sk-secret");
});

test("where it is left in, it is a warning: every client is somebody else then", () => {
  const stand = healthy();
  stand.env = { ...stand.env, ANTHROPIC_AUTH_TOKEN: "x", CCS_KEEP_AUTH_ENV: "1" };
  expect(stand.said("environment")).toMatchObject([
    {
      result: "warning",
      message: "ANTHROPIC_AUTH_TOKEN makes every client that login, whatever its account: CCS_KEEP_AUTH_ENV=1 leaves it in",
      fix: { command: "unset CCS_KEEP_AUTH_ENV" },
    },
  ]);
});

test("CCS_KEEP_AUTH_ENV alone changes nothing", () => {
  const stand = healthy();
  stand.env = { ...stand.env, CCS_KEEP_AUTH_ENV: "1" };
  expect(stand.said("environment").map((c) => c.result)).toEqual(["ok"]);
});
