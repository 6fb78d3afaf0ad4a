// A packet that the demo sent.
import type { SentPacket as Sent } from "#sdk/send-packet.ts";
import type { DemoChain } from "./demo-chain.ts";

export interface SentPacket extends Sent {
  readonly kind: "transfer" | "message";
  readonly from: DemoChain;
  readonly to: DemoChain;
  /** Unix milliseconds at which the sending transaction was included. */
  readonly sentAt: number;
  /** What was sent, for people. */
  readonly what: string;
}
