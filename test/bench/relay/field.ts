// Two chains with a lane between them, on which relayers are measured one after the other.
import type { Route } from "#relayer/routes.ts";
import type { BenchChain } from "./bench-chain.ts";

export interface Field {
  readonly chains: readonly [BenchChain, BenchChain];
  /** Light clients of each other, opened before any clock runs. */
  readonly route: Route;
  /** Processes that are a chain though their names do not say so. */
  readonly chainPids: readonly number[];
}

export interface FieldOptions {
  /** Fresh folder. */
  readonly dir: string;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
  /** What is to be ended after the benchmark, last first. */
  readonly closers: (() => Promise<unknown>)[];
}
