import { expect, test } from "bun:test";
import { Events } from "../../cli/dashboard/events.ts";

test("what keeps changes from being told is told to every page there is, and to every one that comes", async () => {
  const events = new Events();
  const before = events.open(new AbortController().signal);
  const error = {
    code: "failed",
    message: "changes cannot be followed",
    field: null,
    hint: "Refresh to look again.",
    where: "/x",
    untouched: null,
  };
  events.trouble({ error });
  const after = events.open(new AbortController().signal);
  const gone = new AbortController();
  events.open(gone.signal);
  gone.abort();
  events.tell("changed");
  events.close();
  for (const response of [before, after]) {
    const said = await response.text();
    expect(said).toStartWith("event: hello\n");
    expect(said).toContain(`event: trouble\ndata: ${JSON.stringify(error)}\n\n`);
    expect(said).toContain("event: changed\n");
    expect(said).toContain("event: ended\n");
  }
});
