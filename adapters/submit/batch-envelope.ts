// The evidence of a batch, as whoever submits it takes it apart.
import type { ChainId } from "../chain-id.ts";
import type { SubmitBatch } from "../target-chain.ts";
import { decodeExactly } from "../protocol/decode-exactly.ts";
import { envelope } from "../protocol/envelope.ts";
import type { Envelope } from "../protocol/envelope.ts";
import { CausewayError } from "../protocol/error.ts";

/** Throws INVALID_ARGUMENT for an envelope that is for another chain, light client or number of messages. */
export function batchEnvelope(chainId: ChainId, batch: SubmitBatch): Envelope {
  const value = decodeExactly(envelope, batch.envelope);
  const isOurs = value?.targetChain === chainId && value.clientId === batch.clientId;
  if (value !== undefined && isOurs && value.claims.length === batch.messages.length) return value;
  throw new CausewayError("INVALID_ARGUMENT", `the envelope of batch ${batch.id} is not for its messages`, {
    context: { chainId, clientId: batch.clientId },
  });
}
