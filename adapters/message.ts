// What is delivered to a chain: a packet, or what became of one (ICS-04 v2).
import type { Packet } from "./protocol/packet.ts";

export type Message =
  | { readonly kind: "receive"; readonly packet: Packet }
  | { readonly kind: "acknowledge"; readonly packet: Packet; readonly acknowledgements: readonly Uint8Array[] }
  | { readonly kind: "timeout"; readonly packet: Packet };
