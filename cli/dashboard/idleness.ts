/** Tells when nobody has used something for long. */
export class Idleness {
  readonly over: Promise<void>;
  readonly #after: number;
  readonly #busy: () => boolean;
  #last = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #end: () => void = () => undefined;

  /** @param after milliseconds @param busy whether it is at work, which counts as use */
  constructor(after: number, busy: () => boolean) {
    this.#after = after;
    this.#busy = busy;
    this.over = new Promise((end) => {
      this.#end = end;
    });
    this.#look();
  }

  used(): void {
    this.#last = performance.now();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    if (this.#busy()) this.used();
    const left = this.#last + this.#after - performance.now();
    if (left <= 0) return this.#end();
    this.#timer = setTimeout(() => this.#look(), left);
  }
}
