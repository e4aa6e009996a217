import { expect, test } from "bun:test";
import { namedDescriptors } from "../../../cli/launch/descriptors.ts";

test("files named by their number in arguments and variables are found, each once", () => {
  const args = ["--settings", "/dev/fd/63", "--mcp-config=/proc/self/fd/7,/dev/fd/8", "/dev/fd/63", "/proc/thread-self/fd/9"];
  expect(namedDescriptors(args, { CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR: "5", OTHER: "6", X_FILE_DESCRIPTOR: "none" })).toEqual([
    63, 7, 8, 9, 5,
  ]);
});

test("the terminal's own three, other paths and impossible numbers are none", () => {
  expect(namedDescriptors(["/dev/fd/0", "/dev/stdin", "/dev/fd/2", "/tmp/fd/5", "/dev/fd/99999999999", "-p", ""], {})).toEqual([]);
});
