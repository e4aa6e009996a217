import type { Home, Progress } from "../../shared/index.ts";
import { secret } from "./access.ts";
import { checked } from "./api/check.ts";
import { Refused, statusOf } from "./api/refused.ts";
import { API, type ApplyLine, type CallName } from "./api/schemas.ts";
import { Engine, type Outcome } from "./engines.ts";
import { HEADERS } from "./guard.ts";
import { json } from "./respond.ts";

/** Plans that were shown and may still be applied. */
const SHOWN = 20;
/** Calls that change something; the rest only looks. */
const WRITES: readonly CallName[] = ["apply", "create", "set-default"];

/** Answers the calls of the page, in two threads: who looks does not wait for who changes. */
export class Calls {
  readonly #home: Home;
  readonly #reader = new Engine();
  readonly #writer = new Engine();
  /** What was approved, by the id the page knows it under. What it says of paths never leaves the server, nor comes back. */
  readonly #shown = new Map<string, unknown>();

  constructor(home: Home) {
    this.#home = home;
  }

  get changing(): boolean {
    return this.#writer.busy;
  }

  /** Has the thread and what it needs ready before the page asks. */
  start(): void {
    this.#reader.ask({ home: this.#home, name: "accounts", asked: {} }).catch(() => undefined);
  }

  /** @throws Refused */
  async answer(name: CallName, body: unknown, signal: AbortSignal): Promise<Response> {
    const asked: unknown = checked(API[name].asks, body);
    if (name === "apply") return this.#apply((asked as { id: string }).id);
    const writes = WRITES.includes(name);
    const engine = writes ? this.#writer : this.#reader;
    const outcome = await engine.ask({ home: this.#home, name, asked }, writes ? null : signal);
    return this.#respond(outcome);
  }

  /** Waits for what is being changed. */
  async close(): Promise<void> {
    await this.#writer.rest();
    this.#reader.close();
    this.#writer.close();
  }

  #respond(outcome: Outcome): Response {
    if ("refusal" in outcome) return json(outcome.refusal, statusOf(outcome.refusal));
    const { answer, kept } = outcome;
    if (kept === null) return json(answer, 200);
    const id = secret();
    this.#shown.set(id, kept);
    for (const old of this.#shown.keys()) {
      if (this.#shown.size <= SHOWN) break;
      this.#shown.delete(old);
    }
    return json({ ...(answer as object), id }, 200);
  }

  /** Refused at once, it has a status; begun, it is lines of JSON. */
  #apply(id: string): Promise<Response> {
    const approved = this.#shown.get(id);
    if (approved === undefined) throw new Refused("stale", "this plan is no longer known here", { hint: "Look at it anew." });
    const task = { home: this.#home, name: "apply", asked: approved } as const;
    return new Promise((respond, failed) => {
      let lines: ReadableStreamDefaultController<Uint8Array> | null = null;
      const begin = () => {
        if (lines !== null) return;
        const stream = new ReadableStream<Uint8Array>({
          start(controller) {
            lines = controller;
          },
        });
        respond(new Response(stream, { headers: { ...HEADERS, "content-type": "application/x-ndjson" } }));
      };
      const say = (line: ApplyLine) => {
        try {
          lines?.enqueue(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
        } catch {
          // The page has gone. What was begun goes on to its end.
        }
      };
      const onProgress = (progress: Progress) => {
        begin();
        say({ progress });
      };
      this.#writer.ask(task, null, onProgress).then((outcome) => {
        if ("refusal" in outcome && lines === null) return respond(json(outcome.refusal, statusOf(outcome.refusal)));
        this.#shown.delete(id);
        begin();
        say("refusal" in outcome ? outcome.refusal : ({ applied: outcome.answer } as ApplyLine));
        try {
          lines?.close();
        } catch {
          // As above.
        }
      }, failed);
    });
  }
}
