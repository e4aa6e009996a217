import { describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readOwner, rememberOwners } from "../../../shared/claude/index.ts";
import { lines, put, scratch } from "./scratch.ts";

const root = scratch();
let made = 0;

const OWNER = { type: "session-owner", accountUuid: "account-1", organizationUuid: "organization-1", sessionId: "s" };
const PROMPT = { type: "user", message: { role: "user", content: "hi" } };
const ANSWER = { type: "assistant", message: { role: "assistant", content: [{ type: "text", text: "hello" }] } };

function transcript(text: string): string {
  made += 1;
  return put(join(root, `${made}.jsonl`), text);
}

describe("the owner a transcript names", () => {
  test("it is the owner line before the first answer", () => {
    expect(readOwner(transcript(lines({ type: "mode" }, OWNER, PROMPT, ANSWER)))).toEqual({
      accountUuid: "account-1",
      organizationUuid: "organization-1",
    });
  });

  test("an owner line between the prompt and the answer counts too", () => {
    expect(readOwner(transcript(lines(PROMPT, OWNER, ANSWER)))?.accountUuid).toBe("account-1");
  });

  test("an owner line after the first answer proves nothing", () => {
    expect(readOwner(transcript(lines(PROMPT, ANSWER, OWNER)))).toBeNull();
  });

  test("of two owner lines the first counts", () => {
    expect(readOwner(transcript(lines(OWNER, { ...OWNER, accountUuid: "account-2" }, ANSWER)))?.accountUuid).toBe("account-1");
  });

  test("words in a prompt are no owner line and no answer", () => {
    const quoting = { type: "user", message: { role: "user", content: JSON.stringify([OWNER, ANSWER]) } };
    const quoted = { type: "attachment", attachment: { type: "session-owner", of: ["assistant"], message: OWNER } };
    expect(readOwner(transcript(lines(quoting, quoted, ANSWER)))).toBeNull();
    expect(readOwner(transcript(lines(quoting, quoted, { ...OWNER, accountUuid: "account-2" })))?.accountUuid).toBe("account-2");
  });

  test("an owner line far behind long lines is found", () => {
    const long = { type: "attachment", text: "x".repeat(700_000) };
    expect(readOwner(transcript(lines(long, long, OWNER, ANSWER)))?.accountUuid).toBe("account-1");
  });

  test("torn lines and lines that are no objects are passed over", () => {
    expect(readOwner(transcript(`{"type":"session-owner"\n[1]\n\nnull\n"session-owner"\n${lines(OWNER)}`))?.accountUuid).toBe("account-1");
  });

  test("fields of another kind are told as unknown", () => {
    expect(readOwner(transcript(lines({ ...OWNER, accountUuid: 7, organizationUuid: undefined })))).toEqual({
      accountUuid: null,
      organizationUuid: null,
    });
  });

  test("a session without a line, a file that is gone, a directory and a FIFO have no owner", () => {
    expect(readOwner(transcript(""))).toBeNull();
    expect(readOwner(join(root, "gone.jsonl"))).toBeNull();
    mkdirSync(join(root, "directory.jsonl"));
    expect(readOwner(join(root, "directory.jsonl"))).toBeNull();
    expect(spawnSync("mkfifo", [join(root, "fifo.jsonl")]).status).toBe(0);
    expect(readOwner(join(root, "fifo.jsonl"))).toBeNull();
  });

  test("only the beginning is read: what follows the owner line may be any size", () => {
    const path = transcript(lines(OWNER));
    // A sparse file of 64 GB: reading it whole would not end.
    expect(spawnSync("truncate", ["-s", "64G", path]).status).toBe(0);
    expect(readOwner(path)?.accountUuid).toBe("account-1");
  });
});

describe("a process that remembers owners", () => {
  test("reads a transcript again where it has changed, and where another one stands under its name", () => {
    const path = transcript(lines(PROMPT));
    rememberOwners();
    expect(readOwner(path)).toBeNull();
    appendFileSync(path, lines(OWNER));
    expect(readOwner(path)?.accountUuid).toBe("account-1");
    expect(readOwner(path)?.accountUuid).toBe("account-1");
    renameSync(transcript(lines({ ...OWNER, accountUuid: "account-2" })), path);
    expect(readOwner(path)?.accountUuid).toBe("account-2");
    rmSync(path);
    expect(readOwner(path)).toBeNull();
    mkdirSync(path);
    expect(readOwner(path)).toBeNull();
    expect(readOwner(join(path, "below", "x.jsonl"))).toBeNull();
  });
});
