// The one place where an error becomes a decision about trying again.
import { isCausewayError } from "#adapters/protocol/error.ts";
import { storeOutage } from "#relayer/database/store-outage.ts";

/** What a failure means for the lane and for the batch at hand. */
export interface RetryRule {
  readonly code: string;
  readonly message: string;
  /** Counts against the lane; waiting for finality does not. */
  readonly spendsAttempt: boolean;
  /** Milliseconds. */
  readonly delay: number;
  /** The batch goes on as it is, because its transaction may be on its way; else it is proven anew. */
  readonly keepsBatch: boolean;
  /** Height of the source to wait for. */
  readonly height: bigint | undefined;
}

export interface RetryTimers {
  /** Milliseconds. */
  readonly finalityPoll: number;
  readonly firstRetry: number;
  readonly longestRetry: number;
}

/** Nothing is wrong with the batch itself. After anything else it is proven anew. */
const PASSING = new Set([
  "RPC_UNREACHABLE",
  "RPC_BAD_ANSWER",
  "RPC_STALE",
  "INSUFFICIENT_FUNDS",
  "FEE_ABOVE_CAP",
  "TRANSACTION_STUCK",
  "STORE_UNAVAILABLE",
  "QUEUE_UNAVAILABLE",
  "CANCELLED",
]);

/** `attempts` counts failures in a row, this one included. Nothing is given up: what only an operator can end is tried rarely. */
export function retryRule(raised: unknown, attempts: number, timers: RetryTimers): RetryRule {
  const error = storeOutage(raised);
  const known = isCausewayError(error);
  const code = known ? error.code : "UNEXPECTED";
  const message = error instanceof Error ? error.message : String(error);
  if (known && error.retry === "afterHeight")
    return { code, message, spendsAttempt: false, delay: timers.finalityPoll, keepsBatch: false, height: error.height };
  const backoff = Math.min(timers.longestRetry, timers.firstRetry * 2 ** Math.min(attempts - 1, 20));
  return {
    code,
    message,
    spendsAttempt: code !== "CANCELLED",
    delay: known && error.retry === "never" ? Math.max(backoff, timers.longestRetry / 4) : backoff,
    keepsBatch: PASSING.has(code),
    height: undefined,
  };
}
