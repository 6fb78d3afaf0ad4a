// The gas limit of a transaction, from the node's estimate.

/** EIP-7825: since Osaka no transaction may ask for more. */
const TRANSACTION_GAS_CAP = 1n << 24n;

/** The estimate with a margin for what changes until inclusion; the margin alone never lifts it over the protocol's cap. */
export function gasLimit(estimate: bigint, multiplier: number): bigint {
  const limit = (estimate * BigInt(Math.round(multiplier * 1_000))) / 1_000n;
  return limit > TRANSACTION_GAS_CAP && estimate <= TRANSACTION_GAS_CAP ? TRANSACTION_GAS_CAP : limit;
}
