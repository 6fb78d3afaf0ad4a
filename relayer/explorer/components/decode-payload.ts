// What a payload of the standard applications says, by name; undefined for what only its own application can read.
import { hexToBytes } from "@noble/hashes/utils.js";
import { decodeMessageData, MESSAGE_PORT } from "#adapters/protocol/message-data.ts";
import { ABI_ENCODING, decodeTransferData, TRANSFER_PORT } from "#adapters/protocol/transfer-data.ts";
import type { PacketView } from "#sdk/api/views.ts";

type Payload = NonNullable<PacketView["payloads"]>[number];

export type DecodedPayload =
  | {
      readonly kind: "transfer";
      readonly denom: string;
      readonly amount: string;
      readonly sender: string;
      readonly receiver: string;
      readonly memo: string;
    }
  | {
      readonly kind: "message";
      readonly sender: string;
      readonly receiver: string;
      readonly salt: Uint8Array;
      readonly payload: Uint8Array;
      readonly memo: string;
    };

export function decodePayload({ sourcePort, destinationPort, encoding, value }: Payload): DecodedPayload | undefined {
  if (sourcePort !== destinationPort || encoding !== ABI_ENCODING) return undefined;
  const bytes = hexToBytes(value);
  if (sourcePort === TRANSFER_PORT) {
    const data = decodeTransferData(bytes);
    return data && { kind: "transfer", ...data, amount: data.amount.toString() };
  }
  if (sourcePort !== MESSAGE_PORT) return undefined;
  const data = decodeMessageData(bytes);
  return data && { kind: "message", ...data };
}
