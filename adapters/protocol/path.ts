// Where a packet's commitment, receipt and acknowledgement are stored (ibc-go 24-host/v2/packet_keys.go).
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Packet } from "./packet.ts";
import { uint64BigEndian } from "./uint64.ts";

const path = (clientId: string, kind: number, sequence: bigint): Uint8Array =>
  concatBytes(utf8ToBytes(clientId), new Uint8Array([kind]), uint64BigEndian(sequence));

/** On the source chain, under the source client. */
export const commitmentPath = (packet: Packet): Uint8Array => path(packet.sourceClient, 1, packet.sequence);

/** On the destination chain, under the destination client. */
export const receiptPath = (packet: Packet): Uint8Array => path(packet.destinationClient, 2, packet.sequence);

/** On the destination chain, under the destination client. */
export const acknowledgementPath = (packet: Packet): Uint8Array => path(packet.destinationClient, 3, packet.sequence);
