import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { newestPrompts } from "../../../shared/claude/history.ts";
import { sessionsTypedInto } from "../../../shared/claude/index.ts";
import { lines, put, scratch } from "./scratch.ts";

const root = scratch();

function prompt(sessionId: string, timestamp: number, display = "hi") {
  return { display, pastedContents: {}, timestamp, project: "/work", sessionId };
}

describe("the sessions a person typed into", () => {
  test("each comes with the time of its last prompt, whatever the order of the lines", () => {
    put(join(root, "a/history.jsonl"), lines(prompt("s1", 100), prompt("s2", 250), prompt("s1", 300), prompt("s1", 200)));
    expect([...sessionsTypedInto(join(root, "a"))]).toEqual([
      ["s1", 300],
      ["s2", 250],
    ]);
  });

  test("lines that are torn, or say something else, are passed over", () => {
    const text = `\n{"display":\n[]\n${lines({ display: "old version", timestamp: 5 }, { sessionId: "s", timestamp: "5" }, prompt("s1", 7))}{"sessionId":"s9","timesta`;
    put(join(root, "b/history.jsonl"), text);
    expect([...sessionsTypedInto(join(root, "b"))]).toEqual([["s1", 7]]);
  });

  test("a history longer than one read is read whole, the last line too where its newline is missing", () => {
    const many = Array.from({ length: 20_000 }, (_, i) => prompt(`s${i % 100}`, i, "é".repeat(20)));
    put(join(root, "c/history.jsonl"), lines(...many).trimEnd());
    const sessions = sessionsTypedInto(join(root, "c"));
    expect(sessions.size).toBe(100);
    expect(sessions.get("s99")).toBe(19_999);
    expect(sessions.get("s0")).toBe(19_900);
  });

  test("an account that never typed has none", () => {
    expect(sessionsTypedInto(join(root, "gone")).size).toBe(0);
  });
});

test("the newest prompts come first and only whole lines of the end are read", () => {
  put(join(root, "d/history.jsonl"), lines(prompt("s1", 1), prompt("s2", 2), prompt("s3", 3)));
  expect(newestPrompts(join(root, "d"), 10_000).map((p) => p.sessionId)).toEqual(["s3", "s2", "s1"]);
  const one = JSON.stringify(prompt("s3", 3)).length + 1;
  expect(newestPrompts(join(root, "d"), one + 5).map((p) => p.sessionId)).toEqual(["s3"]);
  expect(newestPrompts(join(root, "d"), one + 5)[0]).toEqual({ sessionId: "s3", at: 3, project: "/work", text: "hi" });
});
