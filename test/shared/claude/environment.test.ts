import { describe, expect, test } from "bun:test";
import { launchEnvironment, loginCommand, OTHER_LOGINS } from "../../../shared/claude/index.ts";

const INSTANCE = "/home/me/.ccs/instances/work";

describe("the environment a client gets", () => {
  test("it names the instance and the account and keeps the rest", () => {
    const given = {
      PATH: "/bin",
      ANTHROPIC_BASE_URL: "http://127.0.0.1:1",
      BUN_OPTIONS: "--smol",
      BUN_BE_BUN: "1",
      EMPTY: "",
      GONE: undefined,
    };
    expect(launchEnvironment(given, INSTANCE, "work")).toStrictEqual({
      env: {
        PATH: "/bin",
        ANTHROPIC_BASE_URL: "http://127.0.0.1:1",
        BUN_OPTIONS: "--smol",
        BUN_BE_BUN: "1",
        EMPTY: "",
        CLAUDE_CONFIG_DIR: INSTANCE,
        CCS_ACCOUNT: "work",
      },
      removed: [],
    });
  });

  test("another account's directory and name in it give way", () => {
    const { env } = launchEnvironment({ CLAUDE_CONFIG_DIR: "/elsewhere", CCS_ACCOUNT: "other" }, INSTANCE, "work");
    expect(env).toStrictEqual({ CLAUDE_CONFIG_DIR: INSTANCE, CCS_ACCOUNT: "work" });
  });

  test("what would make the client somebody else is taken out and named, also where it is empty", () => {
    const given = { ...Object.fromEntries(OTHER_LOGINS.map((name) => [name, "x"])), ANTHROPIC_API_KEY: "", PATH: "/bin" };
    const { env, removed } = launchEnvironment(given, INSTANCE, "work");
    expect(removed).toStrictEqual([
      "ANTHROPIC_API_KEY",
      "ANTHROPIC_AUTH_TOKEN",
      "CLAUDE_CODE_OAUTH_TOKEN",
      "CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR",
      "CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR",
      "CLAUDE_SECURESTORAGE_CONFIG_DIR",
    ]);
    expect(Object.keys(env).sort()).toStrictEqual(["CCS_ACCOUNT", "CLAUDE_CONFIG_DIR", "PATH"]);
  });

  test("CCS_KEEP_AUTH_ENV=1 leaves them in, and nothing else does", () => {
    const given = { ANTHROPIC_API_KEY: "k", CCS_KEEP_AUTH_ENV: "1" };
    expect(launchEnvironment(given, INSTANCE, "work")).toMatchObject({ env: { ANTHROPIC_API_KEY: "k" }, removed: [] });
    expect(launchEnvironment({ ...given, CCS_KEEP_AUTH_ENV: "0" }, INSTANCE, "work").removed).toStrictEqual(["ANTHROPIC_API_KEY"]);
  });

  test("the environment it was made from is left alone", () => {
    const given = { ANTHROPIC_API_KEY: "k" };
    launchEnvironment(given, INSTANCE, "work");
    expect(given).toStrictEqual({ ANTHROPIC_API_KEY: "k" });
  });
});

test("a login is the client's own, in the instance, as nobody else", () => {
  expect(loginCommand("/bin/claude", INSTANCE, "work", { ANTHROPIC_API_KEY: "k", TERM: "xterm" })).toStrictEqual({
    file: "/bin/claude",
    args: ["auth", "login"],
    env: { TERM: "xterm", CLAUDE_CONFIG_DIR: INSTANCE, CCS_ACCOUNT: "work" },
  });
});
