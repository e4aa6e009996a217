import { afterAll, describe, expect, spyOn, test } from "bun:test";
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { openStore } from "../../../shared/sessions/store.ts";
import { needles } from "../../../shared/sessions/words.ts";

const root = realpathSync(mkdtempSync(join(tmpdir(), "ccs-store-")));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;

/** A history with its index, and what was said in it. */
class History {
  readonly projects = join(root, `${made++}`, "projects");
  readonly place = join(this.projects, "..", "index");
  readonly said = new Map<string, string>();

  /** Says something in a session, which is made where it is not there. */
  say(session: number, text: string): void {
    const id = `${String(session).padStart(8, "0")}-0000-4000-8000-000000000000`;
    const directory = join(this.projects, `-p-${session % 3}`);
    mkdirSync(directory, { recursive: true });
    appendFileSync(join(directory, `${id}.jsonl`), `${JSON.stringify({ type: "user", message: { role: "user", content: text } })}\n`);
    const key = `-p-${session % 3}/${id}`;
    this.said.set(key, `${this.said.get(key) ?? ""}\n${text}`);
  }

  drop(key: string): void {
    unlinkSync(join(this.projects, `${key}.jsonl`));
    this.said.delete(key);
  }

  /** What the store finds, and how many transcripts it had to read for it. */
  find(...texts: string[]): { readonly found: string[][]; readonly read: number } {
    let read = 0;
    const store = openStore(this.projects, this.place, { onProgress: ({ total }) => (read = total) });
    try {
      return {
        found: texts.map((text) =>
          store
            .matching(needles(text))
            .map((row) => store.kept(row).key)
            .sort(),
        ),
        read,
      };
    } finally {
      store.close();
    }
  }

  /** The same by looking at what was said. */
  expected(text: string): string[] {
    const words = (said: string) =>
      said
        .normalize("NFC")
        .toLowerCase()
        .split(/[ \n.,]+/);
    const wanted = words(text).filter((word) => word !== "");
    const holds = (said: string) => wanted.every((part) => words(said).some((word) => word.includes(part)));
    return [...this.said].flatMap(([key, said]) => (holds(said) ? [key] : [])).sort();
  }
}

describe("the store of sessions", () => {
  test("finds what was said, whatever was said when, and reads only what changed", () => {
    const word = fc.constantFrom(
      "a",
      "ab",
      "abc",
      "walrus",
      "Walrus.",
      "\u00e9t\u00e9",
      "e\u0301te",
      "\ud83d\ude00x",
      "0815",
      "x".repeat(130),
      "\u0130stanbul",
    );
    const text = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ session: fc.nat(40), text }) },
      { weight: 1, arbitrary: fc.constant("drop" as const) },
      { weight: 2, arbitrary: fc.constant("look" as const) },
    );
    const query = fc.array(fc.constantFrom("a", "b", "abc", "wal", "rus", "\u00e9", "t\u00e9", "\ud83d\ude00", "08", "xxx", "nowhere"), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), query, (steps, parts) => {
        const history = new History();
        const asked = parts.join(" ");
        let changed = new Set<number>();
        const look = () => {
          const { found, read } = history.find(asked, parts[0] as string);
          expect(found).toEqual([history.expected(asked), history.expected(parts[0] as string)]);
          expect(read).toBe(changed.size);
          changed = new Set();
        };
        for (const step of steps) {
          if (step === "look") look();
          else if (step === "drop") {
            const key = [...history.said.keys()][0];
            if (key === undefined) continue;
            changed.delete(Number(key.split("/")[1]?.slice(0, 8)));
            history.drop(key);
          } else {
            history.say(step.session, step.text);
            changed.add(step.session);
          }
        }
        look();
        look();
      }),
      { numRuns: 60 },
    );
  });

  test("goes on with a first reading that was ended in the middle of it", () => {
    const history = new History();
    for (let n = 0; n < 30; n++) history.say(n, `number ${n} walrus`);
    // A second passes between each two looks at the clock.
    let now = 0;
    using _ = restored(spyOn(performance, "now").mockImplementation(() => (now += 1000)));
    const ended = new Error("ended");
    const stop = () =>
      openStore(history.projects, history.place, {
        onProgress({ done }) {
          if (done === 20) throw ended;
        },
      });
    expect(stop).toThrow(ended);
    expect(readdirSync(history.place)).toEqual(["base"]);
    const { found, read } = history.find("walrus");
    expect(found[0]).toHaveLength(30);
    expect(read).toBeLessThan(25);
    expect(history.find("walrus").read).toBe(0);
  });

  test("goes on with a second one too: what was there before is kept with what is new", () => {
    const history = new History();
    const much = Array.from({ length: 100_000 }, (_, word) => word.toString(36)).join(" ");
    for (let n = 0; n < 10; n++) history.say(n, `number ${n} walrus`);
    history.find("walrus");
    for (let n = 10; n < 40; n++) history.say(n, `number ${n} walrus ${much}`);
    let now = 0;
    using _ = restored(spyOn(performance, "now").mockImplementation(() => (now += 1000)));
    const { found, read } = history.find("walrus", "number 7 walrus");
    expect(read).toBe(30);
    expect(readdirSync(history.place)).toEqual(["base"]);
    expect(found.map((keys) => keys.length)).toEqual([40, history.expected("number 7 walrus").length]);
    expect(history.find("walrus")).toEqual({ found: [history.expected("walrus")], read: 0 });
  });

  test("keeps what is not UTF-16 as it is found again", () => {
    const history = new History();
    const directory = join(history.projects, "-p-0");
    mkdirSync(directory, { recursive: true });
    const half = `{"type":"user","message":{"role":"user","content":"half\\ud83d walrus"}}\n`;
    writeFileSync(join(directory, "00000000-0000-4000-8000-000000000000.jsonl"), half.repeat(3));
    expect(history.find("walrus", "half").found.map((keys) => keys.length)).toEqual([1, 1]);
    expect(history.find("walrus", "half").found.map((keys) => keys.length)).toEqual([1, 1]);
  });
});

function restored(spy: { mockRestore(): void }): Disposable {
  return { [Symbol.dispose]: () => spy.mockRestore() };
}
