import { openSync } from "node:fs";
import { ReadStream } from "node:tty";
import { out } from "../output.ts";
import { type Key, Keys } from "./keys.ts";

/** What a person sees and does while a whole screen is ours. */
export interface Screen {
  /** Shows these lines from the top; none is wider than the screen. */
  draw(lines: readonly string[]): void;
  readonly columns: number;
  readonly rows: number;
  /** The next thing that happens. */
  next(): Promise<Event>;
}

/** The other screen, so that what stood in the terminal is there afterwards; no cursor; what is pasted is marked. */
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?2004h";
const LEAVE = "\x1b[?2004l\x1b[?25h\x1b[?1049l";
/** How long after an Escape the rest of a key may come. */
const OPEN_MS = 40;

export type Event = Key | { readonly key: "resize" };

/**
 * Takes over the terminal for as long as `use` runs. However that ends (an error, a signal), the terminal is as it was.
 * Input is read from the terminal by a file of its own: the client that is started afterwards gets standard input as the
 * shell made it.
 */
export async function withScreen<T>(use: (screen: Screen) => Promise<T>): Promise<T> {
  const own = process.platform === "win32" ? null : openSync("/dev/tty", "r");
  const input = own === null ? process.stdin : new ReadStream(own);
  const size = process.stdout;
  const keys = new Keys();
  const events: Event[] = [];
  let wake: ((event: Event) => void) | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let taken = false;

  const happen = (event: Event) => {
    const waiting = wake;
    wake = null;
    if (waiting === null) events.push(event);
    else waiting(event);
  };
  const onData = (bytes: Buffer) => {
    clearTimeout(timer);
    for (const key of keys.feed(bytes)) happen(key);
    if (keys.isOpen)
      timer = setTimeout(() => {
        for (const key of keys.settle()) happen(key);
      }, OPEN_MS);
  };
  const onGone = () => happen({ key: "stop" });
  const onResize = () => happen({ key: "resize" });
  const take = () => {
    taken = true;
    input.setRawMode(true);
    out(ENTER);
  };
  const giveBack = () => {
    if (!taken) return;
    taken = false;
    out(LEAVE);
    try {
      input.setRawMode(false);
    } catch {
      // The terminal has gone, and there is nothing to set back.
    }
  };
  const onSignal = (signal: NodeJS.Signals) => {
    giveBack();
    process.removeListener(signal, onSignal);
    process.kill(process.pid, signal);
  };
  const onContinue = () => {
    // After a stop from outside the shell has set the terminal to its own liking.
    take();
    happen({ key: "resize" });
  };
  const signals = ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"] as const;

  for (const signal of signals) process.on(signal, onSignal);
  process.on("exit", giveBack).on("SIGCONT", onContinue);
  // It looks at the size anew before it says so.
  size.on("resize", onResize);
  try {
    input.on("data", onData).on("end", onGone).on("close", onGone).on("error", onGone);
    take();
    return await use({
      draw(lines) {
        out(`\x1b[H${lines.map((line) => `${line}\x1b[K`).join("\r\n")}\x1b[J`);
      },
      get columns() {
        return size.columns || 80;
      },
      get rows() {
        return size.rows || 24;
      },
      next() {
        const event = events.shift();
        if (event !== undefined) return Promise.resolve(event);
        return new Promise((resolve) => {
          wake = resolve;
        });
      },
    });
  } finally {
    clearTimeout(timer);
    giveBack();
    for (const signal of signals) process.removeListener(signal, onSignal);
    process.removeListener("exit", giveBack).removeListener("SIGCONT", onContinue);
    size.off("resize", onResize);
    input.off("data", onData).off("end", onGone).off("close", onGone).off("error", onGone);
    input.pause();
    if (own !== null) input.destroy();
  }
}
