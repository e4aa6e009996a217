import { isatty } from "node:tty";
import { CcsError } from "../../shared/index.ts";

/** Whether a person is there to answer: input and both outputs are terminals. */
export function canAsk(): boolean {
  return isatty(0) && isatty(1) && isatty(2);
}

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** One of several. @throws CcsError `cancelled` on Ctrl-C, Ctrl-D, or when the terminal has gone */
export async function choose<T extends string>(message: string, choices: readonly Choice<T>[], initial: T): Promise<T> {
  // consola shows a hint beside the chosen line only; what the others mean has to be seen before choosing.
  const options = choices.map(({ value, label, hint }) => ({ value, label: hint === undefined ? label : `${label} (${hint})` }));
  return (await ask((prompt) => prompt(message, { type: "select", options, initial, cancel: "symbol" }))) as T;
}

/** Yes or no; Enter alone says no. @throws as `choose` */
export async function confirm(message: string): Promise<boolean> {
  return (await ask((prompt) => prompt(message, { type: "confirm", initial: false, cancel: "symbol" }))) === true;
}

/**
 * A line of text, asked for again until it is right.
 * @param check what is wrong with it, as a sentence; null where nothing is
 */
export async function text(message: string, check: (answer: string) => string | null): Promise<string> {
  for (let wrong: string | null = null; ; ) {
    const asked = wrong === null ? message : `${message}\n  (${wrong})`;
    const answer = String((await ask((prompt) => prompt(asked, { type: "text", cancel: "symbol" }))) ?? "");
    wrong = check(answer);
    if (wrong === null) return answer;
  }
}

/** What a person stopped before anything was changed. */
export function cancelled(untouched = "Nothing was changed."): CcsError {
  return new CcsError("cancelled", "cancelled", { untouched });
}

type Prompt = typeof import("consola").consola.prompt;

async function ask(question: (prompt: Prompt) => Promise<unknown>): Promise<unknown> {
  if (!canAsk()) throw new CcsError("usage", "there is no terminal to ask on");
  const { consola } = await import("consola");
  const stdin = process.stdin;
  const stop = () => {
    // The one road out that consola knows: it sets the terminal back and gives the answer "cancelled".
    stdin.emit("keypress", "\x03", { name: "c", ctrl: true, sequence: "\x03" });
  };
  const onKey = (_: unknown, key: { ctrl?: boolean; name?: string } | undefined) => {
    // Ctrl-D closes consola's reader, and no answer would ever come.
    if (key?.ctrl === true && key.name === "d") stop();
  };
  const restore = catchEcho(stdin);
  stdin.on("keypress", onKey).once("end", stop).once("close", stop);
  try {
    const answer = await question(consola.prompt.bind(consola) as Prompt);
    if (typeof answer === "symbol") throw cancelled();
    return answer;
  } finally {
    stdin.off("keypress", onKey).off("end", stop).off("close", stop);
    restore();
    stdin.pause();
  }
}

/**
 * consola gives its reader a terminal stream whose `_write` it replaces: what the reader echoes goes there, and an answer
 * is read from it. Bun's terminal streams write past `_write`, so keys would be echoed in the midst of the question and
 * typed text never arrive. The stream is handed over in `stdin.pipe(...)`: there its `write` is led to `_write`.
 */
function catchEcho(stdin: NodeJS.ReadStream): () => void {
  type Sink = { write: unknown; _write: (chunk: unknown, encoding: unknown, done: () => void) => void };
  const own = { pipe: stdin.pipe, unpipe: stdin.unpipe };
  const caught = {
    pipe(sink: Sink) {
      sink.write = (chunk: unknown, encoding: unknown, done: unknown) => {
        sink._write(chunk, encoding, typeof done === "function" ? (done as () => void) : () => undefined);
        return true;
      };
      return sink;
    },
    unpipe: () => stdin,
  };
  Object.assign(stdin, caught);
  return () => Object.assign(stdin, own);
}
