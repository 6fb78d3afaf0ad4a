// One off-chain measurement, as `npm run bench` prints it; a file `<name>.bench.ts` exports a list of them as `benches`, and `close`
// when it has something to end after them.

export interface Measurement {
  /** Milliseconds. */
  readonly median: number;
  readonly p95: number;
  readonly max?: number;
  /** Of the process that did it, in MiB: before the first run, the most at any time, and the most of JavaScript's heap. */
  readonly memory?: { readonly before: number; readonly peak: number; readonly heap: number };
}

export interface Bench {
  readonly what: string;
  /** For the median, in milliseconds. */
  readonly goal: number;
  /** Warms up by itself. */
  measure(): Promise<Measurement>;
}
