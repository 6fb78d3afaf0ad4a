// What became of a packet, in terms of what was sent: the receiver's answer, or what comes back to the sender.
import { isErrorAcknowledgement } from "#adapters/protocol/acknowledgement.ts";
import { decodeMessageData, decodeMessageResult, MESSAGE_PORT } from "#adapters/protocol/message-data.ts";
import { decodeTransferData, TRANSFER_PORT } from "#adapters/protocol/transfer-data.ts";
import type { Payload } from "#adapters/protocol/packet.ts";

export type PacketResult =
  | {
      /** The receiving application carried it out. */
      readonly status: "success";
      /** What the receiver returned; absent for a transfer, which has no answer. */
      readonly result?: Uint8Array | undefined;
      /** As the destination chain committed to them. */
      readonly acknowledgements: readonly Uint8Array[];
    }
  | {
      /** `refused`: the receiving application would not have it. `timedOut`: it never arrived, and never will. */
      readonly status: "refused" | "timedOut";
      /** What a transfer gave back, in the transaction that settled it; absent for a message: it carried no value. */
      readonly refund?: Refund | undefined;
    };

export interface Refund {
  /** A token's address on the sending chain, or a voucher's trace. */
  readonly denom: string;
  /** In the token's smallest unit. */
  readonly amount: bigint;
  /** On the sending chain. */
  readonly receiver: string;
}

function refundOf(payload: Payload | undefined): Refund | undefined {
  if (payload?.sourcePort !== TRANSFER_PORT) return undefined;
  const data = decodeTransferData(payload.value);
  return data === undefined ? undefined : { denom: data.denom, amount: data.amount, receiver: data.sender };
}

/** `acknowledgements`: undefined for a packet that timed out. Only the first payload is looked into: the applications here send one. */
export function packetResult(
  payloads: readonly Payload[],
  acknowledgements: readonly Uint8Array[] | undefined,
): PacketResult {
  const [payload] = payloads;
  if (acknowledgements === undefined) return { status: "timedOut", refund: refundOf(payload) };
  if (isErrorAcknowledgement(acknowledgements)) return { status: "refused", refund: refundOf(payload) };
  const [first] = acknowledgements;
  const isMessage = payload?.sourcePort === MESSAGE_PORT && decodeMessageData(payload.value) !== undefined;
  const result = isMessage && first !== undefined ? decodeMessageResult(first) : undefined;
  return { status: "success", result, acknowledgements };
}
