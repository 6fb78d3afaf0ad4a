// Packets between the protocol's form and the router's ABI form.
import type { Packet } from "#adapters/protocol/packet.ts";
import { fromHex, toHex } from "./rpc/hex.ts";
import type { Hex } from "./rpc/hex.ts";

export interface AbiPacket {
  readonly sequence: bigint;
  readonly sourceClient: string;
  readonly destClient: string;
  readonly timeoutTimestamp: bigint;
  readonly payloads: readonly {
    readonly sourcePort: string;
    readonly destPort: string;
    readonly version: string;
    readonly encoding: string;
    readonly value: Hex;
  }[];
}

export const toAbiPacket = (packet: Packet): AbiPacket => ({
  sequence: packet.sequence,
  sourceClient: packet.sourceClient,
  destClient: packet.destinationClient,
  timeoutTimestamp: packet.timeoutTimestamp,
  payloads: packet.payloads.map(({ sourcePort, destinationPort, version, encoding, value }) => ({
    sourcePort,
    destPort: destinationPort,
    version,
    encoding,
    value: toHex(value),
  })),
});

export const fromAbiPacket = (packet: AbiPacket): Packet => ({
  sequence: packet.sequence,
  sourceClient: packet.sourceClient,
  destinationClient: packet.destClient,
  timeoutTimestamp: packet.timeoutTimestamp,
  payloads: packet.payloads.map(({ sourcePort, destPort, version, encoding, value }) => ({
    sourcePort,
    destinationPort: destPort,
    version,
    encoding,
    value: fromHex(value),
  })),
});
