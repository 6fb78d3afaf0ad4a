// The gas limit of a transaction, from the node's estimate.
import { CausewayError } from "#adapters/protocol/error.ts";

/** EIP-7825: since Osaka no transaction may ask for more. */
export const TRANSACTION_GAS_CAP = 1n << 24n;

/**
 * The estimate with a margin for what changes until inclusion; the margin alone never lifts it over the protocol's cap. Throws TRANSACTION_REVERTED
 * for what needs more than the cap: nobody would include it, and every later nonce would wait behind it.
 */
export function gasLimit(estimate: bigint, multiplier: number): bigint {
  if (estimate > TRANSACTION_GAS_CAP)
    throw new CausewayError(
      "TRANSACTION_REVERTED",
      `the transaction needs ${estimate} gas or more, and none may have more than ${TRANSACTION_GAS_CAP}`,
      {
        hint: "a single message, or the updates before it, cost too much for this chain",
        context: { gas: estimate, error: "gas above the cap" },
      },
    );
  const limit = (estimate * BigInt(Math.round(multiplier * 1_000))) / 1_000n;
  return limit > TRANSACTION_GAS_CAP ? TRANSACTION_GAS_CAP : limit;
}
