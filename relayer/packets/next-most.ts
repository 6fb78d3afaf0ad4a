// How many messages a lane's next batch may have: what its target carried in one transaction, and a quarter more after each success.
import type { SubmitResult } from "#adapters/target-chain.ts";

/**
 * What is known after a batch; undefined when it is what was known before, or still nothing. `limit` is what the operator allows.
 */
export function nextMost(
  known: number | undefined,
  limit: number,
  { deliveries, most }: SubmitResult,
): number | undefined {
  if (most !== undefined) return Math.max(1, Math.min(most, limit));
  const full = known !== undefined && deliveries.length >= Math.min(known, limit);
  return full ? Math.min(limit, Math.ceil(known * 1.25)) : undefined;
}
