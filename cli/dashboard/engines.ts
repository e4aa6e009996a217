import type { Home, Progress } from "../../shared/index.ts";
import type { CallName, Refusal } from "./api/schemas.ts";

/** What is asked of the thread. */
export interface Task {
  readonly home: Home;
  readonly name: CallName;
  readonly asked: unknown;
}

/** What it says: progress any number of times, then one of the others. */
export type Said = { readonly progress: Progress } | { readonly answer: unknown; readonly kept: unknown } | { readonly refusal: Refusal };

/** What a call came to. */
export type Outcome = Exclude<Said, { readonly progress: Progress }>;

interface Waiting {
  readonly task: Task;
  readonly signal: AbortSignal | null;
  readonly onProgress: (progress: Progress) => void;
  readonly done: (outcome: Outcome) => void;
  readonly failed: (error: Error) => void;
}

/** A thread of its own for calls, and the line of those that wait for it. */
export class Engine {
  #worker: Worker | null = null;
  #now: Waiting | null = null;
  readonly #line: Waiting[] = [];
  readonly #resting: (() => void)[] = [];

  /** Whether it is at work. */
  get busy(): boolean {
    return this.#now !== null;
  }

  /** Starts the thread ahead of its first call. */
  start(): void {
    this.#worker ??= this.#open();
  }

  /**
   * @param signal of whoever asks: a call that nobody waits for any more is dropped where it has not begun
   * @throws Error where the thread ended, or the call was dropped
   */
  ask(task: Task, signal: AbortSignal | null = null, onProgress: (progress: Progress) => void = () => undefined): Promise<Outcome> {
    return new Promise((done, failed) => {
      this.#line.push({ task, signal, onProgress, done, failed });
      this.#next();
    });
  }

  /** Comes true when nothing is at work and nothing waits. */
  rest(): Promise<void> {
    if (this.#now === null) return Promise.resolve();
    return new Promise((rested) => this.#resting.push(rested));
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }

  #next(): void {
    if (this.#now !== null) return;
    // A plan that a person waits for goes before what is only counted beside it.
    const plan = this.#line.findIndex(({ task }) => task.name.startsWith("preview-"));
    const [next] = this.#line.splice(Math.max(plan, 0), 1);
    if (next === undefined) {
      for (const rested of this.#resting.splice(0)) rested();
      return;
    }
    if (next.signal?.aborted === true) {
      next.failed(new Error("nobody waits for it any more"));
      return this.#next();
    }
    this.#now = next;
    this.start();
    this.#worker?.postMessage(next.task);
  }

  #open(): Worker {
    const worker = new Worker(new URL("./dashboard/engine.ts", import.meta.url).href);
    worker.onmessage = ({ data }: MessageEvent<Said>) => {
      if ("progress" in data) return this.#now?.onProgress(data.progress);
      this.#end((waiting) => waiting.done(data));
    };
    worker.onerror = ({ message }) => {
      this.close();
      this.#end((waiting) => waiting.failed(new Error(message)));
    };
    return worker;
  }

  #end(tell: (waiting: Waiting) => void): void {
    const waiting = this.#now;
    this.#now = null;
    if (waiting !== null) tell(waiting);
    this.#next();
  }
}
