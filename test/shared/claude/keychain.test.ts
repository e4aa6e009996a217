import { expect, test } from "bun:test";
import { keychainService } from "../../../shared/claude/index.ts";

test("the Keychain service ends in the first 8 digits of the directory's SHA-256", () => {
  // printf /Users/me/.ccs/instances/work | sha256sum
  expect(keychainService("/Users/me/.ccs/instances/work")).toBe("Claude Code-credentials-7cba2e47");
});

test("both Unicode forms of a directory give one service", () => {
  expect(keychainService("/Users/Zoë/.ccs")).toBe(keychainService("/Users/Zoe\u0308/.ccs"));
});
