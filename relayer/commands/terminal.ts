// Where a command writes, and how it is told to stop.
import type { Writable } from "node:stream";

export interface Terminal {
  /** Answers. */
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Errors, logs, and progress. */
  readonly errors: Writable;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  /** What the process ends with unless an error is thrown. */
  exitCode: number;
}
