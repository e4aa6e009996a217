/** One way to do a thing: a fresh start made outside the clock, then what is timed. */
export interface Contender {
  readonly name: string;
  /** Puts everything in place; not timed. */
  prepare?(): void;
  /** What is timed. */
  run(): void;
}

export interface Measured {
  readonly name: string;
  /** Milliseconds, sorted. */
  readonly times: readonly number[];
  readonly median: number;
  /** Median of the ratios to the first contender, round by round. */
  readonly ratio: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/**
 * Times contenders in turn, A B C A B C ..., so that a machine whose speed drifts drifts for all of them.
 * @param rounds counted rounds, after one that is not
 */
export function compare(rounds: number, contenders: readonly Contender[]): Measured[] {
  const times = contenders.map((): number[] => []);
  for (let round = -1; round < rounds; round++) {
    contenders.forEach((contender, index) => {
      contender.prepare?.();
      const before = performance.now();
      contender.run();
      const took = performance.now() - before;
      if (round >= 0) times[index]?.push(took);
    });
  }
  const first = times[0] ?? [];
  return contenders.map(({ name }, index) => {
    const own = times[index] ?? [];
    return { name, times: own.toSorted((a, b) => a - b), median: median(own), ratio: median(own.map((t, i) => t / (first[i] as number))) };
  });
}
