import type { Terminal } from "./terminal.ts";

/** A person at an interactive client: types, reads, leaves. */
export interface Chat {
  readonly terminal: Terminal;
  /** Types a prompt or a command, sends it, and waits for what should come up. */
  say(text: string, answer: string | RegExp | ((screen: string) => boolean)): Promise<string>;
  /** Leaves as a person does, and waits until the client has ended. */
  leave(): Promise<void>;
}

/** The client's empty prompt: it is ready to be typed into. */
const PROMPT = /^❯\s*$/m;

/** Waits until an interactive client is ready for its first prompt. */
export async function chat(terminal: Terminal): Promise<Chat> {
  await terminal.until(PROMPT);
  return {
    terminal,
    async say(text, answer) {
      terminal.type(text);
      await terminal.until((screen) => screen.includes(`❯ ${text}`));
      terminal.press("Enter");
      return terminal.until(answer);
    },
    async leave() {
      await terminal.until(PROMPT);
      terminal.type("/exit");
      await terminal.until(/^❯ \/exit\s*$/m);
      terminal.press("Enter");
      await terminal.ended();
    },
  };
}

/** What the list of sessions shows, once it is there. */
export async function picker(terminal: Terminal): Promise<string> {
  return terminal.until(
    (screen) => screen.includes("Resume session") && /Esc to (close|cancel|clear)/.test(screen) && !/Loading/i.test(screen),
  );
}
