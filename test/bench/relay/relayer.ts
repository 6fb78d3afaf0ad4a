// A relayer under measurement: a program of its own, whoever wrote it.
import type { Way } from "./bench-chain.ts";

export interface RunningRelayer {
  /** Of its processes, or of what watches over each. */
  readonly pids: readonly number[];
  /** Its metrics as Prometheus reads them, one text for each process; absent where it has none. */
  readonly metrics?: () => Promise<string[]>;
  /** Throws when it ended by itself. */
  assertRunning(): Promise<void>;
  stop(): Promise<void>;
}

export interface BenchRelayer {
  readonly name: string;
  /** What it is and with which settings, for the table. */
  readonly what: string;
  /** What it relays over, from the field's first chain to its second one. */
  readonly way: Way;
  /** Resolves when the program runs; it may need a while until it relays. */
  start(): Promise<RunningRelayer>;
  /** Resolves when it waits for packets. */
  idle(running: RunningRelayer): Promise<void>;
}
