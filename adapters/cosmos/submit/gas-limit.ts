// The gas limit of a transaction, from what its simulation used.

/** Rounded up: a limit below what was used would be none. */
export const gasLimit = (used: bigint, multiplier: number): bigint =>
  (used * BigInt(Math.round(multiplier * 1_000)) + 999n) / 1_000n;
