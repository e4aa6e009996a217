/** An error as it comes from the engine's thread: what is wrong, where, what was left untouched, what to do. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly where: string | null;
  readonly untouched: string | null;
  readonly hint: string | null;
}

export class EngineError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = "EngineError";
    this.refusal = refusal;
  }
}
