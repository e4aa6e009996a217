import type { Refusal } from "./api/schemas.ts";
import { HEADERS } from "./guard.ts";

/** Milliseconds between words that say nothing but that the server is there. */
const BEAT = 20_000;

/** Server-sent events to every page that listens. */
export class Events {
  readonly #open = new Set<ReadableStreamDefaultController<Uint8Array>>();
  readonly #beat = setInterval(() => this.#send(": here\n\n"), BEAT);

  #trouble: Refusal["error"] | null = null;

  /** @param signal of the request: the page is gone when it fires */
  open(signal: AbortSignal): Response {
    let mine: ReadableStreamDefaultController<Uint8Array> | undefined;
    const gone = () => {
      if (mine !== undefined) this.#open.delete(mine);
    };
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        mine = controller;
        this.#open.add(controller);
        controller.enqueue(bytes(textOf("hello")));
        if (this.#trouble !== null) controller.enqueue(bytes(textOf("trouble", this.#trouble)));
      },
      cancel: gone,
    });
    signal.addEventListener("abort", gone);
    return new Response(stream, { headers: { ...HEADERS, "content-type": "text/event-stream" } });
  }

  tell(event: string): void {
    this.#send(textOf(event));
  }

  /** What keeps changes from being told: to every page there is, and every one that comes. */
  trouble(refusal: Refusal): void {
    this.#trouble = refusal.error;
    this.#send(textOf("trouble", this.#trouble));
  }

  close(): void {
    clearInterval(this.#beat);
    this.tell("ended");
    for (const controller of this.#open) {
      try {
        controller.close();
      } catch {
        // The page has gone meanwhile.
      }
    }
    this.#open.clear();
  }

  #send(text: string): void {
    for (const controller of this.#open) {
      try {
        controller.enqueue(bytes(text));
      } catch {
        this.#open.delete(controller);
      }
    }
  }
}

function textOf(event: string, data: object = {}): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
