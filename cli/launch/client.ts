/** A program about to be started in this process's place. */
export interface Start {
  /** Absolute. */
  readonly file: string;
  /** `argv[0]`: what a person would have typed. */
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}
