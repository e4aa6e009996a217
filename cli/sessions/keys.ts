import { StringDecoder } from "node:string_decoder";

/** What a person did: a key that means something here, or text. */
export type Key =
  | { readonly key: "up" | "down" | "page-up" | "page-down" | "first" | "last" | "enter" | "escape" | "stop" }
  | { readonly key: "backspace" | "delete-word" | "delete-all" }
  | { readonly key: "text"; readonly text: string };

const SEQUENCES: Readonly<Record<string, Key["key"]>> = {
  "[A": "up",
  OA: "up",
  "[B": "down",
  OB: "down",
  "[5~": "page-up",
  "[6~": "page-down",
  "[H": "first",
  OH: "first",
  "[1~": "first",
  "[F": "last",
  OF: "last",
  "[4~": "last",
};

const CONTROLS: Readonly<Record<string, Key["key"]>> = {
  "\r": "enter",
  "\n": "enter",
  "\x03": "stop",
  "\x04": "stop",
  "\x08": "backspace",
  "\x7f": "backspace",
  "\x15": "delete-all",
  "\x17": "delete-word",
  "\x10": "up",
  "\x0e": "down",
};

const PASTE = "\x1b[200~";
const PASTED = "\x1b[201~";

/** Makes keys of what a terminal sends, however it is cut into pieces. */
export class Keys {
  readonly #decoder = new StringDecoder("utf8");
  #held = "";

  /** @returns the keys that are whole by now */
  feed(bytes: Buffer): Key[] {
    this.#held += this.#decoder.write(bytes);
    const keys: Key[] = [];
    for (let key = this.#next(); key !== null; key = this.#next()) if (key !== "nothing") keys.push(key);
    return keys;
  }

  /** Whether something was begun that may be the Escape key alone, or the beginning of another. */
  get isOpen(): boolean {
    return this.#held.startsWith("\x1b") && !this.#held.startsWith(PASTE);
  }

  /** Nothing came after it for a while. */
  settle(): Key[] {
    if (!this.isOpen) return [];
    const rest = this.#held.slice(1);
    this.#held = "";
    return rest === "" ? [{ key: "escape" }] : [];
  }

  /** @returns "nothing" for what means nothing here; `null` where more has to come */
  #next(): Key | "nothing" | null {
    const held = this.#held;
    if (held === "") return null;
    if (held.startsWith("\x1b")) return this.#sequence(held);
    const control = held.charAt(0);
    if (control < " " || control === "\x7f") {
      this.#held = held.slice(1);
      const key = CONTROLS[control];
      return key === undefined ? "nothing" : ({ key } as Key);
    }
    const end = held.search(/[\x00-\x1f\x7f]/);
    const text = end < 0 ? held : held.slice(0, end);
    this.#held = held.slice(text.length);
    return { key: "text", text };
  }

  #sequence(held: string): Key | "nothing" | null {
    if (PASTE.startsWith(held)) return null;
    if (held.startsWith(PASTE)) {
      const end = held.indexOf(PASTED);
      if (end < 0) return null;
      this.#held = held.slice(end + PASTED.length);
      // A line break in what is pasted is no Enter.
      return {
        key: "text",
        text: held
          .slice(PASTE.length, end)
          .replace(/[\x00-\x1f\x7f]+/g, " ")
          .trim(),
      };
    }
    const whole = /^\x1b(?:\[[0-?]*[ -/]*[@-~]|O[A-Za-z])/.exec(held)?.[0];
    if (whole !== undefined) {
      this.#held = held.slice(whole.length);
      const key = SEQUENCES[whole.slice(1)];
      return key === undefined ? "nothing" : ({ key } as Key);
    }
    if (/^\x1b(?:\[[0-?]*[ -/]*|O)?$/.test(held)) return null;
    // Escape, and then something else at once.
    this.#held = held.slice(1);
    return held.startsWith("\x1b\x1b") ? { key: "escape" } : "nothing";
  }
}
