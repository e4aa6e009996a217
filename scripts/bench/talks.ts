import { createHash } from "node:crypto";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Numbers that look random and are the same in every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SYLLABLES = "ba co de fi gu ha jo ke li mu na po que ri sa to un ve wi xa yo za ter ing tion ment able con pre sub".split(" ");

/** So many made-up words, common ones short. */
function vocabulary(words: number, next: () => number): string[] {
  return Array.from({ length: words }, (_, rank) => {
    const length = 1 + Math.min(3, Math.floor((Math.log10(rank + 1) + next()) / 1.5));
    return Array.from({ length }, () => SYLLABLES[Math.floor(next() * SYLLABLES.length)]).join("");
  });
}

/** What a tree of conversations was made of. */
export interface Talks {
  /** Bytes of all transcripts. */
  readonly bytes: number;
  /** Bytes of what was said in them. */
  readonly said: number;
  /** A word of one session only, and one of about every second. */
  readonly rare: string;
  readonly common: string;
}

/**
 * Fills a `projects` directory with conversations of different lengths (half a dozen turns each, some many more), words as
 * often as words are (Zipf), between them the results of tools, which make up most of a transcript.
 */
export function fillWithTalks(projects: string, sessions: number, directories: number): Talks {
  const next = random(20_000);
  const words = vocabulary(60_000, next);
  const text = (length: number) => {
    const said: string[] = [];
    for (let n = 0; n < length; n++) said.push(words[Math.floor(words.length ** next()) - 1] ?? words[0] ?? "");
    return said.join(" ");
  };
  let bytes = 0;
  let said = 0;
  for (let n = 0; n < sessions; n++) {
    const cwd = `/home/me/project-${n % directories}`;
    const id = createHash("sha256")
      .update(`session ${n}`)
      .digest("hex")
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
    const directory = join(projects, cwd.replaceAll("/", "-"));
    mkdirSync(directory, { recursive: true });
    const written = Date.UTC(2026, 0, 1) + n * 15 * 60_000;
    const lines: object[] = [{ type: "session-owner", accountUuid: "11111111-1111-4111-8111-111111111111", sessionId: id }];
    const common = { cwd, sessionId: id, version: "2.1.330", timestamp: new Date(written).toISOString() };
    const turns = 2 + Math.floor(next() ** 3 * 30);
    for (let turn = 0; turn < turns; turn++) {
      const asked = turn === 0 && n === Math.floor(sessions / 3) ? "where is the needle0815 kept" : text(30);
      const answered = text(160);
      said += asked.length + answered.length;
      lines.push(
        { ...common, type: "user", message: { role: "user", content: asked } },
        {
          ...common,
          type: "assistant",
          message: { role: "assistant", content: [{ type: "tool_use", id: "t", name: "Read", input: { file_path: cwd } }] },
        },
        {
          ...common,
          type: "user",
          message: { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "x = y; ".repeat(300) }] },
        },
        { ...common, type: "assistant", message: { role: "assistant", content: [{ type: "text", text: answered }] } },
      );
    }
    const transcript = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    const file = join(directory, `${id}.jsonl`);
    writeFileSync(file, transcript);
    utimesSync(file, written / 1000, written / 1000);
    bytes += transcript.length;
  }
  return { bytes, said, rare: "needle0815", common: words[6] ?? "" };
}
