// One off-chain measurement, as `npm run bench` prints it; a file `<name>.bench.ts` exports a list of them as `benches`.

export interface Bench {
  readonly what: string;
  readonly unit: string;
  readonly goal: number;
  /** Warms up by itself; in `unit`. */
  measure(): Promise<number>;
}

/** Median of the wall time of `rounds` runs after `warmUp` more, in milliseconds. */
export async function medianMilliseconds(work: () => unknown, rounds = 21, warmUp = 10): Promise<number> {
  const times: number[] = [];
  for (let round = -warmUp; round < rounds; round += 1) {
    const began = performance.now();
    await work();
    if (round >= 0) times.push(performance.now() - began);
  }
  return times.toSorted((left, right) => left - right)[Math.floor(rounds / 2)] ?? Number.NaN;
}
