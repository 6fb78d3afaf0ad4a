// The gas limit of a transaction, from what its simulation used.

/** Rounded up: a limit below what was used would be none. */
export const gasLimit = (used: bigint, multiplier: number): bigint =>
  (used * BigInt(Math.round(multiplier * 1_000)) + 999n) / 1_000n;

/** What a simulation may use so that its limit is within `most`. */
export const gasWithin = (most: bigint, multiplier: number): bigint =>
  (most * 1_000n) / BigInt(Math.round(multiplier * 1_000));
