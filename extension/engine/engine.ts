import { Worker } from "node:worker_threads";
import type { Progress } from "../../shared/index.ts";
import type { Calls } from "./calls.ts";
import type { Asked, Said } from "./protocol.ts";
import { EngineError, type Refusal } from "./refusal.ts";

type Rest<T> = T extends (asking: never, ...args: infer A) => unknown ? A : never;

interface Waiting {
  readonly done: (answer: unknown) => void;
  readonly failed: (error: Error) => void;
  readonly onProgress: (progress: Progress) => void;
}

/** The engine, in a thread of its own that is started by the first question. */
export class Engine {
  readonly #file: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #asked = 0;
  #follows = false;
  #changed: () => void = () => undefined;
  #trouble: (refusal: Refusal) => void = () => undefined;

  /** @param file the bundled thread */
  constructor(file: string) {
    this.#file = file;
  }

  /** @param changed called when something under CCS_DIR has changed @param trouble called where that cannot be seen */
  onChange(changed: () => void, trouble: (refusal: Refusal) => void): void {
    this.#changed = changed;
    this.#trouble = trouble;
  }

  /** Begins or ends to follow the disk. */
  follow(wanted: boolean): void {
    if (wanted === this.#follows) return;
    this.#follows = wanted;
    if (this.#worker !== null) this.#worker.postMessage({ follow: wanted } satisfies Asked);
    else if (wanted) this.#worker = this.#open();
  }

  /** @throws EngineError what the engine says no with */
  ask<K extends keyof Calls>(call: K, ...args: Rest<Calls[K]>): Promise<ReturnType<Calls[K]>> {
    return this.askSlowly(call, () => undefined, ...args);
  }

  /** The same for what may take long. */
  askSlowly<K extends keyof Calls>(
    call: K,
    onProgress: (progress: Progress) => void,
    ...args: Rest<Calls[K]>
  ): Promise<ReturnType<Calls[K]>> {
    return new Promise((resolve, failed) => {
      const id = ++this.#asked;
      const done = (answer: unknown) => resolve(answer as ReturnType<Calls[K]>);
      this.#waiting.set(id, { done, failed, onProgress });
      this.#send({ id, call, args });
    });
  }

  dispose(): void {
    void this.#worker?.terminate();
    this.#worker = null;
  }

  #send(asked: Asked): void {
    this.#worker ??= this.#open();
    this.#worker.postMessage(asked);
  }

  #open(): Worker {
    const worker = new Worker(this.#file);
    worker.unref();
    worker.on("message", (said: Said) => this.#hear(said));
    worker.on("error", (error: Error) => this.#ended(worker, error));
    worker.on("exit", () => this.#ended(worker, new Error("the engine ended")));
    if (this.#follows) worker.postMessage({ follow: true } satisfies Asked);
    return worker;
  }

  #hear(said: Said): void {
    if ("changed" in said) return this.#changed();
    if ("trouble" in said) return this.#trouble(said.trouble);
    const waiting = this.#waiting.get(said.id);
    if (waiting === undefined) return;
    if ("progress" in said) return waiting.onProgress(said.progress);
    this.#waiting.delete(said.id);
    if ("refusal" in said) waiting.failed(new EngineError(said.refusal));
    else waiting.done(said.answer);
  }

  /** Nobody waits for ever for a thread that is gone; the next question starts another. */
  #ended(worker: Worker, error: Error): void {
    if (this.#worker === worker) this.#worker = null;
    for (const { failed } of this.#waiting.values()) failed(error);
    this.#waiting.clear();
  }
}
