// The IBC v2 packet (ibc.core.channel.v2.Packet in ibc-go v11.2.0) and what makes one acceptable on every host.
import { isClientId } from "./client-id.ts";

export interface Payload {
  readonly sourcePort: string;
  readonly destinationPort: string;
  readonly version: string;
  readonly encoding: string;
  readonly value: Uint8Array;
}

export interface Packet {
  readonly sequence: bigint;
  readonly sourceClient: string;
  readonly destinationClient: string;
  /** Unix seconds on the destination chain's clock. */
  readonly timeoutTimestamp: bigint;
  readonly payloads: readonly Payload[];
}

const MAX_UINT64 = (1n << 64n) - 1n;

/** ibc-go `MaximumPayloadsSize`: 256 KiB over all payload values of a packet. */
export const MAX_PAYLOAD_BYTES = 262_144;

/** ibc-go port identifier validation: 2 to 128 characters from the host's identifier alphabet. */
const PORT = /^[a-zA-Z0-9._+\-#[\]<>]{2,128}$/;

/** Returns the first rule a packet breaks, in words, or undefined when every host would accept its form. */
export function packetDefect(packet: Packet): string | undefined {
  if (packet.sequence < 1n || packet.sequence > MAX_UINT64) return "sequence must be between 1 and 2^64-1";
  if (packet.timeoutTimestamp < 1n || packet.timeoutTimestamp > MAX_UINT64)
    return "timeoutTimestamp must be between 1 and 2^64-1 seconds";
  if (!isClientId(packet.sourceClient)) return "sourceClient is not a client id (name-N, 8 to 64 characters)";
  if (!isClientId(packet.destinationClient)) return "destinationClient is not a client id (name-N, 8 to 64 characters)";
  if (packet.payloads.length === 0) return "a packet carries at least one payload";
  let size = 0;
  for (const payload of packet.payloads) {
    if (!PORT.test(payload.sourcePort)) return "payload sourcePort is not a port identifier";
    if (!PORT.test(payload.destinationPort)) return "payload destinationPort is not a port identifier";
    if (payload.version.trim() === "") return "payload version is empty";
    if (payload.encoding.trim() === "") return "payload encoding is empty";
    if (payload.value.length === 0) return "payload value is empty";
    size += payload.value.length;
  }
  if (size > MAX_PAYLOAD_BYTES) return `payload values exceed ${MAX_PAYLOAD_BYTES} bytes`;
  return undefined;
}
