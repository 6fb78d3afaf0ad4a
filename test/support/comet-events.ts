// Events of IBC v2 as ibc-go writes them.
import { bytesToHex } from "@noble/hashes/utils.js";
import { encodePacket } from "#adapters/protocol/packet-codec.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { messageField } from "#adapters/protocol/protobuf.ts";
import type { EventJson } from "./comet-chain.ts";

export const makePacket = (sequence: bigint): Packet => ({
  sequence,
  sourceClient: "07-tendermint-0",
  destinationClient: "07-tendermint-9",
  timeoutTimestamp: 1_800_000_000n,
  payloads: [
    {
      sourcePort: "transfer",
      destinationPort: "transfer",
      version: "ics20-1",
      encoding: "application/x-solidity-abi",
      value: Uint8Array.of(1, 2, 3),
    },
  ],
});

/** `more`: over what the event has otherwise; an empty value takes an attribute away. */
export function eventJson(type: string, packet: Packet, more: Readonly<Record<string, string>> = {}): EventJson {
  const attributes = {
    packet_source_client: packet.sourceClient,
    packet_dest_client: packet.destinationClient,
    packet_sequence: packet.sequence.toString(),
    packet_timeout_timestamp: packet.timeoutTimestamp.toString(),
    encoded_packet_hex: bytesToHex(encodePacket(packet)),
    msg_index: "0",
    ...more,
  };
  const written = Object.entries(attributes).filter(([, value]) => value !== "");
  return { type, attributes: written.map(([key, value]) => ({ key, value })) };
}

export const acknowledgementHex = (...acknowledgements: readonly Uint8Array[]): string =>
  acknowledgements.map((one) => bytesToHex(messageField(1, one))).join("");
