import { describe, expect, test } from "bun:test";
import { proposalText } from "../../../extension/ask/proposal.ts";

const NONE = { sentences: [], blockers: [], running: [] };
const RUNNING = [{ pid: 4711, sessionId: null, cwd: "/srv/api", status: "busy" }];

describe("a plan before somebody says yes", () => {
  test("is one sentence a line", () => {
    const sentences = ["412 sessions move into team-alpha.", "Retention rises to 365 days."];
    expect(proposalText("work", { ...NONE, sentences })).toBe("• 412 sessions move into team-alpha.\n• Retention rises to 365 days.");
  });

  test("names a client of the account that runs, and what that means for it", () => {
    const text = proposalText("work", { ...NONE, sentences: ["3 sessions move."], running: RUNNING });
    expect(text).toContain("Claude Code of work runs now (process 4711 in /srv/api); it goes on undisturbed");
  });

  test("says what stands in its way, where, and what to do; the client once, where it is that", () => {
    const blockers = [{ code: "busy" as const, message: "Claude Code of work is running", where: "process 4711", hint: "Close it." }];
    const text = proposalText("work", { sentences: ["3 sessions are copied."], blockers, running: RUNNING });
    expect(text).toContain("What stands in the way:\n• Claude Code of work is running (process 4711)\n   Close it.");
    expect(text).not.toContain("undisturbed");
  });
});
