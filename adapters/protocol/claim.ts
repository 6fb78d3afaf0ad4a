// What has to be proven about the counterparty's store before a packet may move: one claim per message.
import { acknowledgementCommitment, packetCommitment } from "./commitment.ts";
import type { Packet } from "./packet.ts";
import { acknowledgementPath, commitmentPath, receiptPath } from "./path.ts";

export type Claim =
  | { readonly kind: "membership"; readonly path: Uint8Array; readonly value: Uint8Array }
  | { readonly kind: "absence"; readonly path: Uint8Array };

/** recvPacket: the source chain committed to exactly this packet. */
export const receiveClaim = (packet: Packet): Claim => ({
  kind: "membership",
  path: commitmentPath(packet),
  value: packetCommitment(packet),
});

/** acknowledgePacket: the destination chain wrote exactly these acknowledgements. */
export const acknowledgeClaim = (packet: Packet, acknowledgements: readonly Uint8Array[]): Claim => ({
  kind: "membership",
  path: acknowledgementPath(packet),
  value: acknowledgementCommitment(acknowledgements),
});

/** timeoutPacket: the destination chain holds no receipt. The proof's timestamp must reach the packet's timeout. */
export const timeoutClaim = (packet: Packet): Claim => ({ kind: "absence", path: receiptPath(packet) });

/** The form ibc-go allows: at most a day ahead of the sending chain's clock. */
export const MAX_TIMEOUT_SECONDS = 86_400n;
