// What happened to packets on a chain, as its adapter tells it.
import type { Packet } from "./protocol/packet.ts";

interface EventPlace {
  /** Name the packet on this chain: a packet's client id here, and its sequence. */
  readonly clientId: string;
  readonly sequence: bigint;
  readonly height: bigint;
  /** Unix seconds. */
  readonly timestamp: bigint;
  readonly transaction: string;
  readonly index: number;
}

/** Only the chain that sent a packet says what is in it. */
export type PacketEvent =
  | ({ readonly kind: "sent"; readonly packet: Packet } & EventPlace)
  | ({ readonly kind: "received" } & EventPlace)
  | ({ readonly kind: "acknowledgementWritten"; readonly acknowledgements: readonly Uint8Array[] } & EventPlace)
  | ({ readonly kind: "acknowledged" } & EventPlace)
  | ({ readonly kind: "timedOut" } & EventPlace);
