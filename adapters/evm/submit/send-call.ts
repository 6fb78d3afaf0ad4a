// One administrative or application call: simulated, sent through the nonce lane, and successful or an error.
import { randomUUID } from "node:crypto";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { ChainContext } from "../context.ts";
import type { Hex } from "../rpc/hex.ts";
import { gasLimit } from "./gas-limit.ts";
import { succeeded } from "./receipt.ts";
import type { Receipt } from "./receipt.ts";
import type { Sender } from "./sender.ts";
import { simulate } from "./simulate.ts";

export interface Call {
  /** For errors and the record: "register counterparty". */
  readonly what: string;
  /** Absent: creates a contract. */
  readonly to?: Hex;
  readonly data: Hex;
}

/** Throws TRANSACTION_REVERTED with the contract's error, and what sending throws. */
export async function sendCall(context: ChainContext, sender: Sender, { what, to, data }: Call): Promise<Receipt> {
  const { config } = context;
  const refusal = (why: string, error: string): CausewayError =>
    new CausewayError("TRANSACTION_REVERTED", `${what} on ${config.chainId}: ${why}`, {
      context: { chainId: config.chainId, error },
    });
  const simulated = await simulate(context, { from: sender.address, to, data });
  if (!simulated.ok) throw refusal(simulated.refusal.detail, simulated.refusal.error);
  const gas = gasLimit(simulated.gas, config.fees.gasMultiplier);
  // A call by hand is no batch: its name only has to be its own.
  const batchId = `${what}-${randomUUID()}`;
  const receipt = await sender.send({ batchId, to, data, gas }, new AbortController().signal);
  if (!succeeded(receipt)) throw refusal(`transaction ${receipt.transactionHash} reverted`, "reverted");
  return receipt;
}
