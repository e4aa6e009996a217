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

test("a settings.json that makes the client another login is a warning of that account, and no secret of it is told", () => {
  const stand = healthy();
  for (const account of ["work", "spare"]) stand.put(stand.at(account, "settings.json"), "{}");
  expect(stand.said("environment").map((c) => c.result)).toEqual(["ok"]);
  stand.put(stand.at("work", "settings.json"), {
    env: { ANTHROPIC_API_KEY: "sk-secret", ANTHROPIC_AUTH_TOKEN: "", PATH: "/bin" },
    apiKeyHelper: "get-key",
  });
  const said = stand.said("environment");
  expect(said).toMatchObject([
    {
      result: "warning",
      subject: "work",
      message: "settings.json makes a client another login than this account's, by ANTHROPIC_API_KEY, apiKeyHelper",
      fix: { describes: [], command: `Take ANTHROPIC_API_KEY, apiKeyHelper out of ${stand.at("work", "settings.json")}` },
    },
  ]);
  expect(JSON.stringify(said)).not.toContain("secret");
});
