// One administrative or application transaction: simulated, sent through the lane of sequences, and successful or an error.
import { randomUUID } from "node:crypto";
import type { Any } from "cosmjs-types/google/protobuf/any";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { ChainContext } from "../context.ts";
import { gasLimit } from "./gas-limit.ts";
import { reverted, succeeded } from "./included.ts";
import type { Included } from "./included.ts";
import type { Sender } from "./sender.ts";
import { simulate } from "./simulate.ts";

export interface Sending {
  /** For errors and the record: "register counterparty". */
  readonly what: string;
  readonly messages: readonly Any[];
}

/** Throws TRANSACTION_REVERTED with the chain's words, and what sending throws. */
export async function sendMessages(
  context: ChainContext,
  sender: Sender,
  { what, messages }: Sending,
): Promise<Included> {
  const { config } = context;
  const simulated = await simulate(context, sender.signer, messages);
  if (!simulated.ok)
    throw new CausewayError("TRANSACTION_REVERTED", `${what} on ${config.chainId}: ${simulated.refusal.detail}`, {
      context: { chainId: config.chainId, error: simulated.refusal.error },
    });
  const gas = gasLimit(simulated.gas, config.gasMultiplier);
  // What is sent by hand is no batch: its name only has to be its own.
  const batchId = `${what}-${randomUUID()}`;
  const included = await sender.send({ batchId, messages, gas, wantsEvents: true }, new AbortController().signal);
  if (!succeeded(included)) throw reverted(config.chainId, included);
  return included;
}
